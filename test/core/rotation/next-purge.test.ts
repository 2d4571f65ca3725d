import { describe, expect, test } from '@jest/globals';
import type { Journal } from '../../../src/core/record/journal.ts';
import type { Retired } from '../../../src/core/record/ledger.ts';
import { isLookedAtAgain, isOldEnoughToSweep, nextPurge } from '../../../src/core/rotation/next-purge.ts';
import { plusMs, spokenMinuteBy, type Instant } from '../../../src/core/values/time.ts';
import { ago, ahead, FROM_KEY, inFlight, NOW, POLICY, resting } from '../../support/journals.ts';

const DAY = 24;
const next = (fields: Partial<Retired>, journal: Journal = resting()) =>
  nextPurge({ version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-0', ...fields }, journal, POLICY, NOW);

describe('an old key', () => {
  test('is kept until its retention is over, then deleted unless somebody used it (I8)', () => {
    expect(next({ at: plusMs(ago(7 * DAY), 1) })).toEqual({
      do: 'wait',
      until: plusMs(NOW, 1),
      why: `kept so that a rollback can bring it back, until ${spokenMinuteBy(plusMs(NOW, 1))}`,
    });
    expect(next({ at: ago(7 * DAY) })).toEqual({ do: 'delete', key: FROM_KEY.name, unlessUsed: true });
  });

  test('that leaked is deleted at once, used or not', () => {
    expect(next({ urgent: true })).toEqual({ do: 'delete', key: FROM_KEY.name, unlessUsed: false });
  });

  test('is left to the purge that is at it, until its lease is over', () => {
    expect(next({ at: ago(8 * DAY), deletingUntil: ahead(1) })).toEqual({
      do: 'wait',
      until: ahead(1),
      why: 'another purge is at it',
    });
    expect(next({ at: ago(8 * DAY), deletingUntil: NOW })).toMatchObject({ do: 'delete' });
  });

  test('is proven dead half an hour after its deletion, when it no longer flips', () => {
    expect(next({ deletedAt: plusMs(ago(0.5), 1) })).toEqual({
      do: 'wait',
      until: plusMs(NOW, 1),
      why: `deleted keys go on working for up to half an hour, until ${spokenMinuteBy(plusMs(NOW, 1))}`,
    });
    expect(next({ deletedAt: ago(0.5) })).toEqual({ do: 'prove', key: FROM_KEY.name });
  });

  test('keeps its version for a month after the deletion, and only a proven one is destroyed (I8)', () => {
    expect(next({ deletedAt: plusMs(ago(30 * DAY), 1), provenDeadAt: ago(1) })).toEqual({
      do: 'wait',
      until: plusMs(NOW, 1),
      why: `the key is deleted and refused; its version is kept some time longer, until ${spokenMinuteBy(plusMs(NOW, 1))}`,
    });
    expect(next({ deletedAt: ago(30 * DAY), provenDeadAt: ago(1) })).toEqual({ do: 'destroy', key: FROM_KEY.name });
    expect(next({ deletedAt: ago(99 * DAY) })).toMatchObject({ do: 'prove' });
  });

  test('that no issuer knows is taken off the list after both times, its version kept (I16); until then a person is told where to look', () => {
    expect(next({ key: undefined, at: plusMs(ago(37 * DAY), 1) })).toMatchObject({
      do: 'wait',
      until: plusMs(NOW, 1),
      why: expect.stringContaining('delete it where it was made'),
    });
    expect(next({ key: undefined, keyUnknown: 'it is not ours' })).toMatchObject({
      do: 'wait',
      why: expect.stringMatching(/^it is not ours. Its version is kept, until /),
    });
    expect(next({ key: undefined, at: ago(37 * DAY) })).toEqual({ do: 'forget' });
  });

  test.each([inFlight({ from: 1, to: 3 }), inFlight({ from: 3, to: 1 })])(
    'is left alone while a rotation is about its version (%#)',
    (journal) => {
      expect(next({ at: ago(99 * DAY) }, journal)).toMatchObject({
        do: 'wait',
        why: 'rotation kw-1-abc may still want version 1',
      });
    },
  );

  test('is purged beside a rotation that is about other versions', () => {
    expect(
      nextPurge({ version: 9, key: FROM_KEY, at: ago(99 * DAY), rotation: 'kw-0' }, inFlight(), POLICY, NOW).do,
    ).toBe('delete');
  });
});

test('a key of ours is an orphan after a day at the earliest', () => {
  expect(isOldEnoughToSweep(ago(DAY), NOW)).toBe(true);
  expect(isOldEnoughToSweep(plusMs(ago(DAY), 1), NOW)).toBe(false);
});

test('who stands in the way of a deletion is found out once a day, from a day after it was due', () => {
  const looked = (at: Instant) =>
    isLookedAtAgain({ version: 1, key: FROM_KEY, at, rotation: 'kw-0' }, POLICY, { now: NOW, runEveryMinutes: 5 });
  const due = 7 * DAY;
  const of = (hours: number) => Array.from({ length: 12 * hours }, (_, at) => looked(ago(due + (at * 5 + 1) / 60)));
  expect(of(DAY)).not.toContain(true);
  expect(of(3 * DAY).filter(Boolean)).toHaveLength(2);
});
