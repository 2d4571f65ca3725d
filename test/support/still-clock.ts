import type { Clock } from '../../src/app/ports/ports.ts';
import { instantOf, plusMs } from '../../src/core/values/time.ts';

/** A clock on which sleeping takes no time; `slept` lists the waits in milliseconds. */
export interface StillClock extends Clock {
  readonly slept: readonly number[];
}

/** Starts at a round moment and moves only by sleeping. */
export function stillClock(): StillClock {
  let moment = instantOf(1_800_000_000_000);
  const slept: number[] = [];
  return {
    slept,
    now: () => moment,
    sleep(milliseconds) {
      slept.push(milliseconds);
      moment = plusMs(moment, milliseconds);
      return Promise.resolve();
    },
  };
}
