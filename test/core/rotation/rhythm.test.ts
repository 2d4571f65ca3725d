import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { deepRequestsMax } from '../../../src/core/health/deep-schedule.ts';
import { longestPauseHours, pastBegins, silenceHours, usedByOthers } from '../../../src/core/rotation/rhythm.ts';
import { stableHash } from '../../../src/core/values/stable-shuffle.ts';
import { instantOf, plusMs } from '../../../src/core/values/time.ts';
import { ago, HOUR_MS, MINUTE_MS, NOW } from '../../support/journals.ts';

const at = (...hours: readonly number[]) => hours.map((hour) => ({ endsAt: ago(hour), requests: 10 }));

describe('the longest pause', () => {
  test('lies between two uses, wherever in their hours they were', () => {
    expect(longestPauseHours(at(50, 26, 20, 1), ago(50), NOW)).toBe(25);
  });

  test('or before the first use, while the key was known already', () => {
    expect(longestPauseHours(at(2, 1), ago(100), NOW)).toBe(99);
  });

  test('or between the last use and the promotion', () => {
    expect(longestPauseHours(at(41, 40), ago(41), NOW)).toBe(41);
  });

  test('is whole hours, the next one up', () => {
    const [used] = at(1);
    expect(longestPauseHours(used === undefined ? [] : [used], ago(1), plusMs(NOW, MINUTE_MS))).toBe(3);
  });

  test('is not known of a key that nobody used', () => {
    expect(longestPauseHours([], ago(100), NOW)).toBeUndefined();
  });
});

test('a key must be silent for a quarter longer than it paused, never shorter than the policy wants, and never over two weeks for that', () => {
  expect(silenceHours(25, 6)).toBe(32);
  expect(silenceHours(2, 6)).toBe(6);
  expect(silenceHours(600, 6)).toBe(336);
  expect(silenceHours(600, 720)).toBe(720);
});

test('the past that shows the rhythm is four weeks', () => {
  expect(pastBegins(NOW)).toBe(ago(28 * 24));
});

describe('our own deep probes', () => {
  const SECRET = 'projects/1/secrets/gemini';
  /** A moment at which a deep probe becomes due. */
  const DUE = plusMs(instantOf(240 * HOUR_MS), (stableHash(SECRET) * 1000) % (24 * HOUR_MS));
  const ownAt = (minutes: number) => deepRequestsMax(SECRET, 24, plusMs(DUE, minutes * MINUTE_MS));

  test('may be in the hours in which a check finds one due, and in no other', () => {
    expect([0, 1, 60, 149].map(ownAt)).toEqual([6, 6, 6, 6]);
    expect([-1, 150, 600, 24 * 60 - 1].map(ownAt)).toEqual([0, 0, 0, 0]);
    expect(ownAt(24 * 60)).toBe(6);
  });

  test('leave an hour of every four in which a few requests are seen to be somebody else’s, whatever the secret’s moment', () => {
    const everyHours = DEFAULT_CHECK_POLICY.deepEveryHours;
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 59 }), (secret, minute) => {
        const hours = Array.from({ length: everyHours }, (_, hour) => plusMs(NOW, hour * HOUR_MS + minute * MINUTE_MS));
        return hours.some((endsAt) => deepRequestsMax(secret, everyHours, endsAt) === 0);
      }),
    );
  });

  test('are no use by others; what is more than they can have been is', () => {
    const hours = [3, 6, 7].map((requests, hour) => ({ endsAt: ago(3 - hour), requests }));
    expect(usedByOthers(hours, () => 6)).toEqual([{ endsAt: ago(1), requests: 7 }]);
    expect(usedByOthers(hours, () => 0)).toEqual(hours);
  });
});
