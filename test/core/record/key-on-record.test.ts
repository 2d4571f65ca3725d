import { expect, test } from '@jest/globals';
import { NEVER_ROTATED } from '../../../src/core/record/journal.ts';
import { keyOnRecord } from '../../../src/core/record/key-on-record.ts';
import { FROM_KEY, inFlight, NOW, TO_KEY } from '../../support/journals.ts';

const read = <T>(value: T) => ({ is: 'read', value }) as const;
const UNREADABLE = { is: 'unreadable', why: 'x', text: 'x' } as const;
const NOTHING = { rotation: read(NEVER_ROTATED), retired: read([]), history: read([]) };
const PAST = { id: 'kw-2', reason: 'age', outcome: 'completed', from: 1, to: 2, toKey: TO_KEY, at: NOW } as const;

test('the key of a version is known from the rotation that made it, and afterwards from its history', () => {
  expect(keyOnRecord({ ...NOTHING, history: read([PAST]) }, 2)).toEqual(TO_KEY);
  const flight = inFlight({ from: 2, to: 3, fromKey: FROM_KEY, toKey: TO_KEY });
  expect(keyOnRecord({ ...NOTHING, rotation: read(flight) }, 3)).toEqual(TO_KEY);
  expect(keyOnRecord({ ...NOTHING, rotation: read(flight) }, 2)).toEqual(FROM_KEY);
});

test('the key of an old version is known until it was deleted and forgotten', () => {
  const old = { version: 1, key: FROM_KEY, at: NOW, rotation: 'kw-1' };
  expect(keyOnRecord({ ...NOTHING, retired: read([old]) }, 1)).toEqual(FROM_KEY);
});

test('what no rotation made or found is not known, nor what this release does not read', () => {
  expect(keyOnRecord({ ...NOTHING, history: read([PAST]) }, 1)).toBeUndefined();
  expect(keyOnRecord({ rotation: UNREADABLE, retired: UNREADABLE, history: UNREADABLE }, 1)).toBeUndefined();
});
