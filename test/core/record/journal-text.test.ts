import { describe, expect, test } from '@jest/globals';
import { NEVER_ROTATED, type InFlight } from '../../../src/core/record/journal.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { readJournal, writeJournal } from '../../support/annotations.ts';
import { ago, ahead, FROM_KEY, inFlight, NOW, resting, TO_KEY } from '../../support/journals.ts';

const FULL: InFlight = inFlight({
  phase: 'opened',
  requestId: 'r-1',
  mint: {
    keyProject: 'keys-project',
    keyServiceAccount: 'a@b.iam.gserviceaccount.com',
    keyKind: 'auth',
    dropTargets: 'on',
  },
  fromKey: FROM_KEY,
  fromKeyUnknown: 'no issuer knows it',
  toKey: TO_KEY,
  promotedAt: ago(0.5),
  lease: { holder: 'worker-1', act: 'mint', until: ahead(1) },
  tries: 2,
  notBefore: ahead(2),
  why: 'no answer',
  drain: { use: 'busy', requests: 3, at: NOW, overdue: true },
  held: true,
  holds: 2,
  wish: 'rollback',
  rest: { failures: 1, notBefore: ago(1), passedOver: [4] },
});

describe('a journal is read back as it was written', () => {
  test.each([
    ['everything set', FULL],
    ['as little as possible', inFlight({ to: undefined })],
    ['at rest', resting({ failures: 2, notBefore: ahead(1), passedOver: [2, 3] })],
    ['at rest after one failure', resting({ failures: 1 })],
    ['at rest with a version passed over', resting({ passedOver: [2] })],
  ])('%s', (_, journal) => {
    expect(readJournal(writeJournal(journal) ?? 'removed')).toEqual(journal);
  });

  test('but for the end of a reason that would fill the annotations of a secret', () => {
    const journal = readJournal(writeJournal(inFlight({ why: 'x'.repeat(20_000) })) ?? '');
    expect(journal).toMatchObject({ why: expect.stringMatching(/^x{437}…$/) });
  });

  test.each([
    { phase: 'opened', candidate: 'minted', reason: 'request', mint: { keyKind: 'standard' } },
    { phase: 'minted', candidate: 'supplied', reason: 'schedule', mint: { keyKind: 'auth' } },
    { phase: 'written', candidate: 'adopted', reason: 'age', mint: {} },
    { phase: 'verified', candidate: 'minted', reason: 'dead' },
    { phase: 'promoted', candidate: 'minted', reason: 'leaked' },
    { phase: 'drained', candidate: 'minted', reason: 'added' },
    { phase: 'reverting', candidate: 'minted', reason: 'rollback' },
    { phase: 'abandoned', candidate: 'minted', reason: 'request' },
  ] as const)('%j', (fields) => {
    expect(readJournal(writeJournal(inFlight(fields)) ?? 'removed')).toEqual(inFlight(fields));
  });

  test('where there is nothing to remember the annotation is removed', () => {
    expect(writeJournal(NEVER_ROTATED)).toBeNull();
    expect(readJournal(undefined)).toBe(NEVER_ROTATED);
  });
});

test('moments in it are such that a person can read them, and the annotation has its name', () => {
  expect(writeJournal(FULL)).toContain('"until":"2027-01-15T09:00:00.000Z"');
  expect(writeJournal(FULL)?.startsWith('{"v":1,')).toBe(true);
  expect(writeJournal(resting({ failures: 1 }))).toBe('{"v":1,"phase":"resting","failures":1,"passedOver":[]}');
  expect(ROTATION_ANNOTATION).toBe('key-warden.rotation');
});

describe('what this release does not understand is not a journal (I6)', () => {
  const written: Record<string, unknown> = JSON.parse(writeJournal(FULL) ?? '');

  test.each([
    ['no JSON', 'resting'],
    ['no object', '[]'],
    ['another version', JSON.stringify({ ...written, v: 3 })],
    ['a phase of a newer release', JSON.stringify({ ...written, phase: 'paused' })],
    ['rest without its fields', '{"v":1,"phase":"resting"}'],
    ...Object.keys(written).map((field) => [`a broken ${field}`, JSON.stringify({ ...written, [field]: [1] })]),
  ])('%s', (_, annotation) => {
    expect(readJournal(annotation)).toBeUndefined();
  });
});

test('a pause is remembered even when nothing else is', () => {
  const paused = { phase: 'resting', failures: 0, passedOver: [], notBefore: NOW } as const;
  expect(readJournal(writeJournal(paused) ?? undefined)).toEqual(paused);
});
