import { describe, expect, test } from '@jest/globals';
import {
  HISTORY_ANNOTATION,
  isLedgerFull,
  pastOf,
  RETIRED_ANNOTATION,
  RETIRED_MAX,
  type Past,
  type Retired,
} from '../../../src/core/record/ledger.ts';
import { readHistory, readRetired, writeHistory, writeRetired } from '../../support/annotations.ts';
import { ago, ahead, FROM_KEY, inFlight, NOW, TO_KEY } from '../../support/journals.ts';

const RETIRED: readonly Retired[] = [
  { version: 1, keyUnknown: 'no issuer knows it', at: ago(3), rotation: 'kw-1' },
  {
    version: 2,
    key: FROM_KEY,
    at: ago(2),
    rotation: 'kw-2',
    deletingUntil: ahead(1),
    deletedAt: ago(1),
    provenDeadAt: NOW,
  },
];

const PAST: readonly Past[] = [
  {
    id: 'kw-2',
    requestId: 'r-1',
    reason: 'age',
    outcome: 'completed',
    from: 1,
    to: 2,
    toKey: TO_KEY,
    at: NOW,
    why: 'old',
  },
  { id: 'kw-1', reason: 'dead', outcome: 'abandoned', from: 1, at: ago(1) },
];

test('the lists are read back as they were written, under their own names', () => {
  expect(readRetired(writeRetired(RETIRED) ?? '')).toEqual(RETIRED);
  expect(readHistory(writeHistory(PAST) ?? '')).toEqual(PAST);
  expect(writeHistory(PAST)).toContain('2027-01-15T08:00:00.000Z');
  expect([RETIRED_ANNOTATION, HISTORY_ANNOTATION]).toEqual(['key-warden.retired', 'key-warden.history']);
});

test('an empty list is no annotation', () => {
  expect([writeRetired([]), writeHistory([])]).toEqual([null, null]);
  expect([readRetired(undefined), readHistory(undefined)]).toEqual([[], []]);
});

test.each([
  ['no JSON', 'list'],
  ['another version', '{"v":2,"list":[]}'],
  ['no list', '{"v":1}'],
  ['an entry that is not understood', '{"v":1,"list":[{"version":"one"}]}'],
])('what is not understood is not taken for an empty list: %s', (_, annotation) => {
  expect(readRetired(annotation)).toBeUndefined();
  expect(readHistory(annotation)).toBeUndefined();
});

describe('the annotations stay small', () => {
  test('five rotations are remembered, the newest ones', () => {
    const many = Array.from({ length: 9 }, (_, at): Past => ({
      id: `kw-${at}`,
      reason: 'dead',
      outcome: 'abandoned',
      from: 1,
      at: NOW,
    }));
    expect(readHistory(writeHistory(many) ?? '')?.map(({ id }) => id)).toEqual([
      'kw-0',
      'kw-1',
      'kw-2',
      'kw-3',
      'kw-4',
    ]);
  });

  test('so does the reason of each, counted in bytes', () => {
    expect(pastOf(inFlight({ why: 'x'.repeat(999) }), 'abandoned', NOW).why).toBe(`${'x'.repeat(107)}…`);
    expect(pastOf(inFlight({ why: 'ж'.repeat(999) }), 'abandoned', NOW).why).toBe(`${'ж'.repeat(53)}…`);
  });

  test('remembers who turned the rotation in flight, before why it ended', () => {
    const steered = { to: 'resume', by: { who: 'jane', is: 'claimed' } } as const;
    const words = 'resume asked for by jane (claimed)';
    expect(pastOf(inFlight({ steered }), 'completed', NOW).why).toBe(words);
    expect(pastOf(inFlight({ steered, why: 'no quota' }), 'abandoned', NOW).why).toBe(`${words}; no quota`);
  });

  test('the list of old keys is full at twenty, or at less where one more might have no room', () => {
    const short = { version: 1, at: NOW, rotation: 'kw-0' };
    const of = (count: number, old: Retired) => Array.from({ length: count }, () => old);
    expect([RETIRED_MAX - 1, RETIRED_MAX].map((count) => isLedgerFull(of(count, short)))).toEqual([false, true]);
    const long = { ...short, keyUnknown: 'x'.repeat(300) };
    expect([11, 12].map((count) => isLedgerFull(of(count, long)))).toEqual([false, true]);
    expect(readRetired(writeRetired([long]) ?? '')?.[0]?.keyUnknown).toHaveLength(198);
  });
});

test('what ends is remembered with what a later rollback needs', () => {
  const journal = inFlight({ requestId: 'r-1', reason: 'age', toKey: TO_KEY, why: undefined });
  expect(pastOf(journal, 'completed', NOW)).toEqual({
    id: 'kw-1-abc',
    requestId: 'r-1',
    reason: 'age',
    outcome: 'completed',
    from: 1,
    to: 2,
    toKey: TO_KEY,
    at: NOW,
    why: undefined,
  });
});
