import type { Clock } from '../../app/ports/ports.ts';
import { Fault } from '../../app/ports/fault.ts';
import { elapsedMs } from '../../core/values/time.ts';

/** How often and how long a call is repeated. */
export interface RetryPlan {
  /** Attempts in all, the first included. */
  readonly attemptsMax: number;
  /** The wait before the second attempt is random between 0 and this; the span doubles with every further one. */
  readonly waitMs: number;
  readonly waitMsMax: number;
  /** No attempt begins later than this after the first: for a write whose lease ends. Unlimited without it. */
  readonly withinMs?: number | undefined;
}

/** What a retry needs of the world; `random` gives 0 ≤ x < 1, and spreads workers that failed together. */
export interface Patience {
  readonly clock: Clock;
  readonly random: () => number;
  readonly plan: RetryPlan;
}

/**
 * Repeats a call that is safe to repeat while it fails with trouble that passes. `attempt` gets its number, from 1: on a
 * later one an earlier may have landed without its answer. Rejects with the last fault.
 */
export async function repeatedly<T>(patience: Patience, attempt: (number: number) => Promise<T>): Promise<T> {
  const { clock, random, plan } = patience;
  const begun = clock.now();
  for (let number = 1; ; number += 1) {
    const waitMs = Math.floor(random() * Math.min(plan.waitMsMax, plan.waitMs * 2 ** (number - 1)));
    try {
      return await attempt(number);
    } catch (error) {
      const late = elapsedMs(begun, clock.now()) + waitMs > (plan.withinMs ?? Infinity);
      if (late || number >= plan.attemptsMax || !passes(error)) throw error;
    }
    await clock.sleep(waitMs);
  }
}

/**
 * Repeats a write under an etag. When an attempt landed and only its answer was lost, the next one meets the new etag and
 * is refused as `stale`: then what is there is compared with what was wanted before the write is called lost.
 */
export function repeatedlyUnderEtag<T>(
  patience: Patience,
  attempt: () => Promise<T>,
  look: () => Promise<T>,
  isWanted: (found: T) => boolean,
): Promise<T> {
  return repeatedly(patience, async (number) => {
    try {
      return await attempt();
    } catch (error) {
      if (number === 1 || !(error instanceof Fault) || error.code !== 'stale') throw error;
      const found = await look();
      if (!isWanted(found)) throw error;
      return found;
    }
  });
}

function passes(error: unknown): boolean {
  return (
    error instanceof Fault && (error.code === 'unavailable' || error.code === 'timeout' || error.code === 'limited')
  );
}
