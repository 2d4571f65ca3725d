import { expect, test } from '@jest/globals';
import { rotationJson, secretStatusJson } from '../../../src/app/on-record/status-json.ts';
import { diagnosisOf } from '../../../src/core/health/finding.ts';
import { judge } from '../../../src/core/health/health.ts';
import { UNSEEN, type Health } from '../../../src/core/record/health-state.ts';
import type { Leak } from '../../../src/core/record/leaks.ts';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { ahead, inFlight, NOW, resting } from '../../support/journals.ts';

const SECRET = 'projects/p/secrets/s';
const secret = (health: Health | undefined) =>
  secretStatusJson({ secret: SECRET, managed: true, aliases: { current: 1 }, health, rotation: resting(), leaks: [] });
const after = (cause: Cause) => judge(SECRET, UNSEEN, diagnosisOf(cause, 'x'), DEFAULT_CHECK_POLICY, NOW).health;

test('a rotation is shown with its moments as people write them, and without the holder of its lease', () => {
  const drain = { use: 'busy', requests: 3, at: NOW } as const;
  const lease = { holder: 'worker-1', act: 'mint', until: ahead(1) } as const;
  const shown = rotationJson(inFlight({ phase: 'promoted', drain, lease, notBefore: ahead(1), note: 'why not' }));
  expect(shown).toMatchObject({
    phase: 'promoted',
    act: 'confirm',
    note: 'why not',
    since: isoOf(NOW),
    next: isoOf(ahead(1)),
    drain: { use: 'busy', requests: 3, at: isoOf(NOW) },
  });
  expect(shown).not.toHaveProperty('lease');
  expect(rotationJson(inFlight())).not.toHaveProperty('drain');
});

test('a secret at rest shows its failures, one that is not understood that it is unknown', () => {
  expect(rotationJson(resting({ failures: 2 }))).toEqual({ phase: 'resting', failures: 2 });
  expect(rotationJson(undefined)).toEqual({ phase: 'unknown' });
});

test('health is shown with what is known of it', () => {
  expect(secret(undefined)).toMatchObject({ health: 'unknown' });
  expect(secret(UNSEEN)).toMatchObject({ health: 'unchecked' });
  expect(secret(UNSEEN)).not.toHaveProperty('since');
  expect(secret({ ...UNSEEN, is: 'well', since: NOW })).toMatchObject({ health: 'well', since: isoOf(NOW) });
  expect(secret(after('timeout'))).toMatchObject({ health: 'suspect', cause: 'timeout', runs: 1 });
  expect(secret(after('key_invalid'))).toMatchObject({
    health: 'sick',
    episode: { cause: 'key_invalid', openedAt: isoOf(NOW), announcedAt: isoOf(NOW) },
  });
});

test('an episode has all its moments as people write them', () => {
  const well: Health = { is: 'well', episodes: 0, since: NOW };
  const { health } = judge(SECRET, well, diagnosisOf('key_invalid', 'x'), DEFAULT_CHECK_POLICY, ahead(1));
  expect(secret(health)).toMatchObject({ episode: { openedAt: isoOf(ahead(1)), lastGoodAt: isoOf(NOW) } });
});

test('an open leak is shown with its moments, and a list that is not understood as unknown', () => {
  const shown = (leaks: readonly Leak[] | undefined) =>
    secretStatusJson({ secret: SECRET, managed: true, aliases: {}, health: UNSEEN, rotation: resting(), leaks }).leaks;
  expect(shown(undefined)).toBe('unknown');
  expect(shown([{ version: 1, at: NOW, told: 1, toldAt: NOW }])).toMatchObject([
    { version: 1, at: isoOf(NOW), toldAt: isoOf(NOW), told: 1 },
  ]);
});
