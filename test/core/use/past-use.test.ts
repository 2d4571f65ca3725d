import { describe, expect, test } from '@jest/globals';
import { completeUntil, hoursToJudge, pastUseOf, useAskedFrom } from '../../../src/core/use/past-use.ts';
import { HOUR_MS, elapsedMs, instantOf, isoOf, plusMs } from '../../../src/core/values/time.ts';

const at = (clock: string) => instantOf(Date.parse(`2026-11-24T${clock}:00Z`));
const told = (...asked: Parameters<typeof hoursToJudge>) =>
  hoursToJudge(...asked).map((hour) => isoOf(hour).slice(11, 16));

describe('an hour', () => {
  test('is complete half an hour after its end, and a minute', () => {
    expect([at('12:30'), at('12:31')].map(completeUntil)).toEqual([at('11:00'), at('12:00')]);
  });

  test('without a request of the key is none where others were counted, and a gap where nobody was', () => {
    const use = { hours: [{ endsAt: at('10:00'), requests: 9 }], seenSince: at('08:00') };
    const past = pastUseOf(use, { counted: new Set([at('10:00'), at('11:00')]), until: at('12:00') });
    expect([at('10:00'), at('11:00'), at('12:00')].map((hour) => past.requestsIn(hour))).toEqual([9, 0, undefined]);
  });

  test('is free of what may be ours', () => {
    const use = {
      hours: [at('10:00'), at('11:00')].map((endsAt) => ({ endsAt, requests: 9 })),
      seenSince: at('08:00'),
    };
    const own = (hour: number) => (hour === at('10:00') ? 6 : 12);
    const past = pastUseOf(use, { counted: new Set(), until: at('12:00') }, own);
    expect([past.requestsIn(at('10:00')), past.requestsIn(at('11:00'))]).toEqual([3, 0]);
  });
});

test('five weeks are asked for, within the six that Monitoring keeps by the minute', () => {
  expect(elapsedMs(useAskedFrom(at('12:00')), at('12:00')) / HOUR_MS).toBe(37 * 24);
});

describe('a look judges', () => {
  test('the hour that was completed since the last one, and no hour twice', () => {
    expect(told(at('11:00'), 10, at('12:30'))).toEqual([]);
    expect(told(at('11:00'), 10, at('12:31'))).toEqual(['12:00']);
    expect(told(at('12:00'), 10, at('12:41'))).toEqual([]);
    expect(told(at('13:00'), 10, at('12:41'))).toEqual([]);
  });

  test('all that were missed, up to a day', () => {
    expect(told(at('09:00'), 10, at('12:31'))).toEqual(['10:00', '11:00', '12:00']);
    expect(told(plusMs(at('09:00'), -30 * HOUR_MS), 10, at('12:31'))).toHaveLength(24);
  });

  test('in a process that has just begun those that the run before it could not', () => {
    expect(told(undefined, 10, at('12:31'))).toEqual(['12:00']);
    expect(told(undefined, 10, at('12:45'))).toEqual(['12:00']);
    expect(told(undefined, 10, at('12:46'))).toEqual([]);
    expect(told(undefined, 60, at('12:31'))).toEqual(['11:00', '12:00']);
  });
});
