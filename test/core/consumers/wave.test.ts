import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../../src/core/consumers/progress.ts';
import { nextWave, reachedOf, reasonsText } from '../../../src/core/consumers/wave.ts';

const POLICY = { reachWaveMax: 10, reachFailuresMax: 1 };
const progress = (is: Progress['is']): Progress =>
  is === 'failed' || is === 'undone' || is === 'broken' ? { is, why: 'no port' } : { is };
const all = (...kinds: readonly Progress['is'][]) =>
  kinds.map((is, at) => ({ name: `projects/p/locations/r/services/s${at}`, progress: progress(is) }));
const many = (count: number, is: Progress['is']) => Array.from({ length: count }, () => is);
const width = (...kinds: readonly Progress['is'][]) => nextWave(all(...kinds), POLICY).length;

describe('a wave', () => {
  test('begins with one, and is as wide as came through before', () => {
    expect(width(...many(30, 'due'))).toBe(1);
    expect(width(...many(1, 'on'), ...many(29, 'due'))).toBe(1);
    expect(width(...many(2, 'on'), ...many(28, 'due'))).toBe(2);
    expect(width(...many(4, 'on'), ...many(26, 'due'))).toBe(4);
    expect(width(...many(16, 'on'), ...many(14, 'due'))).toBe(10);
  });

  test('waits for the one before it, and for what goes back', () => {
    expect(width('on', 'on', 'underway', 'due')).toBe(0);
    expect(width('on', 'on', 'failed', 'due')).toBe(0);
  });

  test('is one at a time after a failure, and none after too many', () => {
    expect(width('on', 'on', 'on', 'undone', 'due', 'due')).toBe(1);
    expect(width('on', 'undone', 'undone', 'due')).toBe(0);
  });

  test('leaves alone what was broken before, and ends', () => {
    expect(width('on', 'broken')).toBe(0);
  });
});

describe('how far a move has come', () => {
  const reached = (kinds: readonly Progress['is'][], left: Parameters<typeof reachedOf>[1] = []) =>
    reachedOf(all(...kinds), left, POLICY);

  test('to all, also where there is nobody', () => {
    expect(reached([])).toEqual({ is: 'all' });
    expect(reached(['on', 'on'])).toEqual({ is: 'all' });
  });

  test('to some', () => {
    expect(reached(['on', 'due', 'underway', 'failed'])).toEqual({
      is: 'underway',
      why: '3 of 4 consumers are yet to be given the new key: s1 in r, s2 in r, s3 in r',
    });
    expect(reached(many(5, 'due'))).toMatchObject({ why: expect.stringContaining('and 2 more') });
  });

  test('as far as it can come without somebody', () => {
    expect(reached(['on', 'undone', 'broken'], [{ name: 'api', why: 'its traffic is split by hand' }])).toEqual({
      is: 'stuck',
      why: '3 consumers may keep the old key: s1 in r: no port; s2 in r: no port; api: its traffic is split by hand',
    });
  });

  test('so badly that the new key may be why', () => {
    expect(reached(['on', 'undone', 'failed', 'due'])).toEqual({
      is: 'spoilt',
      why: '2 consumers did not come up with the new key: s1 in r, s2 in r',
    });
  });

  test('names three of them, and how many more', () => {
    const kept = all(...many(4, 'due')).map(({ name }) => ({ name, why: 'no port' }));
    expect(reasonsText(kept)).toMatch(/^4 consumers .*s2 in r: no port, and 1 more$/);
  });
});
