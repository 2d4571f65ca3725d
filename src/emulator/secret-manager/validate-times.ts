import { ApiError } from '../wire/api-error.ts';
import { MICROS_PER_SECOND, type Micros } from '../wire/rest/micros.ts';
import type { Rotation } from './resource.ts';

const HOUR_SECONDS = 3600;
/** About 100 years. */
const FAR_HOURS = 876_000;

/** When a secret expires: one minute to 876,000 hours from now. */
export function requireExpiry(expireAt: Micros, now: Micros): void {
  const ahead = (expireAt - now) / MICROS_PER_SECOND;
  if (ahead < 60) throw invalid('Expiration time must be at least [1m] in the future.');
  if (ahead > FAR_HOURS * HOUR_SECONDS) throw invalid('Expiration time cannot be more than [876000h] from now.');
}

/** How long a destroyed version stays recoverable: one to 1,000 days. */
export function requireDestroyDelay(seconds: number): void {
  if (seconds < 24 * HOUR_SECONDS) throw invalid('Version destroy TTL must be at least [24h].');
  if (seconds > 24_000 * HOUR_SECONDS) throw invalid('Version destroy TTL cannot be more than [24000h].');
}

/** The next firing, five minutes to 876,000 hours from now. Asked only of a time that is being set. */
export function requireNextRotation(nextAt: Micros, now: Micros): void {
  const ahead = (nextAt - now) / MICROS_PER_SECOND;
  if (ahead < 300) throw invalid('Next rotation time must be at least [5m] in the future.');
  if (ahead > FAR_HOURS * HOUR_SECONDS) throw invalid('Next rotation time cannot be more than [876000h] from now.');
}

/**
 * Puts a schedule together; nothing set is no schedule. What production says to a period over the documented 100
 * years is not settled.
 */
export function rotationOf(nextAt: Micros | undefined, periodSeconds: number | undefined): Rotation | undefined {
  if (periodSeconds !== undefined) {
    if (periodSeconds < HOUR_SECONDS) throw invalid('Rotation period cannot be shorter than [1h].');
    if (periodSeconds > FAR_HOURS * HOUR_SECONDS) throw invalid('Rotation period cannot be longer than [876000h].');
    if (nextAt === undefined)
      throw new ApiError('FAILED_PRECONDITION', 'Next rotation time must be set while the rotation period is set.');
    return { nextAt, periodSeconds };
  }
  return nextAt === undefined ? undefined : { nextAt };
}

/** A schedule without a topic would tell nobody. */
export function requireTopicForRotation(rotation: Rotation | undefined, topics: readonly string[]): void {
  if (rotation !== undefined && topics.length === 0)
    throw invalid('There must be at least one topic configured when a Rotation policy is set.');
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
