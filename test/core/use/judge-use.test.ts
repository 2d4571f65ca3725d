import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EXCESS_MIN, judgeUse, unusualUseIn } from '../../../src/core/use/judge-use.ts';
import { DAY_MS, HOUR_MS, elapsedMs, plusMs, type Instant } from '../../../src/core/values/time.ts';
import { LAST_HOUR, pastOf, type Story } from '../../support/fabricated-use.ts';

const hoursAgo = (hour: Instant): number => elapsedMs(hour, LAST_HOUR) / HOUR_MS;
const beginsAt = (hour: Instant): number => new Date(hour - HOUR_MS).getUTCHours();
const isWeekend = (hour: Instant): boolean => [0, 6].includes(new Date(hour - HOUR_MS).getUTCDay());
/** A little up and down, the same each time. */
const about = (requests: number, hour: Instant): number => Math.round(requests * (0.9 + 0.2 * ((hour / HOUR_MS) % 2)));
const lately =
  (hours: number, then: number, before: Story): Story =>
  (hour) =>
    hoursAgo(hour) < hours ? then : before(hour);
const steady: Story = (hour) => about(100, hour);

/** Some pasts, what the last hour is judged as, and why. */
const PASTS: readonly (readonly [string, Story, 'usual' | 'abnormal' | 'unknown'])[] = [
  ['a steady key', steady, 'usual'],
  ['a launch: five times the use, for two hours', lately(2, 500, steady), 'abnormal'],
  ['a launch in its first hour', lately(1, 500, steady), 'usual'],
  ['a launch that is so great that one hour is enough', lately(1, 5_000, steady), 'abnormal'],
  ['a launch a week later', lately(7 * 24, 500, steady), 'usual'],
  ['a theft of a key that rests', lately(2, 90, () => 0), 'abnormal'],
  ['use that doubles', lately(2, 200, steady), 'usual'],
  ['growth of a fifth each week', (hour) => about(2_000 * 1.2 ** (-hoursAgo(hour) / 168), hour), 'usual'],
  ['growth to the double each week', (hour) => about(2_000 * 2 ** (-hoursAgo(hour) / 168), hour), 'usual'],
  ['a working day after a weekend', (hour) => (isWeekend(hour) ? 2 : 2_000), 'usual'],
  ['three requests a day that become nine an hour', lately(2, 9, (hour) => (beginsAt(hour) === 3 ? 3 : 0)), 'usual'],
  ['a key that is used at noon alone, at noon', (hour) => (beginsAt(hour) === 11 ? 5_000 : 0), 'usual'],
  ['one spike, some days ago', (hour) => (hoursAgo(hour) === 72 ? 90_000 : 100), 'usual'],
  [
    'a spike now, after one some days ago',
    lately(2, 900, (hour) => (hoursAgo(hour) === 72 ? 90_000 : 100)),
    'abnormal',
  ],
  [
    'a gap of three days, taken for no use by nobody',
    (hour) => (hoursAgo(hour) > 20 && hoursAgo(hour) < 92 ? undefined : about(1_000, hour)),
    'usual',
  ],
  [
    'a theft after a gap of three days',
    lately(2, 9_000, (hour) => (hoursAgo(hour) > 20 && hoursAgo(hour) < 92 ? undefined : 1_000)),
    'abnormal',
  ],
  ['a gap now', (hour) => (hoursAgo(hour) === 0 ? undefined : 100), 'unknown'],
  ['a gap of all the last week', (hour) => (hoursAgo(hour) > 0 && hoursAgo(hour) < 180 ? undefined : 100), 'unknown'],
  [
    'use that is high where the hour before is not counted',
    (hour) => (hoursAgo(hour) === 1 ? undefined : lately(1, 500, steady)(hour)),
    'usual',
  ],
  [
    'a key of many bursts and a gap, in one more',
    lately(2, 700, (hour) =>
      hoursAgo(hour) > 60 && hoursAgo(hour) < 70 ? undefined : (hour / HOUR_MS) % 23 < 2 ? 800 : 0,
    ),
    'usual',
  ],
  ['a key of many bursts, in one more', lately(2, 700, (hour) => ((hour / HOUR_MS) % 23 < 2 ? 800 : 0)), 'usual'],
];

describe('the last hour of', () => {
  test.each(PASTS)('%s', (_, story, is) => {
    expect(judgeUse(pastOf(story), LAST_HOUR)).toMatchObject({ is });
  });

  test('a theft at night is seen although days are busier', () => {
    const office: Story = (hour) => (beginsAt(hour) >= 7 && beginsAt(hour) < 18 ? 3_000 : 20);
    const night = plusMs(LAST_HOUR, -9 * HOUR_MS);
    const stolen: Story = (hour) => (hoursAgo(hour) >= 9 && hoursAgo(hour) < 11 ? 1_500 : office(hour));
    expect(judgeUse(pastOf(office), night)).toMatchObject({ is: 'usual', requests: 20, usual: 20 });
    expect(judgeUse(pastOf(stolen), night)).toEqual({ is: 'abnormal', requests: 1_500, usual: 20, most: 80 });
  });

  test('a key that is younger than a week is not known', () => {
    const young = (days: number) => pastOf(lately(2, 9_000, steady), LAST_HOUR, plusMs(LAST_HOUR, -days * DAY_MS));
    expect(judgeUse(young(6), LAST_HOUR)).toMatchObject({ is: 'unknown', why: expect.stringContaining('7 days') });
    expect(judgeUse(young(8), LAST_HOUR)).toMatchObject({ is: 'abnormal' });
  });

  test('what is not counted to its end is not judged', () => {
    const past = pastOf(lately(1, 9_000, steady));
    expect(judgeUse({ ...past, until: plusMs(LAST_HOUR, -HOUR_MS) }, LAST_HOUR)).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('not counted to its end'),
    });
  });
});

describe('abnormal use', () => {
  const stolen: Story = (hour) => (hoursAgo(hour) < 6 ? 700 : steady(hour));
  const last = Array.from({ length: 8 }, (_, at) => plusMs(LAST_HOUR, (at - 7) * HOUR_MS));

  test('begins once, in the hour that proves it, whichever hours a look judges', () => {
    const hour = plusMs(LAST_HOUR, -4 * HOUR_MS);
    const begun = { hour, requests: 700 };
    expect(unusualUseIn(pastOf(stolen), last)).toMatchObject({ hour });
    expect(unusualUseIn(pastOf(stolen), [hour])).toMatchObject({
      ...begun,
    });
    for (const other of last.filter((one) => one !== hour))
      expect(unusualUseIn(pastOf(stolen), [other])).toBeUndefined();
  });

  test('that comes again within a day belongs to what was told, and is a measure for a week', () => {
    const again =
      (pause: number, requests: number): Story =>
      (hour) => {
        if (hoursAgo(hour) < 2) return requests;
        return hoursAgo(hour) > pause && hoursAgo(hour) <= pause + 2 ? 1_000 : steady(hour);
      };
    expect(unusualUseIn(pastOf(again(10, 9_000)), last)).toBeUndefined();
    expect(unusualUseIn(pastOf(again(40, 1_000)), last)).toBeUndefined();
    expect(unusualUseIn(pastOf(again(40, 1_600)), last)).toMatchObject({ hour: LAST_HOUR, most: 1_500 });
  });
});

const anyPast = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 168, maxLength: 168 });
const repeated =
  (week: readonly number[]): Story =>
  (hour) =>
    week[(hour / HOUR_MS) % 168];

describe('whatever the past,', () => {
  test('a week that repeats itself is usual', () => {
    fc.assert(
      fc.property(anyPast, (week) => {
        expect(judgeUse(pastOf(repeated(week)), LAST_HOUR).is).toBe('usual');
      }),
      { numRuns: 60 },
    );
  });

  test('more is never more usual, and what is not above the floor is never abnormal', () => {
    fc.assert(
      fc.property(anyPast, fc.nat(500_000), fc.nat(500_000), (week, one, other) => {
        const judged = (requests: number) =>
          judgeUse(
            pastOf((hour) => (hour === LAST_HOUR ? requests : repeated(week)(hour))),
            LAST_HOUR,
          );
        const [less, more] = [judged(Math.min(one, other)), judged(Math.max(one, other))];
        expect([less.is, more.is]).not.toEqual(['abnormal', 'usual']);
        if (less.is === 'abnormal') expect(less.requests).toBeGreaterThan(less.usual + EXCESS_MIN);
      }),
      { numRuns: 60 },
    );
  });

  test('an hour in which nothing was counted is unknown', () => {
    fc.assert(
      fc.property(anyPast, (week) => {
        const gap: Story = (hour) => (hour === LAST_HOUR ? undefined : repeated(week)(hour));
        expect(judgeUse(pastOf(gap), LAST_HOUR).is).toBe('unknown');
      }),
      { numRuns: 20 },
    );
  });
});
