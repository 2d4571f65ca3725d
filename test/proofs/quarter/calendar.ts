import { instantOf, type Instant } from '../../../src/core/values/time.ts';
import { DAY_MS } from './fleet.ts';

export const DAYS = 91;
export const START = instantOf(Date.parse('2027-01-01T00:00:00Z'));

/** The first week of the quarter is 0. */
export function weekOf(at: Instant): number {
  return Math.floor((at - START) / (7 * DAY_MS));
}
