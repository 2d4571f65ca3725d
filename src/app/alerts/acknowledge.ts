import {
  acknowledgerOf,
  isOfClosedEpisode,
  secretOfIncident,
  wishOf,
  type Acknowledgement,
} from '../../core/alerts/acknowledgement.ts';
import { secretNameOf, type SecretId } from '../../core/google/resource-names.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretName, SecretScope, SecretSighting, Vault } from '../ports/ports.ts';
import { silenceSecret, type SilenceOutcome } from './silence-secret.ts';

/** What became of an acknowledgement: what it did to the silence of a secret, or why nothing. */
export type AcknowledgeOutcome =
  | { readonly outcome: 'ignored'; readonly why: string }
  | { readonly outcome: 'heard'; readonly secret: SecretName; readonly silence: SilenceOutcome['outcome'] };

/**
 * Silences the secret of an incident that somebody acknowledged elsewhere, as `key-warden silence` would for so many hours, and ends
 * that silence again. A person's own silence stands. Rejects with `Fault`, for whoever sent it to send it again.
 */
export async function acknowledge(
  ports: { readonly vault: Vault; readonly clock: Clock; readonly announcer: Announcer },
  { scopes, hours }: { readonly scopes: readonly SecretScope[]; readonly hours: number },
  heard: Acknowledgement,
): Promise<AcknowledgeOutcome> {
  const id = secretOfIncident(heard.key);
  if (id === undefined) return { outcome: 'ignored', why: 'its incident is not about a secret of ours' };
  const sighting = await seen(ports.vault, scopes, id);
  if (sighting === undefined)
    return { outcome: 'ignored', why: 'its incident is about no secret that is looked after here' };
  if (isOfClosedEpisode(heard.key, secretNameOf(id), sighting.record))
    return { outcome: 'ignored', why: 'its incident is over here' };
  const wish = wishOf(heard, hours, sighting.record, ports.clock.now());
  if ('ignored' in wish) return { outcome: 'ignored', why: wish.ignored };
  const by = { who: acknowledgerOf(heard), is: 'claimed' } as const;
  const done = await silenceSecret(ports, sighting, { silence: wish.silence, by }, false);
  return { outcome: 'heard', secret: sighting.name, silence: done.outcome };
}

/**
 * A managed secret by the name that an incident has it under, mostly with its project's number. It is asked for in the settings' own projects
 * alone, and in most of them it is not, or nobody may look there (I16).
 */
async function seen(vault: Vault, scopes: readonly SecretScope[], id: SecretId): Promise<SecretSighting | undefined> {
  for (const { project } of scopes.filter(({ location }) => location === id.location)) {
    const sighting = await attempt(() => vault.look(secretNameOf({ ...id, project })));
    if (sighting instanceof Fault) {
      if (!ELSEWHERE.includes(sighting.code)) throw sighting;
    } else if (id.project === project || sighting.name === secretNameOf(id))
      return sighting.labels[MANAGED_LABEL.key] === MANAGED_LABEL.value ? sighting : undefined;
  }
  return undefined;
}

const ELSEWHERE: readonly Fault['code'][] = ['not_found', 'denied'];
