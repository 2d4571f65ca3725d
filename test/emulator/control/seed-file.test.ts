import { afterEach, expect, test } from '@jest/globals';
import { loadSeedFile } from '../../../src/emulator/control/seed-file.ts';
import { isRecord } from '../../../src/core/values/json.ts';
import { AUTH, NUMBER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

const TOPIC = `projects/${PROJECT}/topics/orders`;
const INBOX = `projects/${PROJECT}/subscriptions/inbox`;
const JOBS = `projects/${PROJECT}/locations/us-east1/jobs`;
const S = `projects/${PROJECT}/secrets/s`;
const EMAIL = 'gemini-app@test-proj.iam.gserviceaccount.com';
const READER = { role: 'roles/secretmanager.secretAccessor', members: ['user:a@b.example'] };

const clouds: TestCloud[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
});
async function fresh(): Promise<TestCloud> {
  const cloud = await testCloud();
  clouds.push(cloud);
  return cloud;
}

const load = (cloud: TestCloud, file: unknown) => loadSeedFile(file, cloud.answer, () => cloud.clock.now());

/** A cloud with one of everything that is kept. */
async function furnished(): Promise<TestCloud> {
  const cloud = await fresh();
  const v1 = (method: string, path: string, body: object = {}) => cloud.ask(method, `/v1/${path}`, { body });
  await v1('PUT', TOPIC, { labels: { a: 'b' } });
  await v1('POST', `${TOPIC}:setIamPolicy`, { policy: { bindings: [{ ...READER, role: 'roles/pubsub.publisher' }] } });
  await v1('PUT', INBOX, { topic: TOPIC, ackDeadlineSeconds: 33 });
  await cloud.control('POST secrets', {
    project: PROJECT,
    secretId: 's',
    payloads: ['one', 'two', 'three'],
    aliases: { current: 2 },
    labels: { team: 'search' },
    more: {
      topics: [{ name: TOPIC }],
      rotation: { nextRotationTime: '2026-11-25T12:00:00Z', rotationPeriod: '86400s' },
    },
  });
  await v1('POST', `${S}/versions/1:destroy`);
  await v1('POST', `${S}/versions/3:disable`);
  await v1('POST', `${S}:setIamPolicy`, { policy: { bindings: [READER] } });
  await cloud.control('POST secrets', { project: PROJECT, secretId: 'r', location: 'us-east1', payloads: ['x'] });
  await cloud.control('POST keys', {
    key: STANDARD,
    state: 'leaked',
    project: PROJECT,
    keyId: 'my-key',
    reach: 'every',
  });
  await cloud.control('POST keys', { key: AUTH, state: 'works', project: PROJECT, keyId: 'bound', account: EMAIL });
  await cloud.ask('DELETE', `/v2/projects/${PROJECT}/locations/global/keys/bound`);
  const httpTarget = { uri: 'https://a.example/', body: 'YQ==' };
  await v1('POST', JOBS, { name: `${JOBS}/j`, schedule: '0 3 * * *', httpTarget });
  await v1('POST', `${JOBS}/j:pause`);
  await v1('POST', JOBS, { name: `${JOBS}/k`, schedule: '0 3 * * *', httpTarget });
  await cloud.control('POST roles', { name: 'projects/p/roles/mine', permissions: ['apikeys.keys.list'] });
  await cloud.control('POST grants', { project: PROJECT, member: `user:a@b.example`, role: 'projects/p/roles/mine' });
  await cloud.control('POST grants', {
    account: EMAIL,
    member: `user:a@b.example`,
    role: 'roles/iam.serviceAccountApiKeyBindingAdmin',
  });
  await cloud.control('POST accounts', { account: EMAIL, state: 'disabled' });
  await cloud.control('POST constraints', { project: PROJECT, constraint: 'custom.noKeys', enforced: true });
  await cloud.control('POST apis', { api: 'monitoring', project: PROJECT, enabled: false });
  await cloud.control('POST switches', { bindingAsked: 'always' });
  return cloud;
}

test('what is saved and loaded is saved alike again, and answers alike', async () => {
  const before = await furnished();
  const saved = (await before.control('GET seed')).json();
  const after = await fresh();
  await load(after, saved);
  expect((await after.control('GET seed')).json()).toEqual(saved);
  const same = async (path: string) => {
    const [one, other] = [await before.ask('GET', path), await after.ask('GET', path)];
    expect(one.status).toBe(200);
    expect(timeless(other.json())).toEqual(timeless(one.json()));
  };
  for (const path of [S, `${S}/versions`, `${S}/versions/current:access`, `${S}:getIamPolicy`])
    await same(`/v1/${path}`);
  await same(`/v1/projects/${PROJECT}/locations/us-east1/secrets/r/versions/1:access`);
  for (const path of [TOPIC, INBOX, `${TOPIC}:getIamPolicy`, JOBS]) await same(`/v1/${path}`);
  await same(`/v2/projects/${PROJECT}/locations/global/keys/my-key/keyString`);
  expect(after.keyring.byString(STANDARD)).toMatchObject({ state: 'leaked', project: NUMBER });
  expect(after.keyring.byString(AUTH)).toMatchObject({ deletedAt: expect.any(Number), serviceAccountEmail: EMAIL });
});

test('a file is loaded whole although an account in a policy was deleted and an API was disabled since', async () => {
  const before = await furnished();
  const bindings = [{ ...READER, members: [`serviceAccount:${EMAIL}`] }];
  await before.ask('POST', `/v1/${S}:setIamPolicy`, { body: { policy: { bindings } } });
  await before.control('POST accounts', { account: EMAIL, state: 'deleted' });
  await before.control('POST apis', { api: 'secretmanager', project: PROJECT, enabled: false });
  const saved = (await before.control('GET seed')).json();
  const after = await fresh();
  await load(after, saved);
  expect((await after.control('GET seed')).json()).toEqual(saved);
});

test('a rotation that was due before the file is loaded is due soon', async () => {
  const before = await furnished();
  const saved = (await before.control('GET seed')).json();
  const after = await fresh();
  await after.advance(10 * 24 * 3_600_000);
  await load(after, saved);
  expect((await after.ask('GET', `/v1/${S}`)).json()).toMatchObject({
    rotation: { nextRotationTime: '2026-12-04T12:10:00Z', rotationPeriod: '86400s' },
  });
});

test.each([
  [undefined, 'a seed file has "version": 1 and "calls"'],
  [{ version: 2, calls: [] }, 'a seed file has "version": 1 and "calls"'],
  [{ version: 1 }, 'a seed file has "version": 1 and "calls"'],
  [{ version: 1, calls: ['POST /x'] }, 'call 1 of the seed file must be ["POST /path", body]'],
  [{ version: 1, calls: [['JUMP /x', {}]] }, 'call 1 of the seed file must be ["POST /path", body]'],
  [
    { version: 1, calls: [['GET /_emulator/clock'], ['POST /_emulator/secrets', {}]] },
    "call 2 of the seed file, POST /_emulator/secrets: 'secretId' must be text",
  ],
  [{ version: 1, calls: [['GET /nowhere']] }, 'call 1 of the seed file, GET /nowhere: status 404'],
])('%j is refused and says why', async (file, message) => {
  await expect(load(await fresh(), file)).rejects.toThrow(message);
});

/** Without what differs from one making to the next. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (!isRecord(value)) return value;
  const moving = ['createTime', 'destroyTime', 'etag', 'userUpdateTime', 'updateTime'];
  const kept = Object.entries(value).filter(([name]) => !moving.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, timeless(inner)]));
}
