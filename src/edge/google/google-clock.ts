import type { Clock, Log } from '../../app/ports/ports.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { googleTime, timeIn } from './time.ts';

/** How far ahead of Google's our clock is, as answers tell that come in anyway, or else one that is asked for. */
export interface GoogleClock {
  /** Takes the `Date` of an answer that came just now. */
  heard(date: string | readonly string[] | undefined): void;
  /** In milliseconds; `undefined`, and said once, where nobody tells the time. */
  aheadMs(): Promise<number | undefined>;
}

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  /** Where to ask when nothing was heard lately. */
  readonly url?: string | undefined;
}

/** What was heard is good for so long: a clock that jumps is seen within that time. */
const FRESH_MS = 5 * 60_000;

/** Keeps the last word of Google's on the time, for one process. */
export function googleClock({ clock, log, url }: Parts): GoogleClock {
  let last: { readonly aheadMs: number; readonly at: Instant } | undefined;
  let isSaid = false;
  const learn = (theirs: Instant | undefined): void => {
    const at = clock.now();
    if (theirs !== undefined) last = { aheadMs: elapsedMs(theirs, at), at };
  };
  const isFresh = (): boolean => last !== undefined && Math.abs(elapsedMs(last.at, clock.now())) < FRESH_MS;
  return {
    heard: (date) => learn(timeIn(date)),
    async aheadMs() {
      if (!isFresh()) learn(await googleTime(url));
      if (isFresh()) return last?.aheadMs;
      if (!isSaid) log.write('WARNING', 'Google’s time is not known, so this worker’s clock was not compared with it');
      isSaid = true;
      return undefined;
    },
  };
}
