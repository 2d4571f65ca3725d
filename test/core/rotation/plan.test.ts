import { describe, expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { afterAbort, FLIGHT_RULES, plan, REST_RULES, type View } from '../../../src/core/rotation/plan.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, ahead, inFlight, NOW, POLICY, resting } from '../../support/journals.ts';

const ME = 'worker-1';
const ACT = { do: 'act' };
const ASKED = { reason: 'request', candidate: 'minted', emergency: false } as const;

function flying(journal: Partial<InFlight>, view: Partial<View> = {}) {
  return plan({ journal: inFlight(journal), aliases: { current: 1 }, policy: POLICY, me: ME, now: NOW, ...view });
}

function atRest(view: Partial<View> = {}, journal = resting()) {
  const newest = { number: 3, enabled: true };
  return plan({ journal, aliases: { current: 3 }, newest, policy: POLICY, me: ME, now: NOW, ...view });
}

test('rules are asked in this order, each with its reason', () => {
  expect(FLIGHT_RULES.map(({ name }) => name)).toEqual([
    'lease of another',
    'wish',
    'held',
    'current moved',
    'never back',
    'leaked',
    'not yet',
    'nothing to mint',
    'lease first',
  ]);
  expect(REST_RULES.map(({ name }) => name)).toEqual([
    'being deleted',
    'asked',
    'backoff',
    'added',
    'dead',
    'due',
    'age',
  ]);
  const reasons = [...FLIGHT_RULES, ...REST_RULES].map(({ because }) => because);
  expect(new Set(reasons).size).toBe(16);
  expect(reasons.every((because) => because.length > 10)).toBe(true);
});

const MOVED = 'somebody moved current to version ';

describe('in flight', () => {
  describe('a leak that is found on the way', () => {
    test('makes it an emergency that waits for no backoff', () => {
      const leaked = flying({ phase: 'minted', notBefore: ahead(1) }, { dead: 'leaked' });
      expect(leaked).toMatchObject({
        do: 'hurry',
        hurried: { phase: 'minted', reason: 'leaked', emergency: true, notBefore: undefined },
      });
    });

    test('waits for the lease of another, and for the person of one that is held', () => {
      const lease = { holder: 'worker-2', act: 'mint', until: ahead(1) } as const;
      expect(flying({ phase: 'opened', lease }, { dead: 'leaked' })).toMatchObject({ do: 'wait' });
      expect(flying({ phase: 'minted', held: true }, { dead: 'leaked' })).toMatchObject({ do: 'held' });
    });
  });

  test('the phase’s act is done when nothing speaks against it, on the journal that was looked at', () => {
    const journal = inFlight();
    expect(plan({ journal, aliases: {}, policy: POLICY, me: ME, now: NOW })).toEqual({ do: 'act', journal });
  });

  describe('the lease of another', () => {
    const lease = { holder: 'worker-2', act: 'mint', until: ahead(1) } as const;

    test('makes everybody wait, also a person’s wish', () => {
      expect(flying({ phase: 'opened', lease, wish: 'abort' })).toMatchObject({
        do: 'wait',
        until: ahead(1),
        why: 'worker-2 is at the act mint',
      });
    });

    test('is over at its end', () => {
      expect(flying({ phase: 'opened', lease: { ...lease, until: NOW } })).toMatchObject({ do: 'lease' });
    });
  });

  describe('a person’s wish', () => {
    test.each(['opened', 'minted', 'written', 'verified'] as const)('ends a rotation that is %s', (phase) => {
      for (const wish of ['abort', 'rollback'] as const) {
        expect(flying({ phase, wish, held: true })).toMatchObject({
          do: 'enter',
          to: 'abandoned',
          why: `a person asked for ${wish}`,
        });
      }
    });

    test.each(['promoted', 'drained'] as const)('to go back is taken up when %s, to abort is not', (phase) => {
      const aliases = { current: 2 };
      expect(flying({ phase, wish: 'rollback' }, { aliases })).toMatchObject({
        do: 'enter',
        to: 'reverting',
        why: 'a person asked for rollback',
      });
      expect(flying({ phase, wish: 'abort' }, { aliases })).toMatchObject(ACT);
    });

    test('to abort stops going back where it is, and leaves a third version current to whoever made it so (I7)', () => {
      expect(flying({ phase: 'reverting', wish: 'abort', held: true }, { aliases: { current: 2 } })).toMatchObject({
        do: 'enter',
        to: 'resting',
      });
      for (const phase of ['promoted', 'drained'] as const) {
        const held = { phase, wish: 'abort', held: true } as const;
        expect(flying(held, { aliases: { current: 9 } })).toMatchObject({ do: 'enter', to: 'abandoned' });
        expect(flying(held, { aliases: { current: 1 } })).toMatchObject({ do: 'held' });
        expect(flying(held, { aliases: {} })).toMatchObject({ do: 'held' });
      }
      expect(afterAbort(inFlight({ phase: 'abandoned' }), 9)).toBeUndefined();
      expect(afterAbort(inFlight({ phase: 'written' }), 1)).toBe('abandoned');
    });

    test('is no news while going back', () => {
      expect(flying({ phase: 'reverting', wish: 'rollback' }, { aliases: { current: 2 } })).toMatchObject(ACT);
    });
  });

  test('what is held stays held, and says why', () => {
    expect(flying({ held: true, why: 'access is missing' })).toMatchObject({ do: 'held', why: 'access is missing' });
    expect(flying({ held: true })).toMatchObject({ do: 'held', why: 'held by a person' });
  });

  describe('whoever moves current is not undone (I7)', () => {
    test.each([
      ['verified', 9, 'abandoned', 'somebody moved current to version 9'],
      ['verified', 2, 'abandoned', 'somebody moved current to version 2'],
      ['promoted', 1, 'reverting', 'somebody moved current back'],
      ['drained', 1, 'reverting', 'somebody moved current back'],
      ['promoted', 9, 'held', `${MOVED}9: move it back to 2 and resume, or leave it so with abort`],
      ['reverting', 9, 'held', `${MOVED}9: move it back to 2 and resume, or leave it so with abort`],
    ] as const)('%s, current on version %i: %s', (phase, current, to, why) => {
      expect(flying({ phase }, { aliases: { current } })).toMatchObject({ do: 'enter', to, why });
    });

    test.each([
      ['verified', 1],
      ['promoted', 2],
      ['reverting', 1],
      ['reverting', 2],
    ] as const)('%s with current on version %i is as it should be', (phase, current) => {
      expect(flying({ phase }, { aliases: { current } })).toMatchObject(ACT);
    });

    test('forward again, after going back was begun because somebody had moved it: held, for they may mean either', () => {
      const left = (version: number) => flying({ phase: 'reverting' }, { aliases: { current: 2 }, last: { version } });
      const why = `${MOVED}2 again while this was going back to version 1: to go back, resume; to leave it so, abort`;
      expect(left(1)).toMatchObject({ do: 'enter', to: 'held', why });
      // Whoever is told that and resumes wants it: by then the alias was left there.
      expect(left(2)).toMatchObject(ACT);
    });

    test('an abandoned rotation takes back what it did wherever current points', () => {
      expect(flying({ phase: 'abandoned' }, { aliases: { current: 9 } })).toMatchObject({ do: 'lease' });
    });

    test('a secret read through latest has no current that could move', () => {
      expect(flying({ phase: 'promoted' }, { aliases: {} })).toMatchObject(ACT);
    });
  });

  test('a pause is kept until it is over', () => {
    expect(flying({ notBefore: ahead(1), why: 'no answer' })).toMatchObject({
      do: 'wait',
      until: ahead(1),
      why: 'no answer',
    });
    expect(flying({ notBefore: ahead(1) })).toMatchObject({ do: 'wait', why: 'waiting' });
    expect(flying({ notBefore: NOW })).toMatchObject(ACT);
  });

  test('a drain does not outlast the news that the new key is dead', () => {
    const draining = { phase: 'promoted', promotedAt: ago(1), notBefore: ahead(5) } as const;
    expect(flying(draining, { aliases: { current: 2 } })).toMatchObject({ do: 'wait' });
    expect(flying(draining, { aliases: { current: 2 }, lost: 'found' })).toMatchObject(ACT);
  });

  test('a supplied key is not minted', () => {
    const supplied = { candidate: 'supplied' } as const;
    expect(flying({ phase: 'opened', ...supplied })).toMatchObject({
      do: 'enter',
      to: 'minted',
      why: 'the key was supplied',
    });
    expect(flying({ phase: 'minted', ...supplied })).toMatchObject({ do: 'lease' });
    expect(flying({ phase: 'opened', candidate: 'minted' })).toMatchObject({ do: 'lease' });
  });

  describe('before an act that no etag fences', () => {
    const mine = { holder: ME, act: 'mint', until: plusMs(NOW, 60_001) } as const;

    test('our own lease on that very act, more than half of it left, is enough', () => {
      expect(flying({ phase: 'opened', lease: mine })).toMatchObject(ACT);
    });

    test.each([
      ['none', undefined],
      ['another’s that is over', { ...mine, holder: 'worker-2', until: NOW }],
      ['ours on another act', { ...mine, act: 'write' }],
      ['ours with half of it left', { ...mine, until: plusMs(NOW, 60_000) }],
    ] as const)('a lease is taken: %s', (_, lease) => {
      expect(flying({ phase: 'opened', lease })).toMatchObject({ do: 'lease' });
    });
  });
});

describe('at rest', () => {
  const PAUSED = resting({ failures: 2, notBefore: ahead(1) });

  test('nothing is due', () => {
    expect(atRest()).toEqual({ do: 'rest', why: 'nothing is due', journal: resting() });
  });

  test('unusual use begins a planned rotation where the policy says so, never an emergency, and no forged mark does more', () => {
    const used = resting({ due: { since: ago(1), reason: 'use' } });
    const begun = { reason: 'request', emergency: false, candidate: 'minted', requestId: `use-${ago(1)}` };
    expect(atRest({ policy: { ...POLICY, rotateWhenUnusual: 1 } }, used)).toMatchObject({ do: 'open', opening: begun });
    expect(atRest({}, used)).toMatchObject({ do: 'rest' });
    expect(
      atRest({ policy: { ...POLICY, maxAgeDays: 0 } }, resting({ due: { since: ago(1), reason: 'age' } })),
    ).toMatchObject({
      do: 'rest',
    });
  });

  test('a secret without versions has nothing to rotate, whoever asks', () => {
    expect(atRest({ newest: undefined, asked: ASKED })).toMatchObject({
      do: 'rest',
      why: 'the secret has no version',
      journal: resting(),
    });
  });

  test('whoever asks does not wait for a backoff, and replaces what consumers read', () => {
    expect(atRest({ asked: ASKED, aliases: { current: 2 } }, PAUSED)).toMatchObject({
      do: 'open',
      opening: { ...ASKED, from: 2 },
    });
    expect(atRest({ asked: ASKED, aliases: {} })).toMatchObject({ opening: { from: 3 } });
    expect(atRest({ asked: { ...ASKED, from: 1 } })).toMatchObject({ opening: { from: 1 } });
  });

  test('after failures it waits before it begins anything by itself', () => {
    const aliases = { current: 1 };
    expect(atRest({ aliases }, PAUSED)).toMatchObject({
      do: 'wait',
      until: ahead(1),
      why: '2 rotations were abandoned in a row',
    });
    expect(atRest({ aliases }, resting({ failures: 2, notBefore: NOW }))).toMatchObject({ do: 'open' });
    expect(atRest({ aliases }, resting({ failures: 1, notBefore: ahead(1) }))).toMatchObject({
      why: 'the last rotation was abandoned',
    });
    expect(atRest({ aliases }, resting({ failures: 0, notBefore: ahead(1) }))).toMatchObject({
      why: 'somebody went back to the earlier key',
    });
  });

  test('a version above current is a candidate', () => {
    expect(atRest({ aliases: { current: 2 } })).toMatchObject({
      do: 'open',
      opening: { reason: 'added', candidate: 'adopted', emergency: false, from: 2, to: 3 },
    });
  });

  test.each([
    ['disabled', { newest: { number: 3, enabled: false }, aliases: { current: 2 } }, resting()],
    ['passed over', { aliases: { current: 2 } }, resting({ passedOver: [3] })],
    ['read through latest already', { aliases: {} }, resting()],
  ] as const)('a version that is %s is none', (_, view, journal) => {
    expect(atRest(view, journal)).toMatchObject({ do: 'rest' });
  });

  describe('a dead key', () => {
    const policy = { ...POLICY, rotateWhenDead: 1 };

    test.each([
      ['dead', false],
      ['leaked', true],
    ] as const)('that is %s is replaced where the policy says so, and only there', (dead, emergency) => {
      expect(atRest({ dead, policy })).toMatchObject({
        do: 'open',
        opening: { reason: dead, candidate: 'minted', emergency, from: 3 },
      });
      expect(atRest({ dead })).toMatchObject({ do: 'rest' });
      expect(atRest({ policy })).toMatchObject({ do: 'rest' });
    });

    test('is not replaced again and again while rotations fail', () => {
      expect(atRest({ dead: 'dead', policy }, resting({ failures: 1, notBefore: ahead(1) }))).toMatchObject({
        do: 'wait',
      });
    });
  });

  test('nobody goes back to a key that a purge may be deleting', () => {
    const asked = { reason: 'rollback', candidate: 'adopted', emergency: false, from: 2, to: 3 } as const;
    expect(atRest({ asked, deletingUntil: ahead(1) })).toMatchObject({
      do: 'wait',
      until: ahead(1),
      why: 'a purge may be deleting the old key right now',
    });
    expect(atRest({ asked, deletingUntil: NOW })).toMatchObject({ do: 'open', opening: asked });
  });

  describe('an old key', () => {
    const old = ago(90 * 24);

    test('is replaced on the day its age is over', () => {
      expect(atRest({ currentSince: old })).toMatchObject({
        do: 'open',
        opening: { reason: 'age', candidate: 'minted', emergency: false, from: 3 },
      });
      expect(atRest({ currentSince: plusMs(old, 1) })).toMatchObject({ do: 'rest' });
    });

    test('is left alone where the policy says so', () => {
      expect(atRest({ currentSince: ago(9999), policy: { ...POLICY, maxAgeDays: 0 } })).toMatchObject({ do: 'rest' });
    });
  });
});
