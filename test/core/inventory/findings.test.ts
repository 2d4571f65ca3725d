import { describe, expect, test } from '@jest/globals';
import { findingsOf, needsPerson } from '../../../src/core/inventory/findings.ts';
import { isLongUnused, lastUseOf, type SeenKey } from '../../../src/core/inventory/seen-key.ts';
import { DAY_MS, instantOf, plusMs } from '../../../src/core/values/time.ts';

const NOW = instantOf(Date.UTC(2026, 10, 24, 12));
const ago = (days: number) => plusMs(NOW, -days * DAY_MS);
const PLACE = { secret: 'projects/4711/secrets/app', version: 3, readAs: ['current'], managed: true };
const ACCOUNT = 'app@search-prod.iam.gserviceaccount.com';

/** A key about which there is nothing to mend. */
const WELL: SeenKey = {
  name: 'projects/4711/locations/global/keys/k1',
  uid: 'u1',
  displayName: 'app',
  project: 'search-prod',
  kind: 'auth',
  reach: 'listed',
  account: { email: ACCOUNT, state: 'enabled' },
  createdAt: ago(50),
  lastUse: { is: 'used', at: ago(1) },
  held: { is: 'held', places: [PLACE] },
};

const found = (key: Partial<SeenKey>, serviceAccount?: string) =>
  findingsOf({ ...WELL, ...key }, { now: NOW, serviceAccount }).map(
    ({ kind, severity, cure }) => `${severity} ${kind}: ${cure.command}`,
  );

const DESCRIBE = 'gcloud services api-keys describe k1 --project=4711';
const DELETE = 'gcloud services api-keys delete k1 --project=4711';
const UNMANAGED = { is: 'held', places: [{ ...PLACE, managed: false }] } as const;
const UNUSED = { is: 'unused', since: ago(41) } as const;

describe('what is to be mended about a key', () => {
  test.each<readonly [string, Partial<SeenKey>, readonly string[]]>([
    ['nothing, where a managed secret holds it', {}, []],
    [
      'nothing, where a managed and another secret hold it',
      { held: { is: 'held', places: [...UNMANAGED.places, PLACE] } },
      [],
    ],
    ['nothing, where its account was not looked at', { account: { email: ACCOUNT, state: 'not_looked' } }, []],
    ['no shadow, where not everything was looked through', { held: { is: 'not_looked', why: 'no' } }, []],
    ['no shadow, where the purge ends it', { held: { is: 'kept_for_purge', secret: PLACE.secret } }, []],
    [
      'nothing, where a rotation has moved on from it',
      { kind: 'standard', held: { is: 'held', places: [{ ...PLACE, readAs: ['previous'] }] } },
      [],
    ],
    [
      'a legacy key that nobody looks after',
      { kind: 'standard', held: UNMANAGED },
      [
        `medium unmanaged: key-warden init --secret ${PLACE.secret}`,
        `medium legacy: key-warden init --secret ${PLACE.secret}`,
      ],
    ],
    ['no shadow, in its first day', { held: { is: 'nobody' }, createdAt: ago(0.9) }, []],
    [
      'an account that is disabled',
      { account: { email: ACCOUNT, state: 'disabled' } },
      [`high account_disabled: gcloud iam service-accounts enable ${ACCOUNT}`],
    ],
    [
      'an account that is gone',
      { account: { email: ACCOUNT, state: 'gone' } },
      [`high account_gone: key-warden rotate --secret ${PLACE.secret} --service-account=SERVICE_ACCOUNT_EMAIL`],
    ],
    [
      'an account that is gone, of a key that nobody looks after',
      { account: { email: ACCOUNT, state: 'gone' }, held: UNMANAGED },
      [
        `high account_gone: key-warden init --secret ${PLACE.secret}`,
        `medium unmanaged: key-warden init --secret ${PLACE.secret}`,
      ],
    ],
    [
      'no restriction',
      { reach: 'unrestricted' },
      [
        'high unrestricted: gcloud services api-keys update k1 --api-target=service=generativelanguage.googleapis.com --project=4711',
      ],
    ],
    ['a shadow that is used', { held: { is: 'nobody' } }, [`high shadow: ${DESCRIBE}`]],
    [
      'a shadow of which no use is known',
      { held: { is: 'nobody' }, lastUse: { is: 'not_measured', why: 'no' } },
      [`high shadow: ${DESCRIBE}`],
    ],
    ['a shadow that nobody uses', { held: { is: 'nobody' }, lastUse: UNUSED }, [`high shadow: ${DELETE}`]],
    [
      'a young shadow that nobody used',
      { held: { is: 'nobody' }, createdAt: ago(3), lastUse: UNUSED },
      [`high shadow: ${DELETE}`],
    ],
    [
      'a legacy key that nobody is known to hold',
      { kind: 'standard', held: { is: 'not_looked', why: 'no' }, lastUse: UNUSED },
      [`medium legacy: ${DESCRIBE}`],
    ],
    ['no use in six weeks', { lastUse: UNUSED }, [`low unused: key-warden consumers --secret ${PLACE.secret}`]],
  ])('is %s', (_, key, lines) => {
    expect(found(key)).toEqual(lines);
  });

  test('names the account that the settings bind keys to', () => {
    expect(found({ kind: 'standard', account: undefined }, ACCOUNT)).toEqual([
      `medium legacy: key-warden rotate --secret ${PLACE.secret} --service-account=${ACCOUNT}`,
    ]);
  });

  test('says of an unrestricted legacy key that Gemini refuses it, and not of another one', () => {
    const says = (kind: SeenKey['kind']) =>
      findingsOf({ ...WELL, kind, reach: 'unrestricted' }, { now: NOW }).map((one) => one.says)[0];
    expect(says('standard')).toMatch(/refused such keys since 2026-06-19/);
    expect(says('auth')).not.toMatch(/refused/);
  });

  test('needs a person, unless it is only worth knowing', () => {
    expect(needsPerson(findingsOf({ ...WELL, lastUse: UNUSED }, { now: NOW }))).toBe(false);
    expect(needsPerson(findingsOf({ ...WELL, kind: 'standard' }, { now: NOW }))).toBe(true);
  });
});

describe('the last use of a key', () => {
  const about = { createdAt: ago(50), isBound: false };
  test('is the last hour that has a request', () => {
    const hours = [
      { endsAt: ago(9), requests: 1 },
      { endsAt: ago(2), requests: 5 },
    ];
    expect(lastUseOf({ known: true, hours }, about, NOW)).toEqual({ is: 'used', at: ago(2) });
  });

  test('is none since it was asked for, or since the key was made', () => {
    const none = { known: true, hours: [] } as const;
    expect(lastUseOf(none, about, NOW)).toEqual({ is: 'unused', since: ago(41) });
    expect(lastUseOf(none, { ...about, createdAt: ago(3) }, NOW)).toEqual({ is: 'unused', since: ago(3) });
  });

  test('is not known where it was not counted: unknown is never zero', () => {
    expect(lastUseOf({ known: false, why: 'denied' }, about, NOW)).toEqual({ is: 'not_measured', why: 'denied' });
    const bound = { ...about, isBound: true };
    expect(lastUseOf({ known: true, hours: [] }, bound, NOW)).toMatchObject({ is: 'not_measured' });
    expect(lastUseOf({ known: true, hours: [], seenSince: ago(30) }, bound, NOW)).toMatchObject({ is: 'unused' });
  });

  test('is long ago only for a key that is as old', () => {
    expect(isLongUnused({ ...WELL, lastUse: UNUSED, createdAt: ago(40) }, NOW)).toBe(false);
    expect(isLongUnused({ ...WELL, lastUse: UNUSED, createdAt: ago(41) }, NOW)).toBe(true);
  });
});
