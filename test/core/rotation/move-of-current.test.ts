import { describe, expect, test } from '@jest/globals';
import type { Past } from '../../../src/core/record/ledger.ts';
import { moveOf, type Moved } from '../../../src/core/rotation/move-of-current.ts';
import { ago, inFlight, NOW, resting } from '../../support/journals.ts';

const SECRET = 'projects/1/secrets/a';
const past = (fields: Partial<Past> = {}): Past => ({
  id: 'kw-1-old',
  reason: 'request',
  outcome: 'completed',
  from: 1,
  to: 2,
  at: ago(1),
  ...fields,
});
const moved = (fields: Partial<Moved> = {}) =>
  moveOf({ secret: SECRET, current: 2, journal: resting(), history: [], ...fields }, NOW);

describe('the move that consumers follow', () => {
  test.each(['promoted', 'drained'] as const)('is that of a rotation that has promoted: %s', (phase) => {
    const journal = inFlight({ phase, promotedAt: ago(2) });
    expect(moved({ journal })).toEqual({ secret: SECRET, to: 2, other: 1, mark: '2@kw-1-abc', at: ago(2) });
  });

  test('begins with its phase where no moment is on record', () => {
    expect(moved({ journal: inFlight({ phase: 'promoted' }) })?.at).toBe(NOW);
  });

  test('is the way back once `current` is there, under a mark of its own', () => {
    const journal = inFlight({ phase: 'abandoned', promotedAt: ago(2) });
    expect(moved({ journal, current: 1 })).toEqual({
      secret: SECRET,
      to: 1,
      other: 2,
      mark: '1@kw-1-abc',
      at: NOW,
      back: { from: '2@kw-1-abc', isOver: false },
    });
    // The alias has not moved back yet.
    expect(moved({ journal, current: 2 })).not.toHaveProperty('back');
  });

  test('is none before a promotion, on the way back, or where a third version is current', () => {
    expect(moved({ journal: inFlight({ phase: 'verified' }), history: [past()] })).toBeUndefined();
    expect(moved({ journal: inFlight({ phase: 'reverting', promotedAt: ago(2) }) })).toBeUndefined();
    expect(moved({ journal: inFlight({ phase: 'abandoned' }), current: 1 })).toBeUndefined();
    expect(moved({ journal: inFlight({ phase: 'promoted' }), current: 9 })).toBeUndefined();
    expect(moved({ journal: inFlight({ phase: 'promoted', to: undefined }), current: 1 })).toBeUndefined();
    expect(moved({ journal: inFlight({ phase: 'promoted' }), current: undefined })).toBeUndefined();
  });

  test('is for a day that of the last rotation, because an emergency waits for nobody', () => {
    expect(moved({ history: [past()] })).toEqual({ secret: SECRET, to: 2, other: 1, mark: '2@kw-1-old', at: ago(1) });
    expect(moved({ history: [past({ at: ago(24) })] })).toBeUndefined();
    expect(moved({ history: [past({ outcome: 'abandoned' })] })).toBeUndefined();
    expect(moved()).toBeUndefined();
  });

  test('is for a day the way back of one that was given up, with the version that holds the old key once more', () => {
    const history = [past({ outcome: 'abandoned' })];
    const back = { from: '2@kw-1-old', isOver: true };
    const journal = resting({ passedOver: [9, 2, 3] });
    expect(moved({ history, journal, current: 1 })).toEqual({
      secret: SECRET,
      to: 1,
      other: 2,
      mark: '1@kw-1-old',
      at: ago(1),
      back: { ...back, again: 3 },
    });
    expect(moved({ history, journal: resting({ passedOver: [2] }), current: 1 })).toMatchObject({ back });
    expect(moved({ history, current: 1 })?.back).toEqual(back);
    expect(moved({ history: [past({ outcome: 'abandoned', to: undefined })], journal, current: 1 })).toBeUndefined();
    expect(moved({ history: [past({ outcome: 'abandoned', at: ago(24) })], journal, current: 1 })).toBeUndefined();
  });
});
