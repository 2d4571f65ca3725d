import { expect, test } from '@jest/globals';
import type { InFlight } from '../../../src/core/record/journal.ts';
import { beingReplaced } from '../../../src/core/health/being-replaced.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { ago, HOUR_MS, inFlight, NOW, resting } from '../../support/journals.ts';

const DEAD = { version: 1, diagnosis: diagnosisOf('key_invalid', 'x') };

function during(fields: Partial<InFlight>, finding: Parameters<typeof beingReplaced>[1] = DEAD) {
  return beingReplaced(inFlight(fields), finding, NOW);
}

test.each(['opened', 'minted', 'written', 'verified'] as const)(
  'what is wrong with the old key is held back while its rotation is %s',
  (phase) => {
    expect(during({ phase })).toBe(
      'alerts are held back: rotation kw-1-abc is replacing this key since 2027-01-15 07:00 UTC',
    );
  },
);

test.each(['promoted', 'drained', 'reverting', 'abandoned'] as const)('but not once it is %s', (phase) => {
  expect(during({ phase })).toBeUndefined();
});

test('for two hours and no longer', () => {
  expect(during({ openedAt: plusMs(NOW, -2 * HOUR_MS + 1) })).toBeDefined();
  expect(during({ openedAt: ago(2) })).toBeUndefined();
});

test('not while it waits for a person', () => {
  expect(during({ held: true })).toBeUndefined();
});

test('not for another version than the one it replaces, nor where none could be read', () => {
  expect(during({}, { ...DEAD, version: 2 })).toBeUndefined();
  expect(during({}, { diagnosis: DEAD.diagnosis })).toBeUndefined();
});

test.each(['billing_disabled', 'ip_blocked', 'timeout', 'access_denied'] as const)(
  'not where a new key is no cure: %s',
  (cause) => {
    expect(during({}, { version: 1, diagnosis: diagnosisOf(cause, 'x') })).toBeUndefined();
  },
);

test('a leak is told at once unless the rotation is an emergency already', () => {
  const leaked = { version: 1, diagnosis: diagnosisOf('key_leaked', 'x') };
  expect(during({ emergency: false }, leaked)).toBeUndefined();
  expect(during({ emergency: true }, leaked)).toBeDefined();
});

test('a key that works is no alert', () => {
  expect(during({}, { version: 1, diagnosis: diagnosisOf('ok', '') })).toBeUndefined();
});

test.each([undefined, resting({ failures: 1 })])('nothing is held back by the journal %j', (journal) => {
  expect(beingReplaced(journal, DEAD, NOW)).toBeUndefined();
});
