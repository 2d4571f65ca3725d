import type { OwnRequests, UsedHour } from '../rotation/rhythm.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, elapsedMs, instantOf, plusMs, type Instant } from '../values/time.ts';

/** How one key was used, by whole hours of UTC. */
export interface KeyUse {
  /** Hours with requests; lists of models are left out, because they are no use of a key. */
  readonly hours: readonly UsedHour[];
  /** End of the first hour in which the key was counted at all. */
  readonly seenSince: Instant;
}

/** What a key's use is judged by. */
export interface PastUse {
  readonly seenSince: Instant;
  /** Up to here points are complete. */
  readonly until: Instant;
  /** Requests in the hour that ends then. `undefined` for one in which nothing was counted of any key: a gap is never taken for zero. */
  requestsIn(hourEndsAt: Instant): number | undefined;
}

/** `counted` are the hours in which any key of the project was counted; what may be requests of our own is taken off. */
export function pastUseOf(
  { hours, seenSince }: KeyUse,
  { counted, until }: { readonly counted: ReadonlySet<Instant>; readonly until: Instant },
  own: OwnRequests = () => 0,
): PastUse {
  const used = new Map(hours.map(({ endsAt, requests }) => [endsAt, Math.max(0, requests - own(endsAt))]));
  return {
    seenSince,
    until,
    requestsIn: (hourEndsAt) => used.get(hourEndsAt) ?? (counted.has(hourEndsAt) ? 0 : undefined),
  };
}

/** Monitoring's points may be half an hour late: a younger hour is never judged. */
const METER_LAG_MS = 31 * MINUTE_MS;

/** The end of the newest hour whose points are complete. */
export function completeUntil(now: Instant): Instant {
  return instantOf(Math.floor((now - METER_LAG_MS) / HOUR_MS) * HOUR_MS);
}

/** Four weeks show a weekly rhythm; the hours of nine days more are judged by four weeks of their own. Monitoring keeps six. */
const PAST_DAYS = 28;
const JUDGED_DAYS = 9;

/** From when on the use of a key is asked for, to judge hours up to `until`. */
export function useAskedFrom(until: Instant): Instant {
  return plusMs(until, -(PAST_DAYS + JUDGED_DAYS) * DAY_MS);
}

/** After a silence of the worker no older hours are judged: a day. */
const HOURS_MAX = 24;

/**
 * The hours that a look judges: all that were completed since the last look of this instance. One that has just begun judges those that
 * were completed since the run before it, so that runs that each have a process of their own judge every hour, and nearly always once.
 */
export function hoursToJudge(
  lookedUntil: Instant | undefined,
  runEveryMinutes: number,
  now: Instant,
): readonly Instant[] {
  const until = completeUntil(now);
  const from = lookedUntil ?? completeUntil(plusMs(now, -runEveryMinutes * MINUTE_MS * 1.5));
  const count = Math.min(HOURS_MAX, Math.round(elapsedMs(from, until) / HOUR_MS));
  return Array.from({ length: Math.max(0, count) }, (_, at) => plusMs(until, (at + 1 - count) * HOUR_MS));
}
