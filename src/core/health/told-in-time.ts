import type { Episode } from '../record/health-state.ts';
import { HOUR_MS, MINUTE_MS, elapsedSeconds, instantOf, plusMs, type Instant } from '../values/time.ts';
import type { Depth } from './finding.ts';

/** How often a key is looked at, and how often so deeply that a token is spent. */
export interface LookEvery {
  readonly runEveryMinutes: number;
  readonly deepEveryHours: number;
}

/** How long trouble of a key took to be told, counted from the last look that can have found the key good. */
export interface Detection {
  readonly depth: 'shallow' | 'deep';
  readonly seconds: number;
  /** What is promised: the next look, one more that confirms it, and five minutes for the run itself; deep, the hours between deep looks as well. */
  readonly secondsMax: number;
  readonly late: boolean;
}

const RUN_MINUTES_MAX = 5;

/**
 * A good look writes nothing, so the one before the first sign of trouble is taken to have been good; that it took place is what other
 * alarms are for. Trouble is deep where the answer that shows it was that of a deep probe.
 */
export function detectionOf(
  { openedAt, lastGoodAt }: Pick<Episode, 'openedAt' | 'lastGoodAt'>,
  depth: Depth,
  { runEveryMinutes, deepEveryHours }: LookEvery,
  now: Instant,
): Detection {
  const isDeep = depth === 'deep';
  const between = isDeep ? deepEveryHours * HOUR_MS : runEveryMinutes * MINUTE_MS;
  const from = instantOf(Math.max(plusMs(openedAt, -between), lastGoodAt ?? 0));
  const seconds = elapsedSeconds(from, now);
  const secondsMax = (2 * runEveryMinutes + RUN_MINUTES_MAX) * 60 + (isDeep ? deepEveryHours * 3600 : 0);
  return { depth: isDeep ? 'deep' : 'shallow', seconds, secondsMax, late: seconds > secondsMax };
}
