import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KINDS } from '../../../src/emulator/shelf/kinds.ts';
import { NUMBER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

const EMAIL = `gemini-app@${PROJECT}.iam.gserviceaccount.com`;
const HERE = `projects/${PROJECT}/locations/europe-west1`;
const FUNCTION = `/v2/${HERE}/functions/check`;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

const put = (path: string, resource?: unknown) => cloud.control('POST resources', { path, resource });
const get = async (path: string) => (await cloud.ask('GET', path)).json();
const post = (path: string, body: unknown = {}) => cloud.ask('POST', path, { body });

test('a resource is shown where it was put, until it is taken away', async () => {
  expect(await get(FUNCTION)).toMatchObject({
    error: { code: 404, status: 'NOT_FOUND', message: `Resource '${HERE}/functions/check' was not found` },
  });
  expect((await put(FUNCTION, { name: 'check', state: 'ACTIVE' })).status).toBe(200);
  expect(await get(FUNCTION)).toEqual({ name: 'check', state: 'ACTIVE' });
  await put(FUNCTION);
  expect((await cloud.ask('GET', FUNCTION)).status).toBe(404);
});

test.each(KINDS.filter(({ list }) => list !== undefined))(
  '$collection is listed, page by page',
  async ({ collection, list = '' }) => {
    const at = collection.replace('projects/*', `projects/${PROJECT}`).replaceAll('*', 'us-east1');
    expect(await get(at)).toEqual({});
    for (const id of ['a', 'b']) await put(`${at}/${id}`, { name: id });
    const first = (await get(`${at}?pageSize=1`)) as { readonly nextPageToken: string };
    expect(first).toEqual({ [list]: [{ name: 'a' }], nextPageToken: expect.any(String) });
    expect(await get(`${at}?pageToken=${first.nextPageToken}`)).toEqual({ [list]: [{ name: 'b' }] });
  },
);

test('services are listed by whether they are on; no other filter is taken', async () => {
  const at = `/v1/projects/${PROJECT}/services`;
  await put(`${at}/run.googleapis.com`, { name: 'run', state: 'ENABLED' });
  await put(`${at}/iam.googleapis.com`, { name: 'iam', state: 'DISABLED' });
  expect(await get(`${at}?filter=state:ENABLED`)).toEqual({ services: [{ name: 'run', state: 'ENABLED' }] });
  expect((await cloud.ask('GET', `${at}?filter=state:DISABLED`)).status).toBe(501);
});

describe('policies', () => {
  test('are put beside their resource; one that was never put is empty', async () => {
    const service = `/v2/${HERE}/services/check`;
    expect((await cloud.ask('GET', `${service}:getIamPolicy`)).status).toBe(404);
    await put(service, {});
    expect(await get(`${service}:getIamPolicy`)).toEqual({ etag: 'ACAB' });
    const policy = { version: 1, bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] };
    await put(`${service}:getIamPolicy`, policy);
    expect(await get(`${service}:getIamPolicy?options.requestedPolicyVersion=3`)).toEqual(policy);
  });

  test('of projects and accounts are what was granted there', async () => {
    const member = 'user:a@b.example';
    expect((await post(`/v3/projects/${PROJECT}:getIamPolicy`)).json()).toEqual({ version: 1, etag: 'ACAB' });
    await cloud.control('POST grants', { project: PROJECT, member, role: 'roles/viewer' });
    await put(`/v3/projects/${PROJECT}`, { auditConfigs: [{ service: 'allServices' }] });
    expect((await post(`/v3/projects/${NUMBER}:getIamPolicy`)).json()).toEqual({
      version: 1,
      etag: 'ACAB',
      bindings: [{ role: 'roles/viewer', members: [member] }],
      auditConfigs: [{ service: 'allServices' }],
    });
    const account = `/v1/projects/${PROJECT}/serviceAccounts/${EMAIL}`;
    expect((await post(`${account}:getIamPolicy`)).status).toBe(404);
    await put(account, { email: EMAIL });
    await cloud.control('POST grants', { account: EMAIL, member, role: 'roles/iam.serviceAccountAdmin' });
    expect((await post(`${account}:getIamPolicy`)).json()).toMatchObject({
      bindings: [{ role: 'roles/iam.serviceAccountAdmin', members: [member] }],
    });
  });
});

test('an account is found without its project, as gcloud asks for it', async () => {
  await put(`/v1/projects/${PROJECT}/serviceAccounts/${EMAIL}`, { email: EMAIL });
  expect(await get(`/v1/projects/-/serviceAccounts/${EMAIL}`)).toEqual({ email: EMAIL });
  expect((await cloud.ask('GET', '/v1/projects/-/serviceAccounts/nobody')).status).toBe(403);
});

test('an account whose state was set is there, disabled or not, until it is deleted', async () => {
  const email = `gemini-later@${PROJECT}.iam.gserviceaccount.com`;
  const path = `/v1/projects/${PROJECT}/serviceAccounts/${email}`;
  expect((await cloud.ask('GET', path)).status).toBe(404);
  await cloud.control('POST accounts', { account: email, state: 'active' });
  expect(await get(path)).toEqual({ email });
  await cloud.control('POST accounts', { account: email, state: 'disabled' });
  expect(await get(path)).toEqual({ email, disabled: true });
  await cloud.control('POST accounts', { account: email, state: 'deleted' });
  expect((await cloud.ask('GET', path)).status).toBe(404);
});

test('custom roles are those that were defined', async () => {
  const name = `projects/${PROJECT}/roles/mine`;
  expect((await cloud.ask('GET', `/v1/${name}`)).status).toBe(404);
  await cloud.control('POST roles', { name, permissions: ['apikeys.keys.list'] });
  expect(await get(`/v1/${name}`)).toMatchObject({ name, includedPermissions: ['apikeys.keys.list'] });
});

test('a bucket knows its project; what is in one that there is not is not there', async () => {
  await put('/storage/v1/b/box', { name: 'box', projectNumber: NUMBER });
  await put('/storage/v1/b/box/o/thing', { name: 'thing' });
  expect(await get('/storage/v1/b/box/o/thing')).toEqual({ name: 'thing' });
  expect((await cloud.ask('GET', '/storage/v1/b/other/o/thing')).status).toBe(404);
});

test('whoever may not read is refused with the permission, and a role that has it lets in', async () => {
  await put(FUNCTION, {});
  const email = 'reader@b.example';
  const { accessToken } = (await cloud.control('POST token', { email })).json() as { readonly accessToken: string };
  const asReader = () => cloud.ask('GET', FUNCTION, { headers: { authorization: `Bearer ${accessToken}` } });
  expect((await asReader()).json()).toMatchObject({
    error: { code: 403, message: expect.stringContaining("'cloudfunctions.functions.get'") },
  });
  await cloud.control('POST grants', { project: PROJECT, member: `user:${email}`, role: 'roles/viewer' });
  expect((await asReader()).status).toBe(200);
});

test('nothing is written there, and nothing else is kept', async () => {
  for (const [method, path] of [
    ['DELETE', `/v2/projects/${PROJECT}/metrics/errors`],
    ['POST', `/v1/projects/${PROJECT}/serviceAccounts`],
    ['PATCH', `/v3/projects/${PROJECT}/alertPolicies/1`],
    ['GET', '/storage/v1/b'],
    ['GET', `${FUNCTION}:getIamPolicy`],
    ['GET', `/v2/${HERE}/services:getIamPolicy`],
  ] as const)
    expect([path, (await cloud.ask(method, path)).status]).toEqual([path, 501]);
  for (const path of ['/v1/projects/p/secrets/x', `${FUNCTION}/more`, '/storage/v1/b'])
    expect((await put(path, {})).status).toBe(400);
  expect((await put(FUNCTION, 'text')).status).toBe(400);
});

test('a fault can be aimed at it', async () => {
  const path = `/v2/projects/${PROJECT}/metrics/errors`;
  await put(path, {});
  await cloud.control('POST faults', { match: { service: 'deployment' }, status: 503 });
  expect([(await cloud.ask('GET', path)).status, (await cloud.ask('GET', path)).status]).toEqual([503, 200]);
});
