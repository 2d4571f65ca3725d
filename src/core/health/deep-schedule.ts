import { elapsedMs, HOUR_MS, MINUTE_MS, plusMs, type Instant } from '../values/time.ts';
import { stableHash } from '../values/stable-shuffle.ts';

/**
 * Whether this run should spend a token on a secret. Decided from the clock alone, so that a healthy check writes
 * nothing: each secret has its own moment in every period, and a run is due when that moment lies in the stretch since
 * the run before. The stretch is taken half again as long, because a scheduler that is late must not skip a period.
 */
export function deepIsDue(secret: string, everyHours: number, runEveryMinutes: number, now: Instant): boolean {
  const reach = runEveryMinutes * MINUTE_MS * 1.5;
  return elapsedMs(ownMomentOf(secret, everyHours, now), now) < reach;
}

/** The last moment in a period that was a name’s own: however late a run is, two in a row tell the same stretch of time from the next. */
export function ownMomentOf(name: string, everyHours: number, now: Instant): Instant {
  const period = everyHours * HOUR_MS;
  return plusMs(now, -((now - ((stableHash(name) * 1000) % period)) % period));
}

/** A check that runs at least every hour makes its deep probe within this time of the secret's own moment. */
const REACH_MS = 90 * MINUTE_MS;
/** Two runs may find themselves due, and each asks up to three models. */
const REQUESTS_MAX = 6;

/** How many of our own requests may be in a count of the hour that ends then: what is left of it is use by others. */
export function deepRequestsMax(secret: string, everyHours: number, hourEndsAt: Instant): number {
  const period = everyHours * HOUR_MS;
  const sinceOwnMoment = (hourEndsAt - ((stableHash(secret) * 1000) % period)) % period;
  return sinceOwnMoment < REACH_MS + HOUR_MS ? REQUESTS_MAX : 0;
}
