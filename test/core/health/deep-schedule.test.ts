import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deepIsDue } from '../../../src/core/health/deep-schedule.ts';
import { instantOf } from '../../../src/core/values/time.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);

function dueRuns(secret: string, everyHours: number, runEveryMinutes: number, hours: number, lateMs = 0): number {
  const runs = Math.floor((hours * 60) / runEveryMinutes);
  const at = (run: number) => instantOf(START + run * runEveryMinutes * 60_000 + (run % 2) * lateMs);
  return Array.from({ length: runs }, (_, run) => deepIsDue(secret, everyHours, runEveryMinutes, at(run))).filter(
    Boolean,
  ).length;
}

describe('a deep probe', () => {
  test('is due once or twice a period, for any secret', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 48 }),
        fc.integer({ min: 1, max: 30 }),
        (secret, everyHours, minutes) => {
          const due = dueRuns(secret, everyHours, minutes, everyHours * 10);
          expect(due).toBeGreaterThanOrEqual(9);
          expect(due).toBeLessThanOrEqual(21);
        },
      ),
    );
  });

  test('is not lost when every other run comes late by almost half the gap', () => {
    expect(dueRuns('app-key', 24, 10, 240, 290_000)).toBeGreaterThanOrEqual(9);
  });

  test('is always due when runs are rarer than the period', () => {
    expect(dueRuns('app-key', 1, 60, 100)).toBe(100);
  });

  test('comes at another moment for another secret, so that 2,000 do not come at once', () => {
    const now = instantOf(START + 7 * HOUR);
    const due = Array.from({ length: 2000 }, (_, n) => deepIsDue(`projects/1/secrets/key-${n}`, 24, 10, now)).filter(
      Boolean,
    ).length;
    expect(due).toBeGreaterThan(5);
    expect(due).toBeLessThan(60);
  });
});
