import { describe, expect, test } from '@jest/globals';
import type { LastCurrent } from '../../../src/core/record/last-current.ts';
import {
  afterMove,
  currentAfter,
  currentTrouble,
  isAstray,
  isContested,
  isToldOfLeak,
} from '../../../src/core/rotation/last-current.ts';
import { plan } from '../../../src/core/rotation/plan.ts';
import type { Journal } from '../../../src/core/record/journal.ts';
import { ago, ahead, inFlight, NOW, POLICY, resting } from '../../support/journals.ts';

const LAST: LastCurrent = { version: 2 };
const trouble = (current: number | undefined, last: LastCurrent | undefined = LAST, journal: Journal = resting()) =>
  currentTrouble({ journal, current, last, now: NOW });

describe('an alias `current` at rest', () => {
  test('is no trouble where it was left, or where nothing is remembered', () => {
    expect(trouble(2)).toBeUndefined();
    expect(currentTrouble({ journal: resting(), current: undefined, last: undefined, now: NOW })).toBeUndefined();
  });

  test('that is gone is put back once; the second time nothing is begun any more', () => {
    expect(trouble(undefined)).toEqual({ do: 'put back', version: 2 });
    expect(trouble(undefined, { ...LAST, is: 'put_back' })).toEqual({ do: 'stop', is: 'missing', version: 2 });
    expect(trouble(undefined, { ...LAST, is: 'contested' })).toMatchObject({ do: 'stop', is: 'missing' });
    const held = trouble(undefined, { ...LAST, is: 'missing' });
    expect(held).toMatchObject({ do: 'held', why: expect.stringContaining('taken away from version 2') });
  });

  test('that somebody moved was meant, until it is moved to the same version again within a day', () => {
    expect(trouble(1)).toEqual({ do: 'follow', current: 1, left: 2 });
    const moved = { ...LAST, movedTo: 1, movedAt: ago(23) };
    expect(trouble(1, moved)).toEqual({ do: 'stop', is: 'contested', version: 1 });
    expect(trouble(1, { ...moved, movedAt: ago(24) })).toMatchObject({ do: 'follow' });
    expect(trouble(3, moved)).toMatchObject({ do: 'follow' });
    expect(trouble(1, { version: 1, is: 'leaked' })).toMatchObject({
      do: 'held',
      why: expect.stringContaining('it leaked'),
    });
    const held = trouble(1, { version: 1, movedTo: 1, movedAt: NOW, is: 'contested' });
    expect(held).toMatchObject({ do: 'held', why: expect.stringMatching(/ignore_changes.*External Secrets/) });
  });
});

describe('an alias `current` that is gone while a rotation is in flight', () => {
  const gone = (journal: Parameters<typeof inFlight>[0], last: LastCurrent = LAST) =>
    trouble(undefined, last, inFlight(journal))?.do;

  test('is put back, to what consumers read then', () => {
    for (const phase of ['opened', 'written', 'promoted', 'drained', 'abandoned'] as const)
      expect(gone({ phase })).toBe('put back');
    expect(gone({ phase: 'promoted', emergency: true })).toBe('put back');
    expect(trouble(1, LAST, inFlight({ phase: 'promoted' }))).toBeUndefined();
  });

  test('is not, where the key leaked, the rotation is about to set it, somebody is at work, or it was told already', () => {
    expect(gone({ phase: 'minted', emergency: true })).toBeUndefined();
    expect(gone({ phase: 'reverting' })).toBeUndefined();
    expect(gone({ phase: 'promoted', held: true })).toBeUndefined();
    expect(gone({ phase: 'promoted' }, { ...LAST, is: 'put_back' })).toBe('stop');
    expect(gone({ phase: 'promoted' }, { ...LAST, is: 'missing' })).toBeUndefined();
    const lease = (until: number) => ({ holder: 'w', act: 'mint', until: ahead(until) }) as const;
    expect(gone({ phase: 'opened', lease: lease(1) })).toBeUndefined();
    expect(gone({ phase: 'opened', lease: lease(-1) })).toBe('put back');
  });
});

describe('what a write remembers of it', () => {
  test('is where it was found first, and from then on where it is set', () => {
    expect(currentAfter(undefined, undefined, undefined, NOW)).toBeUndefined();
    expect(currentAfter(undefined, 1, undefined, NOW)).toEqual({ version: 1 });
    expect(currentAfter(undefined, 1, 2, NOW)).toEqual({ version: 2 });
    expect(currentAfter({ version: 2, is: 'missing' }, undefined, 3, NOW)).toEqual({ version: 3 });
    expect(currentAfter(LAST, 2, undefined, NOW)).toBe(LAST);
  });

  test('is also that somebody moved it, which a promotion does not forget', () => {
    const moved = currentAfter(LAST, 1, undefined, NOW);
    expect(moved).toEqual({ version: 1, movedTo: 1, movedAt: NOW });
    const promoted = currentAfter(moved, 1, 3, NOW);
    expect(promoted).toEqual({ version: 3, movedTo: 1, movedAt: NOW });
    expect(isContested(promoted, 1, NOW)).toBe(true);
    expect(isContested(moved, 1, NOW)).toBe(false);
    expect(isContested(undefined, 1, NOW)).toBe(false);
  });
});

describe('of several moves within a day', () => {
  test('the first is remembered, so that a tool is known by it although a person moved the alias in between', () => {
    const byTool = afterMove(LAST, 1, ago(3));
    const byPerson = afterMove(byTool, 2, ago(2));
    expect(byPerson).toEqual({ version: 2, movedTo: 1, movedAt: ago(3) });
    expect(trouble(1, byPerson)).toEqual({ do: 'stop', is: 'contested', version: 1 });
  });

  test('a day later the next one is', () => {
    expect(afterMove({ version: 1, movedTo: 1, movedAt: ago(24) }, 2, NOW)).toEqual({
      version: 2,
      movedTo: 2,
      movedAt: NOW,
    });
    expect(afterMove(undefined, 2, NOW)).toEqual({ version: 2, movedTo: 2, movedAt: NOW });
  });
});

test('an alias is astray that is gone, or is not where its rotation left it; nobody waits for a person’s', () => {
  const astray = (journal: Journal, current?: number) => isAstray({ journal, current, last: LAST, now: NOW });
  expect(astray(resting(), LAST.version)).toBe(false);
  expect(astray(resting())).toBe(true);
  expect(astray(inFlight({ phase: 'written' }), 1)).toBe(false);
  expect(astray(inFlight({ phase: 'written' }), 2)).toBe(true);
  expect(astray(inFlight({ phase: 'promoted' }), 2)).toBe(false);
  for (const phase of ['promoted', 'drained'] as const) expect(astray(inFlight({ phase }), 1)).toBe(true);
  for (const phase of ['reverting', 'abandoned'] as const) expect(astray(inFlight({ phase }), 3)).toBe(false);
  expect(astray(inFlight({ phase: 'promoted', held: true }), 1)).toBe(false);
  expect(isAstray({ journal: inFlight(), current: undefined, last: undefined, now: NOW })).toBe(false);
});

test('people know of an alias in other hands once it is held, or told that it is gone or on a leaked key', () => {
  const known = (journal: Journal | undefined, is?: LastCurrent['is']) => isToldOfLeak(journal, { version: 1, is });
  expect(known(resting(), 'leaked')).toBe(true);
  expect(known(undefined, 'missing')).toBe(true);
  expect(known(inFlight({ held: true }))).toBe(true);
  expect(known(inFlight())).toBe(false);
  expect(known(resting(), 'put_back')).toBe(false);
  expect(isToldOfLeak(resting(), undefined)).toBe(false);
});

describe('`current` moved back in a drain', () => {
  const decide = (emergency: boolean, last?: LastCurrent) => {
    const journal = inFlight({ phase: 'promoted', emergency });
    return plan({
      journal,
      aliases: { current: 1 },
      last,
      isLeak: emergency,
      policy: POLICY,
      me: 'worker-1',
      now: NOW,
    });
  };

  test('is meant the first time, and held as a tool’s doing the second time', () => {
    expect(decide(false, LAST)).toMatchObject({ do: 'enter', to: 'reverting' });
    expect(decide(false, { ...LAST, movedTo: 1, movedAt: ago(1) })).toMatchObject({
      do: 'enter',
      to: 'held',
      why: expect.stringMatching(/ignore_changes.*move it to version 2 and resume; resume alone goes back$/s),
    });
  });

  test('is never followed in an emergency: the key leaked', () => {
    expect(decide(true, LAST)).toMatchObject({
      do: 'enter',
      to: 'held',
      why: expect.stringContaining('whose key leaked and is deleted all the same'),
    });
  });
});
