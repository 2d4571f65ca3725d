import { describe, expect, test } from '@jest/globals';
import { asEmergency, leavesLeak, onceLeaked } from '../../../src/core/rotation/make-emergency.ts';
import { AUTH_KEY } from '../../support/fixtures/gemini-answer-parts.ts';
import { ahead, FROM_KEY, inFlight } from '../../support/journals.ts';

const URGENT = { reason: 'leaked', candidate: 'minted', emergency: true } as const;

describe('a rotation in flight when somebody cries emergency', () => {
  test.each(['opened', 'minted', 'written', 'verified', 'promoted', 'drained'] as const)(
    'waits for nothing any more, in %s',
    (phase) => {
      const stuck = { tries: 3, held: true, notBefore: ahead(9), why: 'draining', note: 'yearly' };
      const journal = inFlight({ phase, ...stuck });
      const urgent = { ...journal, emergency: true, reason: 'leaked', held: false, tries: 0 } as const;
      expect(asEmergency(journal, URGENT)).toEqual({ ...urgent, notBefore: undefined, why: undefined });
      expect(asEmergency(journal, { ...URGENT, note: 'on GitHub' })).toMatchObject({ note: 'on GitHub' });
      expect(asEmergency(journal, { ...URGENT, note: AUTH_KEY })).toMatchObject({ note: '[redacted key]' });
      const [planned, urgentBy] = [
        { who: 'ci@ops-prod.iam.gserviceaccount.com', is: 'verified' },
        { who: 'jane', is: 'claimed' },
      ] as const;
      expect(asEmergency({ ...journal, by: planned }, URGENT)?.by).toEqual(planned);
      expect(asEmergency({ ...journal, by: planned }, { ...URGENT, by: urgentBy })?.by).toEqual(urgentBy);
    },
  );

  test.each([
    ['nobody does', inFlight(), { ...URGENT, emergency: false }],
    ['it is one already', inFlight({ emergency: true }), URGENT],
    ['a key of their own is wanted', inFlight(), { ...URGENT, candidate: 'supplied' }],
    ['it is going back', inFlight({ phase: 'reverting' }), URGENT],
    ['it is given up', inFlight({ phase: 'abandoned' }), URGENT],
  ] as const)('goes on as it was when %s', (_, journal, asked) => {
    expect(asEmergency(journal, asked)).toBeUndefined();
  });
});

describe('a rotation in flight whose old key is found leaked', () => {
  test.each(['opened', 'minted', 'written', 'verified'] as const)('is an emergency from then on, in %s', (phase) => {
    const journal = inFlight({ phase, reason: 'age', note: 'yearly' });
    expect(onceLeaked(journal, 'leaked')).toMatchObject({ emergency: true, reason: 'leaked', note: 'yearly' });
  });

  test.each([
    ['the key is only dead', inFlight({ phase: 'minted' }), 'dead'],
    ['nothing is wrong', inFlight({ phase: 'minted' }), undefined],
    ['it is one already', inFlight({ phase: 'minted', emergency: true }), 'leaked'],
    ['it waits for a person', inFlight({ phase: 'minted', held: true }), 'leaked'],
    ['consumers read the new key already', inFlight({ phase: 'promoted' }), 'leaked'],
    ['it is given up', inFlight({ phase: 'abandoned' }), 'leaked'],
  ] as const)('goes on as it was when %s', (_, journal, dead) => {
    expect(onceLeaked(journal, dead)).toBeUndefined();
  });
});

test('an emergency leaves a leak where nobody knows whose the old key is, or it comes to nothing, and it was a key', () => {
  const ended = { phase: 'drained', emergency: true } as const;
  expect(leavesLeak(inFlight(ended))).toBe(true);
  expect(leavesLeak(inFlight({ ...ended, fromKey: FROM_KEY }))).toBe(false);
  expect(leavesLeak(inFlight({ ...ended, keepOld: true }))).toBe(false);
  expect(leavesLeak(inFlight({ ...ended, emergency: false }))).toBe(false);
  expect(leavesLeak(inFlight({ ...ended, phase: 'abandoned', fromKey: FROM_KEY }))).toBe(true);
  expect(leavesLeak(inFlight({ ...ended, phase: 'abandoned', emergency: false }))).toBe(false);
});
