import { describe, expect, test } from '@jest/globals';
import { CAUSES, type Cause } from '../../../src/core/causes/causes.ts';
import { isAsGood, isSharedTrouble, SHARED_TROUBLE, type KeySeen } from '../../../src/core/rotation/as-good.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { inFlight, NOW } from '../../support/journals.ts';

const every = Object.keys(CAUSES) as Cause[];
const PLANNED = inFlight({ phase: 'written', to: 2 });
const EMERGENCY = inFlight({ phase: 'written', to: 2, emergency: true, reason: 'leaked' });

function seen(cause: Cause, more: Partial<KeySeen> = {}): KeySeen {
  return { diagnosis: { cause, verdict: CAUSES[cause].verdict }, lists: true, at: NOW, ...more };
}

test('shared trouble is of the project or of the place: no dead key, no unclear answer, nothing that works', () => {
  const verdicts = new Set(SHARED_TROUBLE.map((cause) => CAUSES[cause].verdict));
  expect([...verdicts].toSorted()).toEqual(['blocked', 'throttled']);
  expect(every.filter((cause) => isSharedTrouble({ cause }))).toEqual(
    every.filter((cause) => SHARED_TROUBLE.includes(cause)),
  );
});

describe('the new key is as good as the old one (I2)', () => {
  test('exactly where both have the same trouble, which is shared', () => {
    for (const isNew of every)
      for (const old of every)
        expect([isNew, old, isAsGood(seen(isNew), seen(old), PLANNED)]).toEqual([
          isNew,
          old,
          isNew === old && SHARED_TROUBLE.includes(isNew),
        ]);
  });

  test('only if it lists models where the old one does', () => {
    const judged = (isNew: boolean, old: boolean) =>
      isAsGood(seen('rate_limited', { lists: isNew }), seen('rate_limited', { lists: old }), PLANNED);
    expect([judged(true, true), judged(true, false), judged(false, false), judged(false, true)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('only if both were asked within a minute', () => {
    const later = (ms: number) =>
      isAsGood(seen('rate_limited'), seen('rate_limited', { at: plusMs(NOW, ms) }), PLANNED);
    expect([later(60_000), later(60_001), later(-60_000), later(-60_001)]).toEqual([true, false, true, false]);
  });
});

describe('beside a dead key that must go', () => {
  test.each(SHARED_TROUBLE)('a new one that authenticates is better: %s', (cause) => {
    const old = seen('key_leaked');
    for (const reason of ['leaked', 'dead'] as const)
      expect(isAsGood(seen(cause), old, inFlight({ phase: 'written', reason }))).toBe(true);
    expect(isAsGood(seen(cause), old, EMERGENCY)).toBe(true);
    expect(isAsGood(seen(cause, { lists: false }), old, EMERGENCY)).toBe(false);
  });

  test('one answer does not make an ordinary rotation believe that the old key is dead', () => {
    expect(isAsGood(seen('rate_limited'), seen('key_invalid'), PLANNED)).toBe(false);
  });

  test('a new one that is refused itself is no better', () => {
    for (const cause of every.filter((one) => !SHARED_TROUBLE.includes(one)))
      expect(isAsGood(seen(cause), seen('key_leaked'), EMERGENCY)).toBe(false);
  });
});
