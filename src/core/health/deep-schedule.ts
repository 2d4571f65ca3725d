import { HOUR_MS, MINUTE_MS, type Instant } from '../values/time.ts';
import { stableHash } from '../values/stable-shuffle.ts';

/**
 * Whether this run should spend a token on a secret. Decided from the clock alone, so that a healthy check writes
 * nothing: each secret has its own moment in every period, and a run is due when that moment lies in the stretch since
 * the run before. The stretch is taken half again as long, because a scheduler that is late must not skip a period.
 */
export function deepIsDue(secret: string, everyHours: number, runEveryMinutes: number, now: Instant): boolean {
  const period = everyHours * HOUR_MS;
  const reach = runEveryMinutes * MINUTE_MS * 1.5;
  const sinceOwnMoment = (now - ((stableHash(secret) * 1000) % period)) % period;
  return sinceOwnMoment < reach;
}
