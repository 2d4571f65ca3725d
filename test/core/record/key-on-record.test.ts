import { expect, test } from '@jest/globals';
import { NEVER_ROTATED } from '../../../src/core/record/journal.ts';
import { keyOnRecord } from '../../../src/core/record/key-on-record.ts';
import { FROM_KEY, inFlight, NOW, TO_KEY } from '../../support/journals.ts';

const NOTHING = { journal: NEVER_ROTATED, retired: [], history: [] };
const PAST = { id: 'kw-2', reason: 'age', outcome: 'completed', from: 1, to: 2, toKey: TO_KEY, at: NOW } as const;

test('the key of a version is known from the rotation that made it, and afterwards from its history', () => {
  expect(keyOnRecord({ ...NOTHING, history: [PAST] }, 2)).toEqual(TO_KEY);
  const flight = inFlight({ from: 2, to: 3, fromKey: FROM_KEY, toKey: TO_KEY });
  expect(keyOnRecord({ ...NOTHING, journal: flight }, 3)).toEqual(TO_KEY);
  expect(keyOnRecord({ ...NOTHING, journal: flight }, 2)).toEqual(FROM_KEY);
});

test('the key of an old version is known until it was deleted and forgotten', () => {
  const old = { version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-1' };
  expect(keyOnRecord({ ...NOTHING, retired: [old] }, 1)).toEqual(FROM_KEY);
});

test('what no rotation made or found is not known, nor what this release does not read', () => {
  expect(keyOnRecord({ ...NOTHING, history: [PAST] }, 1)).toBeUndefined();
  expect(keyOnRecord({ journal: undefined, retired: undefined, history: undefined }, 1)).toBeUndefined();
});
