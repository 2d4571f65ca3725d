import { NO_TOMBSTONES } from '../../../src/core/record/tombstones.ts';
import { describe, expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import type { Past, Retired } from '../../../src/core/record/ledger.ts';
import { entryFor, type Entry } from '../../../src/core/rotation/commit-entry.ts';
import { ago, FROM_KEY, inFlight, NOW, resting, TO_KEY } from '../../support/journals.ts';

const EMPTY = { retired: [], history: [], leaks: [], tombstones: NO_TOMBSTONES };
const KEYS = { fromKey: FROM_KEY, toKey: TO_KEY };

function booksIn({ record: { retired, history } }: Entry) {
  return { retired, history };
}

function ended(before: Partial<InFlight>, retired: readonly Retired[] = []) {
  return booksIn(entryFor(inFlight(before), resting(), { ...EMPTY, retired }, NOW));
}

describe('one write', () => {
  test('at the end takes into the history who asked', () => {
    const by = { who: 'jane', is: 'claimed' } as const;
    expect(ended({ phase: 'drained', by })).toMatchObject({ history: [{ by }] });
  });

  test('holds the journal alone while a rotation goes on (I10)', () => {
    const after = inFlight({ phase: 'verified' });
    const entry = entryFor(inFlight(), after, EMPTY, NOW);
    expect(entry.record).toEqual({ rotation: after });
    expect(entry.aliases).toEqual({});
  });

  test('holds the journal alone when a rotation begins', () => {
    const entry = entryFor(resting(), inFlight({ phase: 'promoted' }), EMPTY, NOW);
    expect(Object.keys(entry.record)).toEqual(['rotation']);
    expect(entry.aliases).toEqual({});
  });

  test('is no history of a secret that rests', () => {
    const entry = entryFor(resting(), resting({ failures: 1 }), EMPTY, NOW);
    expect(Object.keys(entry.record)).toEqual(['rotation']);
  });
});

test('going back that is given up moves nothing and forgets nothing: both keys are where they were (I5)', () => {
  const kept: Retired = { version: 1, key: FROM_KEY, at: ago(9), rotation: 'kw-0' };
  const before = inFlight({ phase: 'reverting', reason: 'rollback', promotedAt: ago(1), ...KEYS });
  const entry = entryFor(before, resting(), { ...EMPTY, retired: [kept] }, NOW);
  expect(entry.aliases).toEqual({});
  expect(booksIn(entry)).toMatchObject({ retired: [kept], history: [{ outcome: 'abandoned' }] });
});

describe('aliases move with the journal, in two places', () => {
  const aliasesOf = (
    before: Partial<InFlight>,
    phase: InFlight['phase'],
    history: readonly Past[] = [],
    previous?: number,
  ) => entryFor(inFlight(before), inFlight({ phase }), { ...EMPTY, history }, NOW, previous).aliases;

  test('forward at the promotion (I2)', () => {
    expect(aliasesOf({ phase: 'verified' }, 'promoted')).toEqual({ current: 2, previous: 1 });
  });

  test('back once the old version can be read again', () => {
    expect(aliasesOf({ phase: 'reverting' }, 'abandoned', [], 1)).toEqual({ current: 1, previous: null });
  });

  test('but never a `previous` that somebody else set (I10)', () => {
    const past: Past = { id: 'kw-0', reason: 'age', outcome: 'completed', from: 7, to: 1, at: ago(9) };
    expect(aliasesOf({ phase: 'verified' }, 'promoted', [], 7)).toEqual({ current: 2 });
    expect(aliasesOf({ phase: 'verified' }, 'promoted', [past], 7)).toEqual({ current: 2, previous: 1 });
    expect(aliasesOf({ phase: 'verified' }, 'promoted', [past], 1)).toEqual({ current: 2, previous: 1 });
    expect(aliasesOf({ phase: 'reverting' }, 'abandoned', [], 7)).toEqual({ current: 1 });
  });

  test.each([
    [{ phase: 'verified' }, 'abandoned'],
    [{ phase: 'verified', to: undefined }, 'promoted'],
    [{ phase: 'promoted' }, 'promoted'],
    [{ phase: 'reverting' }, 'reverting'],
    [{ phase: 'written' }, 'abandoned'],
  ] as const)('from %j to %s nothing moves', (before, after) => {
    expect(aliasesOf(before, after)).toEqual({});
  });
});

describe('when a rotation ends', () => {
  test('the old key awaits its deletion, and the rotation is history (I5)', () => {
    const earlier = { version: 9, at: ago(5), rotation: 'kw-0' };
    expect(ended({ phase: 'drained', ...KEYS }, [earlier])).toMatchObject({
      retired: [earlier, { version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-1-abc' }],
      history: [{ id: 'kw-1-abc', outcome: 'completed' }],
    });
  });

  test('why the old key is not known is kept as long as it is not, for whoever must delete it by hand (I5)', () => {
    const why = (fromKey?: typeof FROM_KEY) =>
      ended({ phase: 'drained', fromKey, fromKeyUnknown: 'it is not ours' }).retired?.map(
        ({ keyUnknown }) => keyUnknown,
      );
    expect([why(), why(FROM_KEY)]).toEqual([['it is not ours'], [undefined]]);
  });

  test('a key that was never promoted leaves nothing to delete later', () => {
    expect(ended({ phase: 'abandoned', ...KEYS })).toMatchObject({ retired: [], history: [{ outcome: 'abandoned' }] });
  });

  test('a key that consumers may have read awaits its deletion, and the old one no longer does (I5)', () => {
    const waiting = { version: 1, at: ago(5), rotation: 'kw-0' };
    const other = { version: 7, at: ago(6), rotation: 'kw-00' };
    const fields = { phase: 'abandoned', reason: 'rollback', promotedAt: ago(1), ...KEYS } as const;
    expect(ended(fields, [waiting, other])).toMatchObject({
      retired: [other, { version: 2, key: TO_KEY, at: NOW, rotation: 'kw-1-abc' }],
      history: [{ outcome: 'completed' }],
    });
  });

  test('a journal without a new version has none to delete', () => {
    expect(ended({ phase: 'abandoned', promotedAt: ago(1), to: undefined }).retired).toEqual([]);
  });

  test('earlier rotations stay on record behind it', () => {
    const history = [{ id: 'kw-0', reason: 'age', outcome: 'completed', from: 0, at: ago(9) }] as const;
    const entry = entryFor(inFlight({ phase: 'drained' }), resting(), { ...EMPTY, history }, NOW);
    expect(entry.aliases).toEqual({});
    expect(booksIn(entry).history?.map(({ id }) => id)).toEqual(['kw-1-abc', 'kw-0']);
  });
});
