import { describe, expect, test } from '@jest/globals';
import { advance, enter, leaseOf, type Outcome } from '../../../src/core/rotation/advance.ts';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { firstLookAt } from '../../../src/core/rotation/drain.ts';
import { isBeforePromotion, ROTATION } from '../../../src/core/rotation/rotation.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, FROM_KEY, HOUR_MS, inFlight, NOW, POLICY, TO_KEY } from '../../support/journals.ts';

const LEASE = { holder: 'worker-1', act: 'mint', until: ahead(1) } as const;
const DONE: Outcome = { kind: 'done' };
const UNSURE: Outcome = { kind: 'unsure', why: 'no answer' };
const REFUSED: Outcome = { kind: 'refused', why: 'the key is bad' };
/** Longer than a drain may take. */
const LONG_AGO = ago(POLICY.drainHoursMax);
const PHASES = Object.keys(ROTATION).filter((phase): phase is InFlight['phase'] => phase !== 'resting');

function after(journal: Partial<InFlight>, outcome: Outcome) {
  return advance(inFlight(journal), outcome, POLICY, NOW);
}

describe('what follows an act is a look-up in the table', () => {
  test.each(PHASES)('done, refused and worn out in %s', (phase) => {
    const { done, refused, worn } = ROTATION[phase];
    const placeOf = (journal: Partial<InFlight>, outcome: Outcome) => {
      const next = after({ phase, ...journal }, outcome);
      return next.phase !== 'resting' && next.held ? 'held' : next.phase;
    };
    expect(placeOf({}, DONE)).toBe(done);
    expect(placeOf({}, REFUSED)).toBe(refused);
    expect(placeOf({ tries: POLICY.triesMax - 1, openedAt: LONG_AGO }, UNSURE)).toBe(worn);
    expect(placeOf({}, UNSURE)).toBe(phase);
  });

  test('a new phase begins without the old one’s lease, tries, pause and hold', () => {
    const journal = { phase: 'opened', lease: LEASE, tries: 2, notBefore: ago(1), held: true, since: ago(1) } as const;
    expect(after(journal, DONE)).toMatchObject({
      phase: 'minted',
      since: NOW,
      lease: undefined,
      tries: 0,
      notBefore: undefined,
      held: false,
    });
  });

  test('a phase that is held keeps its name, and loses its lease', () => {
    expect(after({ phase: 'drained', lease: LEASE, why: 'before' }, REFUSED)).toMatchObject({
      phase: 'drained',
      held: true,
      lease: undefined,
      why: 'the key is bad',
    });
    expect(enter(inFlight({ why: 'before' }), 'held', undefined, NOW)).toMatchObject({ held: true, why: 'before' });
  });

  test('the moment of the promotion is kept from then on', () => {
    expect(after({ phase: 'verified' }, DONE)).toMatchObject({ phase: 'promoted', promotedAt: NOW });
    expect(after({ phase: 'promoted', promotedAt: ago(9) }, DONE)).toMatchObject({ promotedAt: ago(9) });
  });

  test('a promotion says until when nobody need look; in an emergency there is nothing to wait for', () => {
    const notBefore = firstLookAt(NOW, POLICY);
    expect(after({ phase: 'verified' }, DONE)).toMatchObject({ notBefore, why: expect.stringContaining('is kept') });
    expect(after({ phase: 'verified', emergency: true }, DONE)).toMatchObject({ notBefore: undefined, why: undefined });
  });

  test('a wish is taken up by giving up, and outlives any other phase', () => {
    expect(enter(inFlight({ wish: 'abort' }), 'abandoned', 'asked', NOW)).toMatchObject({ wish: undefined });
    expect(enter(inFlight({ wish: 'rollback' }), 'verified', undefined, NOW)).toMatchObject({ wish: 'rollback' });
  });

  test('the reason of an abandoned rotation stays with it; a pause’s reason ends with its phase', () => {
    expect(after({ phase: 'reverting', why: 'the new key died' }, DONE)).toMatchObject({ why: 'the new key died' });
    expect(after({ phase: 'promoted', why: 'still draining' }, DONE)).toMatchObject({ why: undefined });
    expect(after({ phase: 'written', why: 'before' }, REFUSED)).toMatchObject({ why: 'the key is bad' });
  });
});

describe('an act that could not tell', () => {
  test('is counted, gives its lease back, and waits twice as long each time, up to half an hour', () => {
    const pauses = [0, 1, 2, 20].map((tries) =>
      advance(inFlight({ tries, lease: LEASE }), UNSURE, { ...POLICY, triesMax: 50 }, NOW),
    );
    expect(pauses[0]).toMatchObject({ phase: 'written', lease: undefined, why: 'no answer', tries: 1 });
    expect(pauses.map(({ notBefore }) => notBefore)).toEqual(
      [20, 40, 80, 1800].map((seconds) => plusMs(NOW, seconds * 1000)),
    );
  });

  test('is held at once when only a person can end it', () => {
    expect(after({ phase: 'opened' }, { ...UNSURE, hold: true })).toMatchObject({
      phase: 'opened',
      held: true,
      tries: 1,
      why: 'no answer',
    });
  });

  test('says in a hold after too many tries how many there were', () => {
    expect(after({ phase: 'promoted', tries: 2, promotedAt: LONG_AGO }, UNSURE)).toMatchObject({
      held: true,
      tries: 3,
    });
  });

  test.each(['promoted', 'drained', 'abandoned'] as const)(
    'in %s calls no person as long as a drain may take: consumers have a key that works',
    (phase) => {
      const calm = { phase, tries: 3, promotedAt: ago(POLICY.drainHoursMax - 1), openedAt: LONG_AGO } as const;
      expect(after(calm, UNSURE)).toMatchObject({ phase, held: false, tries: 3, notBefore: plusMs(NOW, 80_000) });
      expect(after({ ...calm, promotedAt: LONG_AGO }, UNSURE)).toMatchObject({ phase, held: true });
      expect(after({ ...calm, emergency: true }, UNSURE)).toMatchObject({ phase, held: true });
      expect(after(calm, { ...UNSURE, hold: true })).toMatchObject({ phase, held: true });
    },
  );
});

describe('bad weather before the promotion', () => {
  const PASSES: Outcome = { ...UNSURE, passes: true };
  const young = PHASES.filter(isBeforePromotion);

  test.each(young)(
    'in %s is waited out for two days: to begin again would mint another key in the same weather',
    (phase) => {
      const stormy = { phase, tries: 3, openedAt: ago(47) } as const;
      expect(after(stormy, PASSES)).toMatchObject({ phase, held: false, tries: 3, notBefore: plusMs(NOW, 80_000) });
      expect(after({ ...stormy, openedAt: ago(48) }, PASSES)).toMatchObject({ phase: 'abandoned', why: 'no answer' });
    },
  );

  test.each(young)('in %s ends the patience with what does not pass, and in an emergency', (phase) => {
    const stormy = { phase, tries: 3, openedAt: ago(1) } as const;
    expect(after(stormy, UNSURE)).toMatchObject({ phase: 'abandoned' });
    expect(after({ ...stormy, emergency: true }, PASSES)).toMatchObject({ phase: 'abandoned' });
  });

  test('on the way back is no such weather: consumers read a key that was refused', () => {
    expect(after({ phase: 'reverting', tries: 3, openedAt: ago(1) }, PASSES)).toMatchObject({ held: true });
  });
});

test('waiting is no failure: nothing is counted, and the lease is given back', () => {
  const waiting = after({ tries: 2, lease: LEASE }, { kind: 'wait', why: 'too fresh', until: ahead(1) });
  expect(waiting).toMatchObject({
    phase: 'written',
    tries: 2,
    lease: undefined,
    why: 'too fresh',
    notBefore: ahead(1),
  });
});

describe('what an act found out', () => {
  const drain = { use: 'idle', requests: 0, at: NOW } as const;
  const found = { to: 7, fromKey: FROM_KEY, fromKeyUnknown: 'not ours', toKey: TO_KEY, drain };

  test('is kept whatever the act came to', () => {
    expect(after({ phase: 'minted' }, { ...DONE, ...found })).toMatchObject(found);
    expect(after({ phase: 'minted' }, { ...UNSURE, learned: found })).toMatchObject(found);
    expect(after({ phase: 'minted' }, { kind: 'wait', why: '', until: NOW, learned: found })).toMatchObject(found);
  });

  test('does not forget what was known', () => {
    expect(after({ phase: 'written', ...found }, DONE)).toMatchObject(found);
  });

  test('passes each version over once, and remembers the newest twenty', () => {
    const passedOver = Array.from({ length: 20 }, (_, at) => at + 1);
    const next = after({ rest: { failures: 0, passedOver } }, { ...REFUSED, learned: { passOver: [20, 21] } });
    expect(next).toMatchObject({ rest: { passedOver: [...passedOver.slice(1), 21] } });
  });
});

describe('back at rest', () => {
  const rest = { failures: 2, notBefore: ago(1), passedOver: [4] };

  test('a rotation that ended as it should clears the failures', () => {
    expect(after({ phase: 'drained', rest }, DONE)).toEqual({ phase: 'resting', failures: 0, passedOver: [4] });
  });

  test('an abandoned one delays the next, longer each time, up to a day', () => {
    expect(after({ phase: 'abandoned', rest }, { ...DONE, passOver: [5] })).toEqual({
      phase: 'resting',
      failures: 3,
      notBefore: plusMs(NOW, 40 * 60_000),
      passedOver: [4, 5],
    });
    expect(after({ phase: 'abandoned', rest: { ...rest, failures: 30 } }, DONE)).toMatchObject({
      notBefore: plusMs(NOW, 24 * HOUR_MS),
    });
  });
});

test('a lease names its holder, the act of the phase, and its end', () => {
  expect(leaseOf(inFlight({ phase: 'minted' }), 'me', POLICY, NOW)).toEqual({
    holder: 'me',
    act: 'write',
    until: plusMs(NOW, 120_000),
  });
});

test('a rollback that is done is no failure, and nothing is begun by itself for a day', () => {
  const back = inFlight({ phase: 'abandoned', reason: 'rollback' });
  expect(enter(back, 'resting', undefined, NOW)).toEqual({
    phase: 'resting',
    failures: 0,
    notBefore: plusMs(NOW, 24 * 3_600_000),
    passedOver: back.rest.passedOver,
  });
});
