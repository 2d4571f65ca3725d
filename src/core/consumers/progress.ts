import { elapsedMs, MINUTE_MS, type Instant } from '../values/time.ts';
import type { Consumer } from './consumer.ts';
import { markIn } from './mark.ts';
import type { Move } from './move.ts';

/** A consumer as it must be known to make a new revision of it, from one look at it alone. */
export interface Deployment {
  /** What its template says of ours, and what the consumer itself does. */
  readonly reached: string | undefined;
  readonly undone: string | undefined;
  /** `ready`: its newest revision is, and has all the traffic. */
  readonly state: 'ready' | 'underway' | 'failed';
  /** Why it failed, in Google's words. */
  readonly why?: string | undefined;
  readonly changedAt: Instant;
}

/**
 * How far a move has come to a consumer that is to be brought along. `failed`: the revision that was made for it does not come up, and its
 * template goes back; `undone`: that was done. `broken`: it was not ready before.
 */
export type Progress =
  { readonly is: 'on' | 'due' | 'underway' } | { readonly is: 'failed' | 'undone' | 'broken'; readonly why: string };

/** Google gives up on a revision by itself, most often within minutes; what it does not end in this time has failed. */
const READY_MS_MAX = 15 * MINUTE_MS;

/** Clocks differ: what was started so soon after a move may have read the version before it. */
const SURE_MS = 5 * MINUTE_MS;

/** Reads it off the consumer: its marks, whether it is ready, and since when what serves runs. */
export function progressOf(
  { running }: Pick<Consumer, 'running'>,
  deployment: Deployment,
  move: Pick<Move, 'secret' | 'mark' | 'at' | 'back'>,
  now: Instant,
): Progress {
  const { reached, undone, state, why = 'it is not ready', changedAt } = deployment;
  const isLate = state === 'underway' && elapsedMs(changedAt, now) >= READY_MS_MAX;
  const said = markIn(reached, move.secret);
  if (said === move.mark) {
    if (state === 'ready') return { is: 'on' };
    return state === 'failed' || isLate ? { is: 'failed', why } : { is: 'underway' };
  }
  if (isStartedSince(running, move.at)) return { is: 'on' };
  if (markIn(undone, move.secret) === move.mark) return { is: 'undone', why: 'its new revision did not come up' };
  const hasFailed = state === 'failed' || isLate;
  // A revision of ours, made for the way there or taken back on it: the one for the way back takes its place.
  const isOurs = move.back !== undefined && [said, markIn(undone, move.secret)].includes(move.back.from);
  if (hasFailed && isOurs) return { is: 'due' };
  if (hasFailed) return { is: 'broken', why: `its last deployment did not come up (${why}): mend it first` };
  return state === 'ready' ? { is: 'due' } : { is: 'underway' };
}

/** Whether all that serves was surely started after a move, by whomever: it has read what the move led to. */
export function isStartedSince(running: Consumer['running'], movedAt: Instant): boolean {
  const serving = running.filter(({ share }) => share > 0);
  const isSince = ({ since }: { readonly since?: Instant | undefined }) =>
    since !== undefined && elapsedMs(movedAt, since) >= SURE_MS;
  return serving.length > 0 && serving.every(isSince);
}
