import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { invalid, NUMBER, PROJECT, startRig, type Rig } from '../../support/secret-manager-rig.ts';

const SECRETS = `projects/${PROJECT}/secrets`;
const BAD = invalid('Request contains an invalid argument.');

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const named = (id: string): string => `projects/${NUMBER}/secrets/${id}`;

/** The ids that a list answers, in its order. */
async function ids(query: string, path = SECRETS): Promise<readonly unknown[]> {
  const { body } = await rig.ask('GET', `${path}?${query}`);
  const items = body['secrets'] ?? body['versions'] ?? [];
  if (!Array.isArray(items)) throw new Error('no list');
  return items.map((item: { readonly name?: string }) => item.name?.split('/').at(-1));
}

const filtered = (filter: string, path?: string): Promise<readonly unknown[]> =>
  ids(`filter=${encodeURIComponent(filter)}`, path);

function seed(secretId: string, more: object = {}, location?: string): void {
  rig.vault.seed({ project: PROJECT, secretId, more: { ...more }, ...(location === undefined ? {} : { location }) });
}

describe('pages', () => {
  test('come newest first, and their total only without a filter', async () => {
    for (const id of ['a', 'b', 'c']) seed(id);
    const whole = (await rig.ask('GET', `${SECRETS}?pageSize=0`)).body;
    expect(await ids('')).toEqual(['c', 'b', 'a']);
    expect(whole['totalSize']).toBe(3);
    expect(whole).not.toHaveProperty('nextPageToken');
    expect((await rig.ask('GET', `${SECRETS}?filter=name:a`)).body).not.toHaveProperty('totalSize');
  });

  test('of versions are sorted by number, 10 before 9', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: Array.from({ length: 11 }, () => 'v') });
    expect((await ids('pageSize=3', `${SECRETS}/x/versions`)).join()).toBe('11,10,9');
  });

  test('follow each other by token while secrets come and go', async () => {
    for (const id of ['a', 'b', 'c', 'd']) seed(id);
    const first = (await rig.ask('GET', `${SECRETS}?pageSize=2`)).body;
    seed('e');
    await rig.ask('DELETE', `${SECRETS}/c`);
    expect(await ids(`page_size=2&pageToken=${String(first['nextPageToken'])}`)).toEqual(['b', 'a']);
  });

  test('hold 250 unless asked otherwise', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: Array.from({ length: 251 }, () => 'v') });
    expect(await ids('', `${SECRETS}/x/versions`)).toHaveLength(250);
    expect(await ids('pageSize=99999', `${SECRETS}/x/versions`)).toHaveLength(251);
  });

  test('are empty objects when there is nothing', async () => {
    expect(await rig.ask('GET', SECRETS)).toEqual({ status: 200, body: {} });
    seed('x');
    expect(await rig.ask('GET', `${SECRETS}/x/versions`)).toEqual({ status: 200, body: {} });
  });

  test.each(['pageSize=-1', 'pageToken=nonsense'])('refuse %s', async (query) => {
    expect(await rig.ask('GET', `${SECRETS}?${query}`)).toEqual(BAD);
  });

  test('show the secrets of their own project and place only', async () => {
    seed('a');
    seed('r', {}, 'us-east1');
    rig.vault.seed({ project: 'other-proj', secretId: 'o' });
    expect(await ids('')).toEqual(['a']);
    expect(await ids('', `projects/${NUMBER}/locations/us-east1/secrets`)).toEqual(['r']);
  });
});

describe('filters on secrets', () => {
  function seedThree(): void {
    seed('alpha', { labels: { env: 'prod', 'key-warden': 'managed' }, ttl: '3600s' });
    rig.clock.advance(1000);
    seed('beta', { labels: { env: 'dev' }, annotations: { 'key-warden.health': 'x' }, versionDestroyTtl: '86400s' });
    rig.clock.advance(1000);
    seed('Gamma', { replication: { userManaged: { replicas: [{ location: 'us-east1' }, { location: 'us-west1' }] } } });
  }

  test.each<[string, readonly string[]]>([
    ['name:alph', ['alpha']],
    ['name:ALPHA', ['alpha']],
    ['gamma', ['Gamma']],
    ['"gamma"', ['Gamma']],
    ["name:'be'", ['beta']],
    ['labels.env=prod', ['alpha']],
    ['labels.env="prod"', ['alpha']],
    ['labels.key-warden=managed', ['alpha']],
    ['labels.env!=prod', ['Gamma', 'beta']],
    ['labels.env:*', ['beta', 'alpha']],
    ['labels:env', ['beta', 'alpha']],
    ['labels.env=pro', []],
    ['annotations.key-warden.health:*', ['beta']],
    ['expire_time:*', ['alpha']],
    ['expireTime:*', ['alpha']],
    ['expire_time<2026-10-06T00:00:00Z', ['alpha']],
    ['NOT expire_time:*', ['Gamma', 'beta']],
    ['-expire_time:*', ['Gamma', 'beta']],
    ['version_destroy_ttl>=86400s', ['beta']],
    ['version_destroy_ttl>86400s', []],
    ['replication.automatic:*', ['beta', 'alpha']],
    ['replication.user_managed.replicas.location=us-west1', ['Gamma']],
    ['replication=x', []],
    ['labels.env=prod OR labels.env=dev', ['beta', 'alpha']],
    ['labels.env:* AND name:beta', ['beta']],
    ['labels.env:* name:beta', ['beta']],
    ['labels.env=prod OR labels.env=dev AND name:beta', ['beta']],
    ['(labels.env=prod) OR (labels.env=dev AND name:beta)', ['beta', 'alpha']],
    ['NOT (name:alpha OR name:beta)', ['Gamma']],
    ['name:alpha AND NOT labels.env=dev', ['alpha']],
  ])('%s', async (filter, expected) => {
    seedThree();
    expect(await filtered(filter)).toEqual(expected);
  });

  test('compare times by size, whatever their offset', async () => {
    seedThree();
    expect(await filtered('create_time>=2026-10-05T09:00:01Z')).toHaveLength(2);
    expect(await filtered('create_time<2026-10-05T11:00:01.5+02:00')).toHaveLength(2);
    expect(await filtered('create_time<="2026-10-05T08:59:59Z"')).toEqual([]);
  });

  test.each([
    'nope:x',
    'NOT nope:x',
    'name:a AND nope=1',
    'name=',
    'name:a AND',
    'OR name:a',
    'name:a)',
    '(name:a',
    '()',
    'NOT',
    '= a',
    'name = AND',
    'name ! a',
    'name:"open',
    '('.repeat(60) + 'a' + ')'.repeat(60),
    'a'.repeat(10_001),
  ])('%.40s is refused', async (filter) => {
    expect(await rig.ask('GET', `${SECRETS}?filter=${encodeURIComponent(filter)}`)).toEqual(BAD);
  });
});

describe('filters on versions', () => {
  test.each<[string, readonly string[]]>([
    ['state=ENABLED', ['3']],
    ['state:ENABLED', ['3']],
    ['state:disabled', ['2']],
    ['state:ENABLED OR state:DISABLED', ['3', '2']],
    ['NOT state=DESTROYED', ['3', '2']],
    ['destroy_time:*', ['1']],
    ['name:versions/2', ['2']],
    ['', ['3', '2', '1']],
  ])('%s', async (filter, expected) => {
    rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one', 'two', 'three'] });
    await rig.ask('POST', `${SECRETS}/x/versions/1:destroy`);
    await rig.ask('POST', `${SECRETS}/x/versions/2:disable`);
    expect(await filtered(filter, `${SECRETS}/x/versions`)).toEqual(expected);
  });

  test('know no field of secrets', async () => {
    seed('x');
    expect(await rig.ask('GET', `${SECRETS}/x/versions?filter=labels.a%3Db`)).toEqual(BAD);
    expect((await rig.ask('GET', `${SECRETS}/nope/versions`)).status).toBe(404);
  });
});

describe('locations', () => {
  test('are listed and told by name', async () => {
    const { body } = await rig.ask('GET', `projects/${PROJECT}/locations`);
    const one = { name: `projects/${NUMBER}/locations/europe-west1`, locationId: 'europe-west1' };
    expect(body['locations']).toContainEqual(one);
    expect((await rig.ask('GET', `projects/${PROJECT}/locations/europe-west1`)).body).toEqual(one);
    expect((await rig.ask('GET', `projects/${PROJECT}/locations/mars`)).status).toBe(404);
  });
});

test('the snapshot shows everything but payloads', () => {
  rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['a payload'] });
  expect(rig.vault.snapshot()).toMatchObject({
    secrets: [{ name: named('x'), versions: [{ state: 'ENABLED' }], policy: { etag: 'ACAB' } }],
  });
  expect(JSON.stringify(rig.vault.snapshot())).not.toContain('payload');
});
