import { AHEAD_MS_MAX } from '../values/time.ts';

/** Where somebody set a clock right, the next look is not long in coming. */
export const CLOCK_AGAIN_MS = 10 * 60_000;

/**
 * Why nothing that only time allows is done now, which is to end a drain, to delete, to destroy and to replace a key for its age:
 * our clock and Google's disagree. Checks, alerts, emergencies and going back go on. `undefined` where they agree, and where
 * no answer of Google told.
 */
export function clockTrouble(aheadMs: number | undefined): string | undefined {
  if (aheadMs === undefined || Math.abs(aheadMs) <= AHEAD_MS_MAX) return undefined;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return `this worker’s clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Google’s, so nothing is done that only time allows: set it right, or have the instance replaced`;
}
