import { beforeAll, describe, expect, test } from '@jest/globals';
import { blocksOf, listOf, localOf, moduleFiles, nested, recordOf, type HclFile } from './module.ts';

let files: readonly HclFile[] = [];
beforeAll(async () => {
  files = await moduleFiles();
});

const events = () => recordOf(localOf(files, 'events'));

/** Labels of the one alert policy’s condition, and what Monitoring wants beside it. */
const policy = () =>
  blocksOf(files, 'google_monitoring_alert_policy').find(({ name }) => name === 'worker')?.body ?? {};
const dynamic = (body: unknown, name: string) =>
  recordOf(listOf(recordOf(listOf(recordOf(recordOf(body)['dynamic'])[name])[0])['content'])[0]);

describe('alarms about what one log line says', () => {
  test('are those whose first line must be heard at once', () => {
    expect(Object.keys(events())).toEqual(['crashed', 'meddled', 'refused', 'told_late']);
  });

  test('look at the line itself, with its labels, and have the limit without which Google takes none', () => {
    const condition = dynamic(nested(policy(), 'conditions'), 'condition_matched_log');
    expect(condition['filter']).toBe('${condition_matched_log.value}');
    expect(String(condition['label_extractors'])).toContain('EXTRACT(${field})');
    expect(dynamic(nested(policy(), 'alert_strategy'), 'notification_rate_limit')).toEqual({ period: '300s' });
  });

  test.each([
    ['meddled', ['method', 'principal', 'secret']],
    ['crashed', ['service']],
    ['refused', ['channel']],
    ['told_late', ['depth', 'secret']],
  ])('%s says which by the labels %j', (name, labels) => {
    expect(Object.keys(recordOf(recordOf(events()[name])['labels'])).toSorted()).toEqual(labels);
  });

  test('somebody who meddles is seen under whatever resource type the audit log gives the line', () => {
    expect(JSON.stringify(localOf(files, 'meddled'))).not.toContain('resource.type');
  });

  const METHODS = /methodName=~\\*"(.*?)\\*"/;
  const counts = (pattern: string, method: string) =>
    new RegExp(pattern).test(`google.cloud.secretmanager.v1.${method}`);
  const pattern = () => METHODS.exec(String(localOf(files, 'meddled')))?.[1] ?? 'nothing';

  test.each([
    'AddSecretVersion',
    'DeleteSecret',
    'DestroySecretVersion',
    'DisableSecretVersion',
    'EnableSecretVersion',
    'SetIamPolicy',
    'UpdateSecret',
  ])('somebody else’s %s of a watched secret is heard', (method) => {
    expect(counts(pattern(), `SecretManagerService.${method}`)).toBe(true);
  });

  test.each([
    'AccessSecretVersion',
    'GetSecret',
    'GetSecretVersion',
    'GetIamPolicy',
    'ListSecrets',
    'ListSecretVersions',
  ])('who only looks, with %s, is not', (method) => {
    expect(counts(pattern(), `SecretManagerService.${method}`)).toBe(false);
  });

  test('a planted list without added versions is found', () => {
    expect(counts(pattern().replace('AddSecretVersion|', ''), 'SecretManagerService.AddSecretVersion')).toBe(false);
  });
});
