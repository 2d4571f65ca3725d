import { describe, expect, test } from '@jest/globals';
import { identitiesFrom } from '../../../src/emulator/world/identities.ts';
import { NO_RESTRICTIONS } from '../../../src/emulator/world/restrictions.ts';
import {
  MEASURED_PROPAGATION,
  keyring,
  type GeminiKey,
  type IssuedKind,
  type Keyring,
  type Propagation,
} from '../../../src/emulator/world/keyring.ts';
import { DAY_MS, MINUTE_MS, START, STANDARD } from '../../support/cloud.ts';

const HERE = { callerIp: '127.0.0.1', headers: {} };

function ring(propagation: Partial<Propagation> = {}, seed = 'test'): Keyring {
  return keyring(identitiesFrom(seed), { ...MEASURED_PROPAGATION, ...propagation });
}

function issued(keys: Keyring, kind: IssuedKind, restrictions = NO_RESTRICTIONS): GeminiKey {
  return keys.issue({ project: '1', kind, annotations: {}, restrictions }, START);
}

function conditionAt(keys: Keyring, key: GeminiKey, now: number): string {
  return keys.conditionOf(key.keyString, HERE, now).condition;
}

/** Condition of every half minute of an hour after a deletion. */
function afterDeletion(kind: IssuedKind, seed: string): readonly string[] {
  const keys = ring({}, seed);
  const key = issued(keys, kind);
  const deletedAt = START + DAY_MS;
  keys.change(key.uid, { deletedAt }, deletedAt);
  return Array.from({ length: 120 }, (_, half) => conditionAt(keys, key, deletedAt + (half * MINUTE_MS) / 2));
}

describe('issued keys', () => {
  test('look like Google’s', () => {
    expect(issued(ring(), 'standard').keyString).toMatch(/^AIzaSy[\w-]{33}$/);
    expect(issued(ring(), 'auth').keyString).toMatch(/^AQ\.[\w-]{50}$/);
  });

  test('differ from one another, and are the same for the same seed', () => {
    const keys = ring();
    const [first, second] = [issued(keys, 'standard'), issued(keys, 'standard')];
    expect(first.keyString).not.toBe(second.keyString);
    expect(first.uid).not.toBe(second.uid);
    expect(issued(ring(), 'standard')).toEqual(first);
    expect(issued(ring({}, 'other'), 'standard').keyString).not.toBe(first.keyString);
  });

  test.each<[IssuedKind, Propagation['newKeyAnswer'], string]>([
    ['standard', 'expired', 'expired'],
    ['standard', 'not_found', 'not_found'],
    ['auth', 'expired', 'auth_refused'],
  ])('a new %s key that is answered as %s is %s for a minute and then works', (kind, newKeyAnswer, condition) => {
    const keys = ring({ newKeyAnswer });
    const key = issued(keys, kind);
    expect(conditionAt(keys, key, START)).toBe(condition);
    expect(conditionAt(keys, key, START + MINUTE_MS - 1)).toBe(condition);
    expect(conditionAt(keys, key, START + MINUTE_MS)).toBe('works');
  });
});

describe('deleted keys', () => {
  test('of the standard kind flap and are gone for good after 8 to 23 minutes', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const conditions = afterDeletion('standard', seed);
      expect(conditions.slice(0, 2)).toEqual(['works', 'works']);
      expect(conditions.slice(0, 46)).toContain('not_found');
      expect(conditions.lastIndexOf('works')).toBeLessThan(46);
      expect(new Set(conditions.slice(46))).toEqual(new Set(['not_found']));
    }
  });

  test('take different times, the same for the same seed', () => {
    const ends = ['a', 'b', 'c', 'd', 'e', 'f'].map((seed) => afterDeletion('standard', seed).lastIndexOf('works'));
    expect(new Set(ends).size).toBeGreaterThan(1);
    expect(Math.max(...ends)).toBeGreaterThan(15);
    expect(afterDeletion('standard', 'a')).toEqual(afterDeletion('standard', 'a'));
  });

  test('of the auth kind work one minute longer', () => {
    const conditions = afterDeletion('auth', 'a');
    expect(conditions.slice(0, 3)).toEqual(['works', 'works', 'auth_refused']);
    expect(new Set(conditions.slice(2))).toEqual(new Set(['auth_refused']));
  });

  test('are gone when they are purged', () => {
    const keys = ring();
    const key = issued(keys, 'standard');
    const kept = issued(keys, 'auth');
    keys.change(key.uid, { deletedAt: START }, START);
    keys.change(kept.uid, { deletedAt: START }, START);
    keys.change(kept.uid, { deletedAt: undefined }, START);
    keys.purgeDeletedBy(START - 1);
    expect(keys.all()).toHaveLength(2);
    keys.purgeDeletedBy(START);
    expect(keys.all().map(({ uid }) => uid)).toEqual([kept.uid]);
    expect(conditionAt(keys, key, START + DAY_MS)).toBe('invalid');
    expect(keys.change(key.uid, {}, START)).toBeUndefined();
  });
});

test('putting a state on an issued key ends its waiting and works at once', () => {
  const keys = ring();
  const key = issued(keys, 'standard');
  keys.put(key.keyString, 'works', { project: '1' }, START);
  expect(conditionAt(keys, key, START)).toBe('works');
});

test('a flapping auth key is refused as an auth key', () => {
  const keys = ring();
  const key = keys.put(STANDARD, 'flapping', { project: '1', kind: 'auth' }, START);
  expect([1, 2, 3].map(() => conditionAt(keys, key, START))).toEqual(['works', 'auth_refused', 'works']);
});

test('a key that flaps by the minute says the same within one', () => {
  const keys = ring();
  const key = keys.put(STANDARD, 'flapping_by_minute', { project: '1' }, START);
  const at = [0, MINUTE_MS - 1, MINUTE_MS, 2 * MINUTE_MS - 1, 2 * MINUTE_MS];
  expect(at.map((later) => conditionAt(keys, key, START + later))).toEqual([
    'works',
    'works',
    'not_found',
    'not_found',
    'works',
  ]);
});

describe('restrictions', () => {
  const none = NO_RESTRICTIONS;
  const gemini = { service: 'generativelanguage.googleapis.com' };
  test.each([
    [{ apiTargets: [gemini] }, {}, 'works'],
    [{ apiTargets: [{ service: 'maps-backend.googleapis.com' }] }, {}, 'restricted_api'],
    [{ apiTargets: [{ service: 'maps-backend.googleapis.com' }, gemini] }, {}, 'works'],
    [{ ...none, allowedIps: ['127.0.0.1'] }, {}, 'works'],
    [{ ...none, allowedIps: ['10.0.0.0/8', '127.0.0.0/8'] }, {}, 'works'],
    [{ ...none, allowedIps: ['10.0.0.0/8', '2001:db8::/32', '::1'] }, {}, 'restricted_ip'],
    [{ ...none, allowedIps: ['nonsense'] }, {}, 'restricted_ip'],
    [{ ...none, allowedIps: [] }, {}, 'restricted_ip'],
    [{ ...none, allowedReferrers: ['https://*.example.com/*'] }, { referer: 'https://a.example.com/x' }, 'works'],
    [
      { ...none, allowedReferrers: ['https://*.example.com/*'] },
      { referer: 'https://aXexample.com/x' },
      'restricted_referrer',
    ],
    [{ ...none, allowedReferrers: ['https://example.com/*'] }, {}, 'restricted_referrer'],
    [
      { ...none, allowedAndroidApps: [{ packageName: 'app', sha1Fingerprint: 'AB12' }] },
      { 'x-android-package': 'app', 'x-android-cert': 'ab:12' },
      'works',
    ],
    [
      { ...none, allowedAndroidApps: [{ packageName: 'app', sha1Fingerprint: 'AB12' }] },
      { 'x-android-package': 'app', 'x-android-cert': 'CD34' },
      'restricted_android',
    ],
    [{ ...none, allowedAndroidApps: [{ packageName: 'app', sha1Fingerprint: 'AB12' }] }, {}, 'restricted_android'],
    [{ ...none, allowedBundleIds: ['app'] }, { 'x-ios-bundle-identifier': 'app' }, 'works'],
    [{ ...none, allowedBundleIds: ['app'] }, {}, 'restricted_ios'],
  ])('%j seen by a caller with %j: %s', (restrictions, headers, condition) => {
    const keys = ring();
    const { keyString } = issued(keys, 'standard', restrictions);
    expect(keys.conditionOf(keyString, { ...HERE, headers }, START + DAY_MS).condition).toBe(condition);
  });

  test('an IPv6 caller is looked up in IPv6 ranges', () => {
    const keys = ring();
    const { keyString } = issued(keys, 'standard', { ...none, allowedIps: ['2001:db8::/32'] });
    const at = (callerIp: string) => keys.conditionOf(keyString, { callerIp, headers: {} }, START + DAY_MS).condition;
    expect([at('2001:db8::7'), at('::1')]).toEqual(['works', 'restricted_ip']);
  });
});
