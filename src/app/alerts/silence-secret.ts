import { changeOf } from '../../core/record/secret-record.ts';
import { silenceAt, silenceProblem, type Silence } from '../../core/record/silence.ts';
import type { Clock, SecretName, Vault } from '../ports/ports.ts';

/** What became of a silence, or with a dry run would. `none`: there was none to end. */
export type SilenceOutcome =
  { readonly outcome: 'silent' | 'ended' | 'none' } | { readonly outcome: 'refused'; readonly why: string };

/**
 * Keeps channels quiet about a secret until a moment, or ends that with `undefined`: its end is written, so that the next
 * check knows that what was announced meanwhile was not heard. What the pipeline would not take for a silence is refused. Rejects with `Fault`, `stale` when somebody wrote the secret meanwhile.
 */
export async function silenceSecret(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  secret: SecretName,
  silence: Silence | undefined,
  dryRun: boolean,
): Promise<SilenceOutcome> {
  const why = silence === undefined ? undefined : silenceProblem(silence, clock.now());
  if (why !== undefined) return { outcome: 'refused', why };
  const sighting = await vault.look(secret);
  const now = clock.now();
  const before = silenceAt(sighting.record.silence, now);
  if (silence === undefined && (before.is === 'none' || before.is === 'over')) return { outcome: 'none' };
  const cut = before.is === 'silent' ? { ...before.silence, until: now } : null;
  const annotations = changeOf(sighting.record, { silence: silence ?? cut });
  if (!dryRun) await vault.commit(sighting, { annotations });
  return { outcome: silence === undefined ? 'ended' : 'silent' };
}
