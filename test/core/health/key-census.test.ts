import { describe, expect, test } from '@jest/globals';
import { addedCensus, censusOf, OVERDUE_DAYS, type CountedKey } from '../../../src/core/health/key-census.ts';
import { DAY_MS, instantOf, plusMs } from '../../../src/core/values/time.ts';
import { NOW } from '../../support/notices.ts';

const key = (days: number | undefined, more: Partial<CountedKey> = {}): CountedKey => ({
  kind: 'auth',
  madeAt: days === undefined ? undefined : plusMs(NOW, -days * DAY_MS),
  maxAgeDays: 90,
  ...more,
});

describe('the keys of a fleet', () => {
  test('are counted by kind and age, and groups without a key are left out', () => {
    const keys = [key(0), key(30), key(31), key(61), key(91), key(181), key(undefined), key(5, { kind: 'standard' })];
    expect(censusOf(keys, NOW).groups).toEqual([
      { kind: 'standard', age: 'up_to_30_days', count: 1 },
      { kind: 'auth', age: 'up_to_30_days', count: 2 },
      { kind: 'auth', age: 'up_to_60_days', count: 1 },
      { kind: 'auth', age: 'up_to_90_days', count: 1 },
      { kind: 'auth', age: 'up_to_180_days', count: 1 },
      { kind: 'auth', age: 'older', count: 1 },
      { kind: 'auth', age: 'unknown', count: 1 },
    ]);
    expect(censusOf([], NOW)).toEqual({ groups: [], due: 0, overdue: 0 });
  });

  test('are due at their age, and overdue once that is longer ago than a rotation may be waited for', () => {
    const keys = [key(89), key(90), key(90 + OVERDUE_DAYS), key(undefined), key(900, { maxAgeDays: 0 })];
    expect(censusOf(keys, NOW)).toMatchObject({ due: 2, overdue: 1 });
  });

  test('adds up: parts of a fleet come to what the whole does', () => {
    const day = (days: number) => instantOf(NOW - days * 86_400_000);
    const keys = [3, 50, 95, 300, undefined].flatMap((days) =>
      (['auth', 'standard'] as const).map((kind): CountedKey => ({
        kind,
        ...(days === undefined ? {} : { madeAt: day(days) }),
        maxAgeDays: 90,
      })),
    );
    const parts = addedCensus(censusOf(keys.slice(0, 3), NOW), censusOf(keys.slice(3), NOW));
    const whole = censusOf(keys, NOW);
    expect(parts).toMatchObject({ due: whole.due, overdue: whole.overdue });
    expect(new Set(parts.groups)).toEqual(new Set(whole.groups));
    expect(parts.groups).toHaveLength(whole.groups.length);
  });
});
