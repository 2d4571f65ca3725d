import { describe, expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { cutsShort, firstLookAt, judgeDrain, meteredWindow } from '../../../src/core/rotation/drain.ts';
import type { Usage } from '../../../src/core/rotation/rhythm.ts';
import type { RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { hourly, usage } from '../../support/used-hours.ts';
import { ago, FIRST_LOOK_MS, HOUR_MS, inFlight, LAG_MS, MINUTE_MS, NOW, POLICY } from '../../support/journals.ts';

const own = () => 0;
const judged = (promotedAt: Instant, measured: Usage, policy: RotationPolicy = POLICY, ownBefore = own) =>
  judgeDrain({ promotedAt, usage: measured, ownBefore }, policy, NOW);
const UNKNOWN = { known: false, why: 'access is missing' } as const;
const UNTIL = plusMs(NOW, -LAG_MS);
/** In use every hour for two days before a promotion, and in these hours, counted back from the end of the window, with one request. */
const busy = (promotedAt: Instant, ...hoursAgo: readonly number[]) =>
  usage([
    ...hourly(plusMs(promotedAt, -48 * HOUR_MS), promotedAt, 100),
    ...hoursAgo.map((hour) => ({ endsAt: plusMs(UNTIL, -hour * HOUR_MS), requests: 1 })),
  ]);

test('the past is asked for with the drain, and the last half hour is left alone', () => {
  expect(meteredWindow(ago(7), NOW)).toEqual({ from: ago(7 + 28 * 24), until: UNTIL });
});

test('nobody looks before the quiet window lies behind the promotion (I4)', () => {
  const first = firstLookAt(NOW, POLICY);
  expect(first).toBe(plusMs(NOW, FIRST_LOOK_MS));
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
  const EARLIEST = plusMs(NOW, -FIRST_LOOK_MS);

  test('when it was measured to be silent for longer than it ever paused', () => {
    expect(judged(EARLIEST, busy(EARLIEST))).toEqual({
      drained: true,
      drain: { use: 'idle', requests: 0, hours: 6, pauseHours: 2, at: NOW },
    });
  });

  test('when the last use lies just before the window', () => {
    expect(judged(ago(8), busy(ago(8), 6))).toMatchObject({ drained: true });
    expect(judged(ago(8), busy(ago(8), 5))).toMatchObject({ drained: false });
  });

  test('when it could not be measured, after the longer time, and says why', () => {
    expect(judged(ago(24), UNKNOWN)).toEqual({
      drained: true,
      drain: { use: 'unknown', why: 'access is missing', at: NOW },
    });
  });
});

describe('the old key is kept', () => {
  test('while unknown: unknown is never zero (I4)', () => {
    expect(judged(plusMs(ago(24), 1), UNKNOWN)).toEqual({
      drained: false,
      until: plusMs(NOW, 1),
      drain: { use: 'unknown', why: 'access is missing', at: NOW },
      why: 'the use of the old key is not known (access is missing), so it is kept until 2027-01-15 08:01 UTC',
    });
  });

  test.each<[string, Usage, string]>([
    ['Monitoring never counted it', usage([]), 'Monitoring has never counted a request with the old key'],
    ['nobody used it', { ...usage([]), seenSince: ago(99) }, 'no use of the old key was counted but listing models'],
  ])('as unknown where %s', (_, measured, why) => {
    expect(judged(ago(8), measured)).toMatchObject({ drained: false, why: expect.stringContaining(why) });
    expect(judged(ago(24), measured)).toMatchObject({ drained: true, drain: { use: 'unknown' } });
  });

  test('as unknown where all that was counted may have been our own probes', () => {
    const ours = judged(ago(8), busy(ago(8)), POLICY, () => 100);
    expect(ours).toMatchObject({ drained: false, drain: { use: 'unknown' } });
    const some = judged(ago(8), busy(ago(8)), POLICY, () => 99);
    expect(some).toMatchObject({ drained: true });
  });

  describe('because it rests for long between two uses, as one that a batch uses every night:', () => {
    const nightly = (promotedAt: Instant, ...after: readonly Instant[]) =>
      usage([
        ...[82, 58, 34, 10].map((hour) => ({ endsAt: plusMs(promotedAt, -hour * HOUR_MS), requests: 50 })),
        ...after.map((endsAt) => ({ endsAt, requests: 50 })),
      ]);

    test('the silence of a day is too short', () => {
      expect(judged(ago(8), nightly(ago(8)))).toEqual({
        drained: false,
        until: plusMs(ago(8), 32 * HOUR_MS + LAG_MS),
        drain: { use: 'unknown', requests: 0, hours: 32, pauseHours: 25, at: NOW },
        why: 'the old key used to pause for up to 25 hours, so 32 hours of silence are waited for',
      });
    });

    test('the night after the promotion is use, whenever one looks', () => {
      expect(judged(ago(20), nightly(ago(20), ago(6)))).toMatchObject({
        until: plusMs(ago(20), 32 * HOUR_MS + LAG_MS),
        drain: { use: 'busy', requests: 50 },
      });
      expect(judged(ago(33), nightly(ago(33), ago(19)))).toMatchObject({
        drained: false,
        until: plusMs(ago(19), 32 * HOUR_MS + LAG_MS),
        why: 'the old key was used 50 times in 32 hours',
      });
    });

    test('a night without it ends the drain', () => {
      expect(judged(ago(33), nightly(ago(33)))).toMatchObject({ drained: true, drain: { use: 'idle', hours: 32 } });
    });

    test('the longest drain begins when the first silence could have been full', () => {
      const measured = nightly(ago(168 + 32), ...hourly(ago(168 + 24), NOW, 1).map(({ endsAt }) => endsAt));
      expect(judged(ago(168 + 32), measured)).toMatchObject({ until: plusMs(NOW, LAG_MS) });
      expect(judged(plusMs(ago(168 + 32), -LAG_MS), measured)).toMatchObject({ hold: true });
    });
  });

  test('while it is used, and looked at again when it can have been silent for long enough', () => {
    expect(judged(ago(8), busy(ago(8), 4, 2))).toEqual({
      drained: false,
      until: plusMs(NOW, 5 * HOUR_MS),
      drain: { use: 'busy', requests: 2, hours: 7, pauseHours: 5, at: NOW },
      why: 'the old key was used 2 times in 7 hours',
    });
  });

  test('for a person to decide when it is still used after the longest time, with the traffic that is left', () => {
    const promotedAt = plusMs(NOW, -(168 + 6) * HOUR_MS - LAG_MS);
    const used = usage([...hourly(plusMs(promotedAt, -48 * HOUR_MS), UNTIL, 100)]);
    expect(judged(promotedAt, used)).toEqual({
      drained: false,
      hold: true,
      drain: { use: 'busy', requests: 600, hours: 6, pauseHours: 2, at: NOW, overdue: true },
      why: expect.stringMatching(
        /^the old key was used 600 times in 6 hours, 168 hours after it could have been idle: nothing breaks/,
      ),
    });
    expect(judged(plusMs(promotedAt, 1), used)).toMatchObject({ drained: false, until: plusMs(NOW, 1) });
  });
});
