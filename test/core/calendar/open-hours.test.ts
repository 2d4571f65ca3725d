import { expect, test } from '@jest/globals';
import { calendarReader } from '../../../src/core/calendar/calendar-reader.ts';
import { openHoursIn } from '../../../src/core/calendar/open-hours.ts';
import { instantOf, parseInstant } from '../../../src/core/values/time.ts';

const MONDAY = parseInstant('2026-11-23T00:00:00Z') ?? instantOf(NaN);

test.each([
  [undefined, 168],
  ['mon-thu 09:00-16:00 Europe/Berlin', 28],
  ['mon 22:00+6h UTC; tue 03:00-04:30 UTC', 6.5],
  ['2020-01-01 UTC', 0],
])('windows %s are open for %d hours of a week', (windows, hours) => {
  expect(openHoursIn({ windows, freezes: '2026-11-24 UTC' }, MONDAY, calendarReader())).toBe(hours);
});
