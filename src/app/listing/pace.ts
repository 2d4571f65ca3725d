import { MINUTE_MS, elapsedMs, type Instant } from '../../core/values/time.ts';
import type { Clock, Leaving } from '../ports/ports.ts';

/**
 * Secrets that one run drives or purges in a minute. Secret Manager gives a project 600 reads and 600 writes a minute, the
 * API Keys API 240 and 120; a step of a rotation takes up to 6 of each of the former, 5 and 1 of the latter, and in bad
 * hours calls are repeated.
 */
export const SECRETS_A_MINUTE = 40;

/**
 * Secrets whose versions are listed in a minute where all of a fleet is looked through: one of the 600 reads each, so that
 * checks and rotations find room beside it.
 */
export const LISTS_A_MINUTE = 400;

/**
 * Keys that are read at their issuer in a minute where all of a project are looked through: half of the 240 reads of the API Keys
 * API, so that rotations find room beside it.
 */
export const KEY_READS_A_MINUTE = 120;

/** Why a run with a budget did not look at something. */
export const NO_TIME = 'no time was left for it in this run';

/** Asked before each secret: whether the run has time left for one more, in a process that nobody asked to end. */
export function budgetOf(
  { clock, leaving }: { readonly clock: Clock; readonly leaving?: Leaving | undefined },
  seconds: number,
): () => boolean {
  const startedAt = clock.now();
  return () => elapsedMs(startedAt, clock.now()) < seconds * 1000 && leaving?.() !== true;
}

/** For how long a run that waits for its pace may begin new looks: the last of them may wait a minute, and the run has to end in time. */
export function lookingSeconds(budgetSeconds: number): number {
  return Math.max(budgetSeconds - MINUTE_MS / 1000, budgetSeconds / 2);
}

/** Asked before each piece of work: resolves once no more than `most` were begun in the last minute. */
export function paceOf(clock: Clock, most: number): () => Promise<void> {
  const begun: Instant[] = [];
  return async () => {
    for (;;) {
      const now = clock.now();
      while (begun[0] !== undefined && elapsedMs(begun[0], now) >= MINUTE_MS) begun.shift();
      const [first] = begun;
      if (first === undefined || begun.length < most) break;
      await clock.sleep(MINUTE_MS - elapsedMs(first, now));
    }
    begun.push(clock.now());
  };
}
