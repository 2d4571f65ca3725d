import { describe, expect, test } from '@jest/globals';
import type { Leak } from '../../../src/core/record/leaks.ts';
import {
  liveLeaks,
  stateOfTaken,
  watchLeak,
  type LeakContext,
  type LeakState,
} from '../../../src/core/health/watch-leak.ts';
import { ago, ahead, MINUTE_MS, NOW } from '../../support/journals.ts';
import { plusMs } from '../../../src/core/values/time.ts';

const QUIET: LeakContext = { policy: { remindAfterHours: 4 }, now: NOW, isReplacing: false };
const look = (leak: Partial<Leak>, state: LeakState, scene: Partial<LeakContext> = {}) =>
  watchLeak({ version: 1, at: ago(1), told: 0, ...leak }, state, { ...QUIET, ...scene });
const minutesAgo = (minutes: number) => plusMs(NOW, -minutes * MINUTE_MS);

describe('a leak closes (I18)', () => {
  test('once its key was found deleted and refused for half an hour', () => {
    expect(look({}, 'refused').leak.refusedSince).toBe(NOW);
    expect(look({ refusedSince: minutesAgo(29) }, 'refused').say).toBeUndefined();
    expect(look({ refusedSince: minutesAgo(30) }, 'refused').say).toBe('closed');
  });

  test('not by what could not be told, which takes nothing away from what was seen', () => {
    const seen = look({ refusedSince: minutesAgo(40) }, 'unclear');
    expect(seen).toMatchObject({ leak: { refusedSince: minutesAgo(40) } });
    expect(seen.say).toBeUndefined();
  });

  test('and the half hour begins anew where the key was taken in between', () => {
    for (const state of ['alive', 'lingers'] as const)
      expect(look({ refusedSince: minutesAgo(40) }, state).leak.refusedSince).toBeUndefined();
  });

  test('not before the emergency that replaces the key is over, which would open it again', () => {
    expect(look({ refusedSince: minutesAgo(40) }, 'refused', { isReplacing: true }).say).toBeUndefined();
  });
});

describe('people are told of an open leak', () => {
  test('at once where the key is alive and nothing is under way', () => {
    expect(look({}, 'alive')).toMatchObject({ say: 'open', leak: { toldAt: NOW, told: 1 } });
    expect(look({}, 'alive', { isReplacing: true }).say).toBeUndefined();
    expect(look({}, 'alive', { isReplacing: true, isHeld: true }).say).toBe('open');
    expect(look({}, 'refused').say).toBeUndefined();
    expect(look({}, 'unclear').say).toBeUndefined();
    expect(look({}, 'lingers').say).toBeUndefined();
    expect([minutesAgo(29), minutesAgo(30)].map((at) => stateOfTaken(at, NOW))).toEqual(['lingers', 'alive']);
  });

  test.each(['alive', 'refused', 'lingers', 'unclear'] as const)('after some hours in any case: %s', (state) => {
    expect(look({ at: ago(3) }, state, { isReplacing: true }).say).toBeUndefined();
    expect(look({ at: ago(4) }, state, { isReplacing: true }).say).toBe('open');
  });

  test('again at the rhythm of an episode, a week apart at most', () => {
    const told = (times: number, hours: number) =>
      look({ at: ago(9999), told: times, toldAt: ago(hours) }, 'alive').say;
    expect([told(1, 3), told(1, 4), told(2, 7), told(2, 8), told(9, 167), told(9, 168)]).toEqual([
      undefined,
      'open',
      undefined,
      'open',
      undefined,
      'open',
    ]);
    expect(told(0, 4)).toBe('open');
  });

  test('and at once when a silence is over', () => {
    const leak = { told: 1, toldAt: ago(2) };
    expect(look(leak, 'alive', { heardAgainAt: ago(1) }).say).toBe('open');
    expect(look(leak, 'alive', { heardAgainAt: ago(3) }).say).toBeUndefined();
  });
});

test('moments that lie ahead prove nothing and hold nothing back', () => {
  expect(look({ refusedSince: ahead(-1), at: ahead(9) }, 'refused').leak.at).toBe(NOW);
  expect(look({ refusedSince: ahead(9) }, 'refused')).toMatchObject({ leak: { refusedSince: NOW } });
  expect(look({ toldAt: ahead(9), told: 3 }, 'alive').say).toBe('open');
});

test('a leaked key lives until it is first refused, and is late where it is not deleted after half an hour', () => {
  const leak = { version: 1, told: 0 };
  const leaks = [
    { ...leak, at: minutesAgo(30) },
    { ...leak, version: 2, at: minutesAgo(31) },
    { ...leak, at: minutesAgo(90), refusedSince: minutesAgo(1) },
    { ...leak, version: 3, at: ahead(9) },
    { ...leak, version: 4, at: minutesAgo(50) },
    { ...leak, version: 5, at: minutesAgo(50) },
  ];
  expect(liveLeaks(leaks, [{ version: 4, deletedAt: minutesAgo(20) }, { version: 5 }], NOW)).toEqual([
    { version: 1, seconds: 1800, late: false },
    { version: 2, seconds: 1860, late: true },
    { version: 3, seconds: 0, late: false },
    { version: 4, seconds: 3000, late: false },
    { version: 5, seconds: 3000, late: true },
  ]);
});
