import { expect, test } from '@jest/globals';
import { zonedMoment } from '../../../src/core/calendar/zoned-moment.ts';

test('the time that a wall shows is one moment', () => {
  expect(zonedMoment('2027-01-06T08:00[Europe/Berlin]')).toEqual({ at: Date.parse('2027-01-06T07:00:00Z') });
  expect(zonedMoment('2027-01-06T08:00:00Z')).toBeUndefined();
});

test.each([
  ['2027-03-28T02:30[Europe/Berlin]', /does not exist: the clock is put forward over it/],
  ['2026-10-25T02:30[Europe/Berlin]', /comes twice.* say 2026-10-25T00:30:00.000Z or 2026-10-25T01:30:00.000Z/],
  ['2027-01-06T08:00[Mars/Crater]', /is no time zone/],
  ['2027-02-30T08:00[UTC]', /is no time of a day/],
  ['2027-01-06T25:00[UTC]', /is no time of a day/],
  ['2027-01-06T08:61[UTC]', /is no time of a day/],
])('%s is none, and what to write instead is said', (text, why) => {
  expect(zonedMoment(text)).toEqual({ wrong: expect.stringMatching(why) });
});
