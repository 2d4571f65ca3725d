import type { Cause } from '../causes/causes.ts';

/** What ends without anybody's doing: Google, or the way to it, is out of order, or asks for a slower pace. */
const BAD_WEATHER: readonly Cause[] = [
  'overloaded',
  'server_error',
  'timeout',
  'network',
  'store_unavailable',
  'rate_limited',
];

/** Whether an answer about a key tells of bad weather alone, so that to wait is all that there is to do. */
export function isBadWeather(cause: Cause): boolean {
  return BAD_WEATHER.includes(cause);
}
