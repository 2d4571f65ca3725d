import { NO_TOMBSTONES } from '../../../src/core/record/tombstones.ts';
import { describe, expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import type { Leak } from '../../../src/core/record/leaks.ts';
import { entryFor } from '../../../src/core/rotation/commit-entry.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { canKeepLeak, leaksAfter, nameToWrite, openLeaksIn } from '../../../src/core/rotation/open-leaks.ts';
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
  test('with the name of the key where nothing else will name it', () => {
    const ended = leaksAfter(emergency({ phase: 'abandoned', fromKey: FROM_KEY }), resting(), [OTHER, LEAK], NOW);
    expect(ended).toEqual([OTHER, { ...LEAK, key: FROM_KEY.name }]);
  });

  test('and the list of old keys has the name once it is retired', () => {
    const before = emergency({ phase: 'drained', fromKey: FROM_KEY });
    expect(leaksAfter(before, resting(), [OTHER, LEAK], NOW)).toEqual([OTHER, LEAK]);
    const past = { retired: [], history: [], tombstones: NO_TOMBSTONES, leaks: [LEAK] };
    const { record } = entryFor(before, resting(), past, NOW);
    const read = recordOf(textsOf(changeOf(recordOf({}), { ...record, leaks: [LEAK] })));
    expect(openLeaksIn(read)).toMatchObject([{ version: 1, key: FROM_KEY.name }]);
    const [leak] = openLeaksIn(read) ?? [];
    expect(leak && nameToWrite(leak, read)).toBeUndefined();
    expect(nameToWrite({ version: 4, key: FROM_KEY.name }, read)).toBe(FROM_KEY.name);
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

test('the leak of an emergency is open, too, while its journal alone says so', () => {
  const seen = (change: RecordChange) => openLeaksIn(recordOf(textsOf(changeOf(recordOf({}), change))));
  const listed = { version: 7, at: ago(9), told: 0, key: undefined };
  const own = { version: 1, at: ago(1), told: 0, key: FROM_KEY.name };
  expect(seen({ leaks: [OTHER], rotation: emergency({ fromKey: FROM_KEY }) })).toEqual([listed, own]);
  expect(seen({ leaks: [OTHER], rotation: inFlight() })).toEqual([listed]);
  expect(seen({ leaks: [OTHER], rotation: resting() })).toEqual([listed]);
  expect(seen({ leaks: [LEAK], rotation: emergency() })).toHaveLength(1);
  expect(openLeaksIn(recordOf({ 'key-warden.leaks': '{"v":9}' }))).toBeUndefined();
  expect(openLeaksIn(recordOf({ 'key-warden.rotation': '{"v":9}' }))).toEqual([]);
});

test('one more than the list has room for is not remembered: its rotation must not end', () => {
  const four = [7, 8, 9, 10].map((version) => ({ ...OTHER, version }));
  expect(canKeepLeak(emergency(), four)).toBe(false);
  expect(canKeepLeak(emergency(), four.slice(1))).toBe(true);
  expect(canKeepLeak(emergency(), [...four.slice(1), LEAK])).toBe(true);
  expect(canKeepLeak(inFlight(), four)).toBe(true);
  expect(leaksAfter(resting(), emergency(), four, NOW)).toEqual(four);
  expect(leaksAfter(emergency({ phase: 'drained' }), resting(), four, NOW)).toEqual(four);
});

test('names that nothing else on record has take the room of two', () => {
  const named = [7, 8].map((version) => ({ ...OTHER, version, key: `${FROM_KEY.name}${'k'.repeat(60)}` }));
  const fromKey = { ...FROM_KEY, name: named[0]?.key ?? '' };
  expect(canKeepLeak(emergency({ phase: 'drained', fromKey }), named)).toBe(false);
  expect(canKeepLeak(emergency({ phase: 'drained', fromKey }), named.slice(1))).toBe(true);
  expect(canKeepLeak(emergency({ phase: 'abandoned', fromKey }), [...named.slice(1), OTHER])).toBe(false);
  expect(canKeepLeak(emergency({ phase: 'drained', fromKey }), [...named.slice(1), OTHER])).toBe(true);
});

/** Annotations as a secret has them afterwards. */
function textsOf(change: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(change).filter((entry): entry is [string, string] => entry[1] !== null));
}
