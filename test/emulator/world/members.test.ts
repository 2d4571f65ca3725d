import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NUMBER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

const EMAIL = 'ann@example.com';
const ROLE = 'roles/secretmanager.viewer';
let cloud: TestCloud;
let headers: Readonly<Record<string, string>>;
beforeAll(async () => {
  cloud = await testCloud();
  const { accessToken } = (await cloud.control('POST token', { email: EMAIL })).json() as { accessToken: string };
  headers = { authorization: `Bearer ${accessToken}` };
  await cloud.control('POST secrets', { project: PROJECT, secretId: 's' });
});
afterAll(() => cloud.close());

async function readAs(member: string): Promise<number> {
  const policy = { bindings: [{ role: ROLE, members: [member] }] };
  await cloud.ask('POST', `/v1/projects/${PROJECT}/secrets/s:setIamPolicy`, { body: { policy } });
  return (await cloud.ask('GET', `/v1/projects/${PROJECT}/secrets/s`, { headers })).status;
}

test.each([
  ['user:ann@example.com', 200],
  ['user:bob@example.com', 403],
  ['domain:example.com', 200],
  ['domain:example.org', 403],
  ['allAuthenticatedUsers', 200],
  ['group:everybody@example.com', 403],
  ['principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*', 403],
  ['deleted:user:ann@example.com?uid=1', 403],
  [`projectViewer:${PROJECT}`, 403],
])('what is granted to %s lets ann@example.com in: %i', async (member, status) => {
  expect(await readAs(member)).toBe(status);
});

test('whoever has a basic role on the project is among those whom a policy calls by it', async () => {
  await cloud.control('POST roles', { name: 'roles/viewer', permissions: [] });
  await cloud.control('POST grants', { project: PROJECT, member: `user:${EMAIL}`, role: 'roles/viewer' });
  for (const member of [`projectViewer:${PROJECT}`, `projectViewer:${NUMBER}`])
    expect([member, await readAs(member)]).toEqual([member, 200]);
  for (const member of [`projectOwner:${PROJECT}`, 'projectViewer:other-proj'])
    expect([member, await readAs(member)]).toEqual([member, 403]);
});

test('permissions on a service account are asked for one by one', async () => {
  const account = `/v1/projects/${PROJECT}/serviceAccounts/gemini-app@${PROJECT}.iam.gserviceaccount.com`;
  const ask = (permissions: unknown) =>
    cloud.ask('POST', `${account}:testIamPermissions`, { body: { permissions } }).then(({ status }) => status);
  expect(await ask(['iam.serviceAccounts.get'])).toBe(200);
  expect(await ask(['iam.*'])).toBe(400);
  expect(await ask([7])).toBe(400);
});

test('a service account that was deleted can be granted nothing, and what it has can be taken from it', async () => {
  const account = `gone-app@${PROJECT}.iam.gserviceaccount.com`;
  const grant = { project: PROJECT, member: `serviceAccount:${account}`, role: ROLE };
  const setPolicy = (...members: readonly string[]) => {
    const policy = { bindings: [{ role: ROLE, members }] };
    return cloud.ask('POST', `/v1/projects/${PROJECT}/secrets/s:setIamPolicy`, { body: { policy } });
  };
  expect((await setPolicy(grant.member)).status).toBe(200);
  expect((await cloud.control('POST grants', grant)).status).toBe(200);
  await cloud.control('POST accounts', { account, state: 'deleted' });
  const refusal = { code: 400, status: 'INVALID_ARGUMENT', message: `Service account ${account} does not exist.` };
  expect((await setPolicy(grant.member, 'user:ann@example.com')).status).toBe(200); // it stands there already
  expect((await setPolicy()).status).toBe(200);
  expect((await setPolicy(grant.member)).json()).toMatchObject({ error: refusal });
  expect((await cloud.control('POST grants', grant)).json()).toMatchObject({ error: refusal });
  expect((await cloud.control('POST grants', { ...grant, revoke: true })).status).toBe(200);
});
