import type { SilenceNotice } from '../../core/alerts/notices/secret-notices.ts';
import { END_SILENCE } from '../../core/causes/commands.ts';
import { valuesOfSecret } from '../../core/causes/names.ts';
import { nextOf } from '../../core/causes/next-step.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Actor } from '../../core/record/actor.ts';
import { changeOf } from '../../core/record/secret-record.ts';
import { silenceAt, silenceProblem, spoken, type Silence } from '../../core/record/silence.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretName, SecretSighting, Vault } from '../ports/ports.ts';

/** What became of a silence, or with a dry run would. `none`: there was none to end. */
export type SilenceOutcome = { readonly outcome: 'silent' | 'ended' | 'none' } | SilenceRefusal;

/** Why nothing was done; `unset` where only a setting makes it possible. */
export interface SilenceRefusal {
  readonly outcome: 'refused';
  readonly why: string;
  readonly unset?: true;
}

/** What was not done, and why, to whoever asked. */
export function notDoneText({ why }: SilenceRefusal, isEnd: boolean): string {
  return `${isEnd ? 'none was ended' : 'no silence was set'}: ${why}`;
}

/** What somebody asks for: a silence, or with `undefined` the end of the one that there is. */
export interface SilenceWish {
  readonly silence: Omit<Silence, 'by'> | undefined;
  readonly by: Actor;
}

/**
 * Keeps channels quiet about a secret until a moment, or ends that: its end is written, so that the next check knows that what
 * was announced meanwhile was not heard. Both are told once they are so. What the pipeline would not take for a silence is refused.
 * A secret that was looked at already is not looked at again. Rejects with `Fault`, `stale` when somebody wrote the secret meanwhile; where telling failed, it says that the silence stands.
 */
export async function silenceSecret(
  { vault, clock, announcer }: { readonly vault: Vault; readonly clock: Clock; readonly announcer: Announcer },
  secret: SecretName | SecretSighting,
  { silence, by }: SilenceWish,
  dryRun: boolean,
): Promise<SilenceOutcome> {
  const wanted: Silence | undefined = silence === undefined ? undefined : { ...spoken(silence), by };
  const why = wanted === undefined ? undefined : silenceProblem(wanted, clock.now());
  if (why !== undefined) return { outcome: 'refused', why };
  const sighting = typeof secret === 'string' ? await vault.look(secret) : secret;
  const now = clock.now();
  const before = silenceAt(sighting.record.silence, now);
  if (wanted === undefined && (before.is === 'none' || before.is === 'over')) return { outcome: 'none' };
  const cut = before.is === 'silent' ? { ...before.silence, until: now, by } : null;
  const outcome = wanted === undefined ? 'ended' : 'silent';
  if (dryRun) return { outcome };
  await vault.commit(sighting, { annotations: changeOf(sighting.record, { silence: wanted ?? cut }) });
  const told = wanted ?? (before.is === 'silent' ? before.silence : undefined);
  if (told === undefined) return { outcome };
  const telling = await attempt(() => announcer.announce(silenceNotice(sighting.name, told, { by, at: now, outcome })));
  if (!(telling instanceof Fault)) return { outcome };
  const done = outcome === 'silent' ? 'is silenced' : 'is heard again';
  throw new Fault(telling.code, `${sighting.name} ${done}, and nobody could be told of it: ${telling.message}`);
}

function silenceNotice(
  secret: SecretName,
  { owner, reason, until }: Silence,
  { by, at, outcome }: { readonly by: Actor; readonly at: Instant; readonly outcome: 'silent' | 'ended' },
): SilenceNotice {
  const about = { secret, project: projectIn(secret), owner, reason, until, by, at };
  if (outcome === 'ended') return { type: 'silence.ended', ...about };
  return {
    type: 'silence.set',
    ...about,
    ...nextOf(
      { do: 'Nothing, if you know of it. If nobody of you wanted it, end it', command: END_SILENCE },
      valuesOfSecret(secret),
    ),
  };
}
