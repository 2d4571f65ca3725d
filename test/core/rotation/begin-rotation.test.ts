import { expect, test } from '@jest/globals';
import { opened } from '../../../src/core/rotation/begin-rotation.ts';
import type { Opening } from '../../../src/core/record/journal.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { STANDARD_KEY } from '../../support/fixtures/gemini-answer-parts.ts';
import { ago, FROM_KEY, NOW, resting, TO_KEY } from '../../support/journals.ts';

const SECRET = 'projects/1/secrets/gemini';
const OPENING: Opening = { reason: 'request', candidate: 'minted', emergency: false, from: 3 };
const REST = resting({ failures: 1, notBefore: ago(1), passedOver: [2] });

test('a rotation begins with what was asked and remembers what was known at rest', () => {
  const opening = { ...OPENING, emergency: true, requestId: 'r-1', to: 4, fromKey: FROM_KEY, toKey: TO_KEY };
  expect(opened(SECRET, REST, opening, NOW)).toEqual({
    ...opening,
    phase: 'opened',
    id: expect.any(String),
    openedAt: NOW,
    since: NOW,
    promotedAt: undefined,
    tries: 0,
    held: false,
    rest: { failures: 1, notBefore: ago(1), passedOver: [2] },
  });
});

test('the id is one that the issuer takes, tells secrets and moments apart, and comes out the same again (I5)', () => {
  const idOf = (secret: string, now = NOW) => opened(secret, REST, OPENING, now).id;
  expect(idOf(SECRET)).toMatch(/^kw-[a-z0-9]{1,7}-[a-z0-9]{8,9}$/);
  expect(idOf(SECRET)).toBe(idOf(SECRET));
  expect(new Set([idOf(SECRET), idOf(`${SECRET}2`), idOf(SECRET, plusMs(NOW, 1))]).size).toBe(3);
});

test.each([
  [{}, 'opened', undefined],
  [{ candidate: 'supplied' }, 'opened', undefined],
  [{ candidate: 'adopted', reason: 'added' }, 'written', undefined],
  [{ candidate: 'adopted', reason: 'rollback' }, 'reverting', NOW],
] as const)('%j begins in the phase that is true of it already: %s', (fields, phase, promotedAt) => {
  expect(opened(SECRET, REST, { ...OPENING, ...fields }, NOW)).toMatchObject({ phase, promotedAt });
});

test('what the person said is kept without the key in it (I9), and cut where it would fill the annotation', () => {
  const asked = { reason: 'request', candidate: 'minted', emergency: false, from: 1 } as const;
  const noteOf = (note: string) => opened('projects/p/secrets/s', resting(), { ...asked, note }, NOW).note;
  expect(noteOf('quarterly')).toBe('quarterly');
  expect(noteOf('x'.repeat(300))).toHaveLength(200);
  expect(noteOf(`leaked ${STANDARD_KEY} on a forum`)).toBe('leaked [redacted key] on a forum');
});
