import { severityOf } from '../../../src/core/alerts/notice.ts';
import { describe, expect, test } from '@jest/globals';
import { noticeText } from '../../../src/core/alerts/notice-text.ts';
import { secretWarnings } from '../../../src/core/alerts/secret-warning.ts';
import { risksOf, wasManaged, type SecretRisk } from '../../../src/core/health/secret-risk.ts';
import { recordOf } from '../../../src/core/record/secret-record.ts';
import { eventOf } from '../../../src/core/alerts/event/event.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { DAY_MS } from '../../support/cloud.ts';
import { NOW } from '../../support/journals.ts';
import { ORIGIN } from '../../support/notices.ts';

const name = (id: string) => `projects/123456789012/secrets/${id}`;
const SPACE = { of: 'annotations', used: 16_000, most: 16_384, needed: 9_000 } as const;

const warned = (ids: readonly string[], risk: SecretRisk, now = NOW) =>
  secretWarnings(
    'demo-project',
    ids.map((id) => ({ secret: name(id), risk })),
    now,
  );

describe('a warning', () => {
  test.each<[SecretRisk, RegExp, string]>([
    [
      { because: 'label_removed' },
      /has no label key-warden=managed any more/,
      'key-warden init --secret projects/demo-project/secrets/app',
    ],
    [
      { because: 'expires', at: NOW },
      /deletes it with all its versions at 2027-01-15 08:00 UTC/,
      'gcloud secrets update app --remove-expiration --project=demo-project',
    ],
    [
      { because: 'annotations_full', space: SPACE },
      /take 16000 of 16384 bytes, and a rotation may need 9000/,
      'gcloud secrets describe app --project=demo-project',
    ],
    [
      { because: 'aliases_full', space: { ...SPACE, of: 'aliases', used: 49, most: 50 } },
      /it has 49 of 50 aliases/,
      'gcloud secrets describe app --project=demo-project',
    ],
    [
      { because: 'shared_key_dies', key: 'projects/1/locations/global/keys/k', at: NOW, holders: 'ads' },
      /its leaked key \S+keys\/k is deleted at 2027-01-15 08:00 UTC at the latest, .* other secrets serve it: ads/,
      'key-warden status --secret projects/demo-project/secrets/app --holders',
    ],
    [
      { because: 'shared_key_deleted', key: 'projects/1/locations/global/keys/k', holders: 'ads' },
      /is deleted now, as somebody asked for, and other secrets serve it still: ads/,
      'key-warden status --secret projects/demo-project/secrets/app --holders',
    ],
    [
      { because: 'current_removed', version: 3 },
      /took its alias `current` away from version 3; it is put back, this once/,
      'gcloud secrets describe app --project=demo-project',
    ],
    [
      { because: 'current_missing', version: 3 },
      /was taken away from version 3 and is not put back/,
      'gcloud secrets versions list app --project=demo-project',
    ],
    [
      { because: 'current_contested', version: 1 },
      /twice within a day, as a tool does: Terraform needs ignore_changes/,
      'key-warden rotate --secret projects/demo-project/secrets/app',
    ],
    [
      { because: 'no_account' },
      /^its key is a standard key \(AIza…\), .* it is not rotated because of its age$/,
      'key-warden status --secret projects/demo-project/secrets/app',
    ],
    [
      { because: 'unwritable', why: 'Grant secretmanager.secrets.update on it.' },
      /^its rotation stands still: Grant secretmanager.secrets.update on it$/,
      'key-warden doctor --secret projects/demo-project/secrets/app',
    ],
    [
      { because: 'current_leaked', version: 1 },
      /whose key was retired because it leaked, and is not followed/,
      'gcloud secrets versions list app --project=demo-project',
    ],
  ])('says what is the matter and its cure: $because', (risk, why, next) => {
    expect(warned(['app'], risk)).toMatchObject([{ why: expect.stringMatching(why), next, others: 0 }]);
  });

  test('is one for all secrets of a project that share it, with some of their names', () => {
    const ids = ['z', 'b', 'a', 'c', 'd', 'e', 'f'];
    const [one, ...more] = warned(ids, { because: 'label_removed' });
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      secret: name('a'),
      others: 6,
      why: expect.stringMatching(/; the same is true of 6 more: b, c, d, e, f, …$/),
    });
    expect(one === undefined ? '' : noticeText(one)).toMatch(/^a and 6 more · secret needs care · demo-project: /);
    expect(warned(['a', 'b'], { because: 'label_removed' })[0]?.why).toMatch(/of 1 more: b$/);
    expect(warned([], { because: 'label_removed' })).toEqual([]);
  });

  test('has one id a day, whenever it is told', () => {
    const idAt = (hours: number) => {
      const [warning] = warned(['app'], { because: 'label_removed' }, plusMs(NOW, hours * 3_600_000));
      if (warning === undefined) throw new Error('a warning is told');
      return eventOf(warning, ORIGIN).id;
    };
    expect(idAt(0)).toBe(`${name('app')}/warnings/label_removed/secret.warning/2027-01-15`);
    expect(idAt(1)).toBe(idAt(0));
    expect(idAt(24)).not.toBe(idAt(0));
  });
});

test('is worse where a rotation stands still for it', () => {
  const [still] = warned(['app'], { because: 'unwritable', why: 'no' });
  const [other] = warned(['app'], { because: 'label_removed' });
  expect([still, other].map((one) => one && severityOf(one))).toEqual(['error', 'warning']);
});

describe('a secret is at risk', () => {
  const at = (fields: object) => risksOf({ annotations: {}, aliases: {}, record: recordOf({}), ...fields }, NOW);

  test('from thirty days before it expires', () => {
    expect(at({})).toEqual([]);
    expect(at({ expiresAt: plusMs(NOW, 30 * DAY_MS) })).toEqual([]);
    const expiresAt = plusMs(NOW, 5 * DAY_MS);
    expect(at({ expiresAt })).toEqual([{ because: 'expires', at: expiresAt }]);
  });

  test('while others keep moving `current`, and no more where it is left alone', () => {
    const moved = (is: string, current: number) =>
      at({ aliases: { current }, record: recordOf({ 'key-warden.current': `{"v":1,"version":2${is}}` }) });
    expect(moved(',"is":"contested"', 2)).toEqual([{ because: 'current_contested', version: 2 }]);
    expect(moved(',"is":"contested"', 3)).toEqual([]);
    expect(moved('', 2)).toEqual([]);
  });

  test('when little is left of its annotations or its aliases', () => {
    expect(at({ annotations: { theirs: 'x'.repeat(9_000) } })).toMatchObject([{ because: 'annotations_full' }]);
    const aliases = Object.fromEntries(Array.from({ length: 48 }, (_, number) => [`reader-${number}`, 1]));
    expect(at({ aliases })).toMatchObject([{ because: 'aliases_full' }]);
  });
});

test('what was under care is known by what it keeps: the mark of init, or what a rotation leaves', () => {
  const was = (annotations: Readonly<Record<string, string>>) => wasManaged(recordOf(annotations));
  expect(was({})).toBe(false);
  expect(was({ 'key-warden.policy': '{"v":1}', 'key-warden.health': '{"v":1,"is":"well","episodes":1}' })).toBe(false);
  expect(was({ 'key-warden.managed-since': '{"v":1,"since":"2027-01-15T08:00:00.000Z"}' })).toBe(true);
  expect(was({ 'key-warden.managed-since': 'by hand' })).toBe(true);
  for (const part of ['history', 'retired', 'rotation']) expect(was({ [`key-warden.${part}`]: '{}' })).toBe(true);
  expect(recordOf({ 'key-warden.managed-since': '{"v":2}' }).managedSince.is).toBe('unreadable');
});
