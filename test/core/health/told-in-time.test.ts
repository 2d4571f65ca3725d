import { describe, expect, test } from '@jest/globals';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { detectionOf } from '../../../src/core/health/told-in-time.ts';
import { ago, HOUR_MS, MINUTE_MS, NOW } from '../../support/journals.ts';
import { plusMs } from '../../../src/core/values/time.ts';

const EVERY = { runEveryMinutes: 10, deepEveryHours: DEFAULT_CHECK_POLICY.deepEveryHours };
const minutesAgo = (minutes: number) => plusMs(NOW, -minutes * MINUTE_MS);

describe('how long trouble took to be told', () => {
  test('counts from the run before its first sign: 25 minutes are promised, which a confirmed suspicion takes', () => {
    const told = { depth: 'shallow', secondsMax: 1500 };
    expect(detectionOf({ openedAt: NOW }, 'none', EVERY, NOW)).toEqual({ ...told, seconds: 600, late: false });
    expect(detectionOf({ openedAt: minutesAgo(14) }, 'shallow', EVERY, NOW)).toMatchObject({
      seconds: 1440,
      late: false,
    });
    expect(detectionOf({ openedAt: minutesAgo(16) }, 'shallow', EVERY, NOW)).toMatchObject({
      seconds: 1560,
      late: true,
    });
  });

  test('and where only a deep probe sees it, from the deep probe before: its hours are promised, and the 25 minutes', () => {
    expect(detectionOf({ openedAt: minutesAgo(10) }, 'deep', EVERY, NOW)).toEqual({
      depth: 'deep',
      seconds: 4 * 3600 + 600,
      secondsMax: 4 * 3600 + 1500,
      late: false,
    });
    expect(detectionOf({ openedAt: minutesAgo(10) }, 'deep', { ...EVERY, deepEveryHours: 1 }, NOW).secondsMax).toBe(
      5100,
    );
    expect(detectionOf({ openedAt: minutesAgo(26) }, 'deep', EVERY, NOW).late).toBe(true);
  });

  test('a good look that is on record and later counts instead', () => {
    expect(detectionOf({ openedAt: NOW, lastGoodAt: ago(1) }, 'deep', EVERY, NOW).seconds).toBe(HOUR_MS / 1000);
    expect(detectionOf({ openedAt: NOW, lastGoodAt: ago(900) }, 'deep', EVERY, NOW).seconds).toBe(4 * 3600);
  });
});
