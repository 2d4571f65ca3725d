import { describe, expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { cutsShort, firstLookAt, judgeDrain, meteredWindow } from '../../../src/core/rotation/drain.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, FIRST_LOOK_MS, HOUR_MS, inFlight, LAG_MS, MINUTE_MS, NOW, POLICY } from '../../support/journals.ts';

const UNKNOWN = { known: false, why: 'access is missing' } as const;
const busy = (requests: number) => ({ known: true, requests }) as const;

test('the quiet window is as long as the shortest drain and leaves the last half hour alone', () => {
  expect(meteredWindow(POLICY, NOW)).toEqual({
    from: plusMs(NOW, -FIRST_LOOK_MS),
    until: plusMs(NOW, -LAG_MS),
  });
});

test('nobody looks before the quiet window lies behind the promotion (I4)', () => {
  const first = firstLookAt(NOW, POLICY);
  expect(first).toBe(plusMs(NOW, FIRST_LOOK_MS));
  expect(meteredWindow(POLICY, first).from).toBe(NOW);
});

describe('news that consumers cannot use the promoted key', () => {
  const cut = (fields: Partial<InFlight>, isLost = true) =>
    cutsShort(inFlight({ phase: 'promoted', promotedAt: ago(1), ...fields }), isLost, NOW);
  const looked = (minutes: number) => ({ use: 'unknown', at: plusMs(NOW, -minutes * MINUTE_MS) }) as const;

  test('cuts a drain short, and again only after a while: our own look counts too', () => {
    expect(cut({})).toBe(true);
    expect(cut({ promotedAt: undefined, since: ago(1) })).toBe(true);
    expect(cut({ promotedAt: plusMs(NOW, -9 * MINUTE_MS) })).toBe(false);
    expect(cut({ drain: looked(9) })).toBe(false);
    expect(cut({ drain: looked(10) })).toBe(true);
  });

  test('changes nothing elsewhere', () => {
    expect(cut({}, false)).toBe(false);
    expect(cut({ phase: 'drained' })).toBe(false);
    expect(cut({ held: true })).toBe(false);
    expect(cut({ tries: 1 })).toBe(false);
  });
});

describe('the old key is drained', () => {
  test('when it was measured to be idle', () => {
    expect(judgeDrain(ago(7), busy(0), POLICY, NOW)).toEqual({
      drained: true,
      drain: { use: 'idle', requests: 0, at: NOW },
    });
  });

  test('when it could not be measured, after the longer time, and says so', () => {
    expect(judgeDrain(ago(24), UNKNOWN, POLICY, NOW)).toEqual({ drained: true, drain: { use: 'unknown', at: NOW } });
  });
});

describe('the old key is kept', () => {
  test('while unknown: unknown is never zero (I4)', () => {
    expect(judgeDrain(plusMs(ago(24), 1), UNKNOWN, POLICY, NOW)).toEqual({
      drained: false,
      until: plusMs(NOW, 1),
      drain: { use: 'unknown', at: NOW },
      why: 'the use of the old key is not known (access is missing), so it is kept until 2027-01-15T08:00:00.001Z',
    });
  });

  test('while it is used, and looked at again when there are new points', () => {
    expect(judgeDrain(plusMs(ago(168), 1), busy(3), POLICY, NOW)).toEqual({
      drained: false,
      until: plusMs(NOW, LAG_MS),
      drain: { use: 'busy', requests: 3, at: NOW },
      why: 'the old key was used 3 times in 6 hours',
    });
  });

  test('for a person to decide when it is still used after the longest time, with the traffic that is left', () => {
    expect(judgeDrain(plusMs(NOW, -168 * HOUR_MS), busy(1), POLICY, NOW)).toEqual({
      drained: false,
      hold: true,
      drain: { use: 'busy', requests: 1, at: NOW, overdue: true },
      why: expect.stringMatching(/^the old key was used 1 times in 6 hours, 168 hours after the promotion: find who/),
    });
  });
});
