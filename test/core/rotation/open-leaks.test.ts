import { NO_TOMBSTONES } from '../../../src/core/record/tombstones.ts';
import { describe, expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import type { Leak } from '../../../src/core/record/leaks.ts';
import { entryFor } from '../../../src/core/rotation/commit-entry.ts';
import { canKeepLeak, leaksAfter } from '../../../src/core/rotation/open-leaks.ts';
import { ago, FROM_KEY, inFlight, NOW, resting } from '../../support/journals.ts';

const LEAK: Leak = { version: 1, at: ago(3), told: 2, toldAt: ago(2), refusedSince: ago(1) };
const OTHER: Leak = { version: 7, at: ago(9), told: 0 };
const URGENT = { emergency: true, reason: 'leaked' } as const;
const emergency = (fields: Partial<InFlight> = {}) => inFlight({ ...URGENT, ...fields });

describe('a leak opens in the commit of its emergency (I18)', () => {
  test('that begins it, or that makes one of an ordinary rotation', () => {
    const opened = [{ version: 1, at: NOW, told: 0 }];
    expect(leaksAfter(resting(), emergency({ phase: 'opened' }), [], NOW)).toEqual(opened);
    expect(leaksAfter(inFlight(), emergency(), [], NOW)).toEqual(opened);
    expect(
      entryFor(resting(), emergency(), { retired: [], history: [], leaks: [], tombstones: NO_TOMBSTONES }, NOW).record,
    ).toMatchObject({
      rotation: { emergency: true },
      leaks: opened,
    });
  });

  test.each([
    ['of an ordinary rotation', resting(), inFlight()],
    ['while an emergency goes on', emergency(), emergency({ phase: 'verified' })],
    ['of a version that holds no key that could be told', resting(), emergency({ keepOld: true })],
    ['at rest', resting(), resting({ failures: 1 })],
    ['at the end of an ordinary rotation', inFlight({ phase: 'drained' }), resting()],
    ['at the end of one that kept the old version', emergency({ phase: 'drained', keepOld: true }), resting()],
  ] as const)('and none %s', (_, before, after) => {
    expect(leaksAfter(before, after, [OTHER], NOW)).toEqual([OTHER]);
  });

  test('of a version once: what is known of it stays', () => {
    expect(leaksAfter(resting(), emergency(), [LEAK], NOW)).toEqual([LEAK]);
  });
});

describe('the end of an emergency leaves it open', () => {
  test.each(['drained', 'abandoned'] as const)('with the name of the key, in %s', (phase) => {
    const ended = leaksAfter(emergency({ phase, fromKey: FROM_KEY }), resting(), [OTHER, LEAK], NOW);
    expect(ended).toEqual([OTHER, { ...LEAK, key: FROM_KEY.name }]);
  });

  test('without one where nobody knows it', () => {
    expect(leaksAfter(emergency({ phase: 'drained' }), resting(), [LEAK], NOW)).toEqual([LEAK]);
  });

  test('also of one that an earlier release began', () => {
    expect(leaksAfter(emergency({ phase: 'drained' }), resting(), [], NOW)).toEqual([
      { version: 1, at: ago(1), told: 0 },
    ]);
  });

  test('and a later ordinary rotation of that key deletes it at once', () => {
    const past = { retired: [], history: [], tombstones: NO_TOMBSTONES, leaks: [LEAK] };
    const { retired } = entryFor(inFlight({ phase: 'drained', fromKey: FROM_KEY }), resting(), past, NOW).record;
    expect(retired).toMatchObject([{ version: 1, urgent: true }]);
  });
});

test('a third leak is not remembered beside two: its rotation must not end', () => {
  const two = [OTHER, { ...OTHER, version: 8 }];
  expect(canKeepLeak(emergency(), two)).toBe(false);
  expect(canKeepLeak(emergency(), [OTHER])).toBe(true);
  expect(canKeepLeak(emergency(), [OTHER, LEAK])).toBe(true);
  expect(canKeepLeak(inFlight(), two)).toBe(true);
  expect(leaksAfter(resting(), emergency(), two, NOW)).toEqual(two);
  expect(leaksAfter(emergency({ phase: 'drained' }), resting(), two, NOW)).toEqual(two);
});
