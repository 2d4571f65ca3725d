import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AUTH, MINUTE_MS, NUMBER, OTHER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

const KEYS = `/v2/projects/${PROJECT}/locations/global/keys`;
const EMAIL = 'minter@test-proj.iam.gserviceaccount.com';
const MEMBER = `serviceAccount:${EMAIL}`;
const ACCOUNT = 'gemini-app@test-proj.iam.gserviceaccount.com';
const GEMINI = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };
const CONSTRAINT = 'iam.managed.disableServiceAccountApiKeyCreation';
const bound = { serviceAccountEmail: ACCOUNT, restrictions: GEMINI };

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  cloud.iam.register('token', EMAIL);
  cloud.iam.grant(PROJECT, MEMBER, 'roles/serviceusage.apiKeysAdmin');
});
afterEach(() => cloud.close());

const headers = { authorization: 'Bearer token' };
const create = (key: object, id = 'my-key') => cloud.ask('POST', `${KEYS}?keyId=${id}`, { body: key, headers });
const turn = (switches: object) => cloud.control('POST switches', switches);
const grant = (more: object) =>
  cloud.control('POST grants', { member: MEMBER, role: 'roles/iam.serviceAccountApiKeyBindingAdmin', ...more });
const denied = (verb: string) => ({
  error: {
    code: 403,
    status: 'PERMISSION_DENIED',
    message: expect.stringContaining(`iam.serviceAccountApiKeyBindings.${verb}`),
  },
});

describe('binding a key to a service account', () => {
  test('asks for a permission on the account that the role for keys does not have', async () => {
    expect((await create(bound)).json()).toMatchObject(denied('create'));
    expect((await create({ restrictions: GEMINI })).status).toBe(200);
  });

  test.each([{ project: PROJECT }, { account: ACCOUNT }])('is allowed by a grant on %j', async (on) => {
    await grant(on);
    expect((await create(bound)).status).toBe(200);
    await grant({ ...on, revoke: true });
    expect((await create(bound, 'other')).status).toBe(403);
  });

  test('is not allowed by a grant on another account', async () => {
    await grant({ account: `other-${ACCOUNT}` });
    expect((await create(bound)).status).toBe(403);
  });

  test.each([
    ['create', 200],
    ['always', 403],
  ])('is asked for as the switch says, for deleting and undeleting too: %s', async (bindingAsked, code) => {
    cloud.iam.defineRole('roles/binder', ['iam.serviceAccountApiKeyBindings.create']);
    await grant({ account: ACCOUNT, role: 'roles/binder' });
    await create(bound);
    await turn({ bindingAsked });
    expect((await cloud.ask('DELETE', `${KEYS}/my-key`, { headers })).status).toBe(code);
    await cloud.ask('DELETE', `${KEYS}/my-key`);
    expect((await cloud.ask('POST', `${KEYS}/my-key:undelete`, { headers })).status).toBe(code);
  });

  test.each([
    ['nobody', 400],
    ['ann@example.com', 400],
    ['gemini-app@test-proj.iam.gserviceaccount.com', 200],
    ['123456789012-compute@developer.gserviceaccount.com', 200],
    ['test-proj@appspot.gserviceaccount.com', 200],
  ])('to %s answers %i', async (serviceAccountEmail, code) => {
    const made = await cloud.ask('POST', KEYS, { body: { ...bound, serviceAccountEmail } });
    expect(made.status).toBe(code);
  });

  test('to a deleted account is refused, and its keys stop working while it is disabled', async () => {
    const made = await cloud.ask('POST', `${KEYS}?keyId=my-key`, { body: bound });
    expect(made.status).toBe(200);
    await cloud.advance(MINUTE_MS);
    const { keyString } = (await cloud.ask('GET', `${KEYS}/my-key/keyString`)).json() as { keyString: string };
    const list = () => cloud.ask('GET', '/v1beta/models', { headers: { 'x-goog-api-key': keyString } });
    expect((await list()).status).toBe(200);
    await cloud.control('POST accounts', { account: ACCOUNT, state: 'disabled' });
    expect((await list()).json()).toMatchObject({
      error: { code: 403, details: [{ reason: 'ACCOUNT_STATE_INVALID' }, {}] },
    });
    await cloud.control('POST accounts', { account: ACCOUNT, state: 'deleted' });
    expect((await cloud.ask('POST', KEYS, { body: bound })).json()).toMatchObject({
      error: { code: 404, message: `Service account ${ACCOUNT} does not exist.` },
    });
  });

  test('an account is named by its email', async () => {
    const refused = await cloud.control('POST accounts', { account: 'ann@example.com', state: 'disabled' });
    expect(refused.status).toBe(400);
  });
});

describe('the constraint on bound keys', () => {
  const violation = {
    error: {
      code: 400,
      status: 'FAILED_PRECONDITION',
      details: [
        { reason: 'CUSTOM_ORG_POLICY_VIOLATION', metadata: { customConstraints: `constraints/${CONSTRAINT}` } },
      ],
    },
  };
  const other = { service: 'maps.googleapis.com' };

  test.each([
    [bound, 200],
    [{ serviceAccountEmail: ACCOUNT, restrictions: {} }, 400],
    [{ serviceAccountEmail: ACCOUNT, restrictions: { apiTargets: [...GEMINI.apiTargets, other] } }, 400],
    [{ serviceAccountEmail: ACCOUNT, restrictions: { apiTargets: [other] } }, 400],
    [{ restrictions: {} }, 200],
  ])('lets %j pass with %i', async (key, code) => {
    const made = await cloud.ask('POST', KEYS, { body: key });
    expect(made.status).toBe(code);
    if (code === 400) expect(made.json()).toMatchObject(violation);
  });

  test('is enforced and lifted in one project', async () => {
    const wide = { serviceAccountEmail: ACCOUNT };
    await turn({ boundKeys: 'allowed' });
    await cloud.control('POST constraints', { project: PROJECT, constraint: CONSTRAINT, enforced: true });
    expect((await cloud.ask('POST', KEYS, { body: wide })).json()).toMatchObject(violation);
    expect((await cloud.ask('POST', KEYS.replace(PROJECT, OTHER), { body: wide })).status).toBe(200);
    await cloud.control('POST constraints', { project: NUMBER, constraint: CONSTRAINT, enforced: false });
    expect((await cloud.ask('POST', KEYS, { body: wide })).status).toBe(200);
  });
});

test('a custom constraint forbids making any key', async () => {
  const forbid = (enforced: boolean) =>
    cloud.control('POST constraints', { project: PROJECT, constraint: 'custom.noKeys', enforced });
  await forbid(true);
  expect((await cloud.ask('POST', KEYS, { body: bound })).json()).toMatchObject({
    error: { message: 'Operation denied by custom org policies: ["customConstraints/custom.noKeys"]' },
  });
  await forbid(false);
  expect((await cloud.ask('POST', KEYS, { body: bound })).status).toBe(200);
  expect((await cloud.control('POST constraints', { constraint: 'gcp.other', enforced: true })).status).toBe(400);
});

test.each([
  ['none', {}],
  ['gemini', { restrictions: GEMINI }],
])('a bound key that names no target is given what the switch says: %s', async (boundKeyDefault, shown) => {
  await turn({ boundKeyDefault, boundKeys: 'allowed' });
  await cloud.ask('POST', `${KEYS}?keyId=my-key`, { body: { serviceAccountEmail: ACCOUNT } });
  const key = (await cloud.ask('GET', `${KEYS}/my-key`)).json() as { restrictions?: object };
  expect({ ...(key.restrictions && { restrictions: key.restrictions }) }).toEqual(shown);
});

test('outside of organisations a key without a target is refused', async () => {
  await turn({ unrestrictedKeys: 'refused' });
  expect((await cloud.ask('POST', KEYS, { body: {} })).status).toBe(400);
  expect((await cloud.ask('POST', KEYS, { body: { restrictions: GEMINI } })).status).toBe(200);
});

test.each([
  ['works', 200],
  ['auth_refused', 401],
  ['restricted_api', 403],
  ['invalid', 400],
])('Gemini takes an unrestricted standard key as the switch says: %s', async (unrestrictedStandardKeys, code) => {
  await turn({ unrestrictedStandardKeys });
  const list = async (key: string) =>
    (await cloud.ask('GET', '/v1beta/models', { headers: { 'x-goog-api-key': key } })).status;
  await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT, unrestricted: true });
  expect(await list(STANDARD)).toBe(code);
  await cloud.control('POST keys', { key: `${STANDARD}x`, state: 'works', project: PROJECT });
  expect(await list(`${STANDARD}x`)).toBe(200);
  await cloud.control('POST keys', { key: AUTH, state: 'works', account: ACCOUNT, unrestricted: true });
  expect(await list(AUTH)).toBe(200);
});

test('a switch is one of those that there are, and the answer shows them all', async () => {
  expect((await turn({ boundKeys: 'never' })).status).toBe(400);
  expect((await turn({ operationMs: 5, deletedKeysCount: false, etagMismatch: 'ABORTED' })).json()).toMatchObject({
    operationMs: 5,
    deletedKeysCount: false,
    etagMismatch: 'ABORTED',
    bindingAsked: 'create',
  });
});
