import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../app/ports/ports.ts';
import { instantOf } from '../../core/values/time.ts';

/** The machine's time. Everything else takes its `Clock` as an argument, so that tests need not wait. */
export const systemClock: Clock = {
  now: () => instantOf(Date.now()),
  sleep: async (milliseconds) => {
    await delay(milliseconds);
  },
};
