import { DAY_MS, HOUR_MS, elapsedMs, plusMs, type Instant } from '../values/time.ts';
import type { PastUse } from './past-use.ts';

/** How an hour of a key compares with the key's own past, with the figures that say why. Unknown is never usual. */
export type UseVerdict =
  | { readonly is: 'unknown'; readonly why: string }
  | {
      readonly is: 'usual' | 'abnormal';
      readonly requests: number;
      /** What such an hour usually has. */
      readonly usual: number;
      /** Up to here it would pass for usual. */
      readonly most: number;
    };

/** So many requests an hour beyond what is usual are never told: three a day that become nine are nobody's alarm. */
export const EXCESS_MIN = 60;
/** A key that is younger has no past to be judged by. */
const AGE_DAYS_MIN = 7;

/** So many times the usual use is high. */
const TIMES_MIN = 3;
/** What lies so many times the usual spread above the middle is high. */
const SPREADS_MIN = 6;
/** What is more than this over the busiest such hour of the last week is high: use that grows is its own measure. */
const OVER_BUSIEST = 1.5;
/** One hour alone is abnormal when it is so many times what would pass; less must last for two. */
const ALONE_TIMES = 3;
/** A key with so many high hours in a week goes by no rhythm, and is judged by its busiest hours. */
const IRREGULAR_HOURS = 2;
/** The median absolute deviation of a normal distribution, as its standard deviation. */
const MAD_TO_SPREAD = 1.4826;
const LATELY_DAYS = 7;
const WEEKS = 4;
/** Fewer counted hours than these say nothing: half of a week's, and half of four weeks' same hours. */
const LATELY_HOURS_MIN = 11;
const WEEKLY_HOURS_MIN = 6;

/**
 * Judges a complete hour by the same hour of the week, and the hours beside it, in four weeks, or of the last seven days where there are
 * no four weeks yet. By the middle of them and their usual spread, so that neither one spike nor one gap moves what is usual.
 */
export function judgeUse(past: PastUse, hour: Instant): UseVerdict {
  const requests = past.requestsIn(hour);
  if (hour > past.until) return { is: 'unknown', why: 'the hour is not counted to its end yet' };
  if (requests === undefined) return { is: 'unknown', why: 'nothing was counted of any key in that hour' };
  const levels = levelsAt(past, hour);
  if ('why' in levels) return { is: 'unknown', why: levels.why };
  const most = requests > levels.most ? mostAt(past, hour, levels) : levels.most;
  const figures = { requests, usual: levels.usual, most };
  if (requests > most * ALONE_TIMES) return { is: 'abnormal', ...figures };
  const lasts = requests > most && isOver(past, plusMs(hour, -HOUR_MS), most);
  return { is: lasts ? 'abnormal' : 'usual', ...figures };
}

/** The hour before counts by what would pass now, which is about what would have passed then. */
function isOver(past: PastUse, hour: Instant, most: number): boolean {
  return countedIn(past, hour) > most;
}

interface Levels {
  readonly usual: number;
  readonly most: number;
}

function levelsAt(past: PastUse, hour: Instant): Levels | { readonly why: string } {
  if (elapsedMs(past.seenSince, hour) < AGE_DAYS_MIN * DAY_MS)
    return { why: `the key is counted for less than ${AGE_DAYS_MIN} days` };
  const lately = around(past, hour, 1, LATELY_DAYS);
  if (lately.length < LATELY_HOURS_MIN) return { why: 'too few hours of the last week were counted' };
  const weekly = around(past, hour, LATELY_DAYS, WEEKS);
  const like = weekly.length < WEEKLY_HOURS_MIN ? lately : weekly;
  const usual = medianOf(like);
  const spread = MAD_TO_SPREAD * medianOf(like.map((requests) => Math.abs(requests - usual)));
  const busiest = secondOf(lately);
  const most = Math.max(usual + EXCESS_MIN, usual * TIMES_MIN, usual + spread * SPREADS_MIN, busiest * OVER_BUSIEST);
  return { usual, most };
}

/** A key whose last week was often unlike its past is held to its busiest hours of four weeks. */
function mostAt(past: PastUse, hour: Instant, { most }: Levels): number {
  const before = plusMs(hour, -DAY_MS);
  const week = hoursBefore(before, LATELY_DAYS);
  const high = week.filter((earlier) => isHigh(past, earlier));
  if (high.length < IRREGULAR_HOURS) return most;
  const all = hoursBefore(before, LATELY_DAYS * WEEKS).map((earlier) => countedIn(past, earlier));
  return Math.max(most, secondOf(all) * OVER_BUSIEST);
}

function isHigh(past: PastUse, hour: Instant): boolean {
  const levels = levelsAt(past, hour);
  return 'most' in levels && countedIn(past, hour) > levels.most;
}

/** What is not counted makes nothing high. */
function countedIn(past: PastUse, hour: Instant): number {
  return past.requestsIn(hour) ?? 0;
}

/** The same hour and those beside it, some times so many days ago, as far as they were counted while the key was known. */
function around(past: PastUse, hour: Instant, everyDays: number, times: number): readonly number[] {
  return Array.from({ length: times }, (_, at) => plusMs(hour, -(at + 1) * everyDays * DAY_MS)).flatMap((same) =>
    [-HOUR_MS, 0, HOUR_MS]
      .map((beside) => plusMs(same, beside))
      .filter((earlier) => earlier >= past.seenSince)
      .flatMap((earlier) => past.requestsIn(earlier) ?? []),
  );
}

function hoursBefore(end: Instant, days: number): readonly Instant[] {
  return Array.from({ length: days * 24 }, (_, at) => plusMs(end, -at * HOUR_MS));
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, number) => sum + number, 0) / middle.length;
}

/** The greatest but one: a single spike is no measure of what is usual. */
function secondOf(numbers: readonly number[]): number {
  return Math.max(0, ...numbers.toSorted((a, b) => b - a).slice(1, 2));
}

/** An hour in which a key began to be used as it was not before. */
export interface UnusualUse {
  /** The end of the hour that was judged: the same however often, and from wherever, it is judged. */
  readonly hour: Instant;
  readonly requests: number;
  readonly usual: number;
  readonly most: number;
}

/** What comes again within this time belongs to what was told. */
const QUIET_HOURS = 24;

/** Where abnormal use begins in one of these hours, after a day without; `undefined` where it does not. */
export function unusualUseIn(past: PastUse, hours: readonly Instant[]): UnusualUse | undefined {
  for (const hour of hours) {
    const verdict = judgeUse(past, hour);
    if (verdict.is !== 'abnormal') continue;
    const day = Array.from({ length: QUIET_HOURS }, (_, at) => plusMs(hour, -(at + 1) * HOUR_MS));
    if (day.some((earlier) => judgeUse(past, earlier).is === 'abnormal')) continue;
    const { requests, usual, most } = verdict;
    return { hour, requests, usual: Math.round(usual), most: Math.round(most) };
  }
  return undefined;
}
