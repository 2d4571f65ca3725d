import { plusMs, type Instant } from '../../core/values/time.ts';
import type { Clock } from '../ports/ports.ts';

/** A clock that a rehearsal moves over the waits, which it does not wait for. */
export interface JumpingClock extends Clock {
  jumpTo(moment: Instant): void;
}

/** The real clock and how far the rehearsal is ahead of it; a pause is a jump. */
export function jumpingClock(real: Clock): JumpingClock {
  let aheadMs = 0;
  const now = (): Instant => plusMs(real.now(), aheadMs);
  return {
    now,
    sleep(milliseconds) {
      aheadMs += milliseconds;
      return Promise.resolve();
    },
    jumpTo(moment) {
      aheadMs += Math.max(0, moment - now());
    },
  };
}
