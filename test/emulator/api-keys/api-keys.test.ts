import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  DAY_MS,
  MINUTE_MS,
  NUMBER,
  OTHER,
  PROJECT,
  STANDARD,
  testCloud,
  type Heard,
  type TestCloud,
} from '../../support/cloud.ts';

/** A moment of the clock, which has milliseconds, as Google writes it. */
function inMicros(moment: number) {
  return expect.stringMatching(`^${new Date(moment).toISOString().slice(0, -1)}\\d{3}Z$`);
}

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.reset());
afterAll(() => cloud.close());

const KEYS = `/v2/projects/${PROJECT}/locations/global/keys`;
const NAMES = `projects/${NUMBER}/locations/global/keys`;
const GEMINI = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };
const FINGERPRINT = 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709';
const EMAIL = 'gemini@test-proj.iam.gserviceaccount.com';

interface Key {
  readonly name: string;
  readonly uid: string;
  readonly etag: string;
  readonly [field: string]: unknown;
}

const keyIn = (heard: Heard): Key => {
  const operation = heard.json() as { done?: boolean; response: Key };
  expect(operation).toMatchObject({ done: true });
  return operation.response;
};
const create = (body: object = {}, keyId?: string, at: TestCloud = cloud) =>
  at.ask('POST', `${KEYS}${keyId === undefined ? '' : `?keyId=${keyId}`}`, { body });
const made = async (body: object = {}, keyId?: string): Promise<Key> => keyIn(await create(body, keyId));
const look = (id: string) => cloud.ask('GET', `${KEYS}/${id}`);
const remove = (id: string, query = '') => cloud.ask('DELETE', `${KEYS}/${id}${query}`);
const stringOf = async (id: string): Promise<string> =>
  ((await cloud.ask('GET', `${KEYS}/${id}/keyString`)).json() as { keyString: string }).keyString;
const probe = async (key: string): Promise<number> =>
  (await cloud.ask('GET', '/v1beta/models?pageSize=1', { headers: { 'x-goog-api-key': key } })).status;

describe('creating a key', () => {
  test('answers an operation with the key but not its string, which is read afterwards', async () => {
    const heard = await create({ displayName: 'mine', restrictions: GEMINI, annotations: { run: 'r1' } }, 'my-key');
    const at = inMicros(cloud.clock.now());
    expect(heard.json()).toEqual({
      name: expect.stringMatching(new RegExp(`^operations/akmf\\.p7-${NUMBER}-[0-9a-f-]{36}$`)),
      metadata: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.api.apikeys.v2.Key',
        name: `${NAMES}/my-key`,
        uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
        displayName: 'mine',
        createTime: at,
        updateTime: at,
        annotations: { run: 'r1' },
        restrictions: { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] },
        etag: expect.stringMatching(/^W\/".+"$/),
      },
    });
    expect(await stringOf('my-key')).toMatch(/^AIzaSy[\w-]{33}$/);
    expect(await stringOf('my-key')).toBe(await stringOf('my-key'));
  });

  test('bound to a service account makes an auth key', async () => {
    const key = await made({ serviceAccountEmail: EMAIL, restrictions: GEMINI }, 'bound');
    expect(key['serviceAccountEmail']).toBe(EMAIL);
    expect(await stringOf('bound')).toMatch(/^AQ\./);
  });

  test('without an id is named by its uid', async () => {
    const key = await made();
    expect(key.name).toBe(`${NAMES}/${key.uid}`);
    expect((await look(key.uid)).json()).toMatchObject({ uid: key.uid });
  });

  test('makes a key that Gemini refuses as expired for a minute', async () => {
    await made({ restrictions: GEMINI }, 'fresh');
    const key = await stringOf('fresh');
    expect(await probe(key)).toBe(400);
    await cloud.advance(MINUTE_MS);
    expect(await probe(key)).toBe(200);
  });

  test.each<[string | undefined, object, RegExp]>([
    ['Upper', {}, /key_id must match/],
    ['a-', {}, /key_id must match/],
    [`a${'b'.repeat(63)}`, {}, /key_id must match/],
    ['abcdef12-1234-4123-a123-123456789abc', {}, /not look like a UUID/],
    [undefined, { displayName: 'x'.repeat(64) }, /at most 63 characters/],
    [undefined, { displayName: 1 }, /Invalid value at 'key\.display_name' \(TYPE_STRING\), 1/],
    [undefined, { nonsense: 1 }, /Unknown name "nonsense" at 'key': Cannot find field/],
    [undefined, { restrictions: { nonsense: 1 } }, /Unknown name "nonsense" at 'key\.restrictions': Cannot find field/],
    [undefined, { restrictions: 'all' }, /Invalid value at 'key\.restrictions' \(type\.googleapis\.com/],
    [undefined, { restrictions: { apiTargets: ['x'] } }, /Invalid value at 'key\.restrictions\.api_targets\[0\]'/],
    [undefined, { restrictions: { serverKeyRestrictions: { allowedIps: [1] } } }, /TYPE_STRING/],
    [undefined, { restrictions: { serverKeyRestrictions: { allowedIps: ['300.1.1.1'] } } }, /addresses/],
    [undefined, { restrictions: { serverKeyRestrictions: { allowedIps: ['10.0.0.0/8/8'] } } }, /addresses/],
    [undefined, { restrictions: { serverKeyRestrictions: { allowedIps: ['10.0.0.0/x'] } } }, /addresses/],
    [
      undefined,
      { restrictions: { serverKeyRestrictions: {}, iosKeyRestrictions: {} } },
      /oneof field 'client_restrictions' is already set. Cannot set 'iosKeyRestrictions'/,
    ],
  ])('with id %j and %j is refused', async (keyId, body, message) => {
    const heard = await create(body, keyId);
    expect(heard.json()).toMatchObject({ error: { code: 400, message: expect.stringMatching(message) } });
  });

  test('takes the longest id and name', async () => {
    await made({ displayName: 'x'.repeat(63) }, `a${'b'.repeat(62)}`);
  });

  test('refuses an id that is in use, also by a deleted key', async () => {
    await made({}, 'my-key');
    expect((await create({}, 'my-key')).status).toBe(409);
    await remove('my-key');
    expect((await create({}, 'my-key')).json()).toMatchObject({ error: { status: 'ALREADY_EXISTS' } });
  });

  test.each([
    [true, 429],
    [false, 200],
  ])('stops at 300 keys of a project; deleted ones count: %s', async (deletedKeysCount, status) => {
    const full = await testCloud({ apiKeys: { deletedKeysCount } });
    const draft = { kind: 'standard' as const, annotations: {}, restrictions: { apiTargets: [] } };
    for (let turn = 0; turn < 300; turn += 1) full.keyring.issue({ ...draft, project: NUMBER }, 0);
    full.keyring.issue({ ...draft, project: '1' }, 0);
    expect((await create({}, undefined, full)).status).toBe(429);
    const [first] = full.keyring.all();
    await full.ask('DELETE', `${KEYS}/${first?.uid}`);
    expect((await create({}, undefined, full)).status).toBe(status);
    await full.close();
  });

  test('for Gemini without a service account is refused when the switch says so', async () => {
    const strict = await testCloud({ apiKeys: { unboundGeminiKeys: 'refused' } });
    const statuses = [];
    for (const body of [{ restrictions: GEMINI }, { restrictions: GEMINI, serviceAccountEmail: EMAIL }, {}]) {
      statuses.push((await create(body, undefined, strict)).status);
    }
    expect(statuses).toEqual([400, 200, 200]);
    await strict.close();
  });

  test('may take its time: the operation is polled until it is done', async () => {
    const slow = await testCloud({ apiKeys: { operationMs: 2000 } });
    const { name } = (await create({}, 'slow', slow)).json() as { name: string };
    const poll = async () => (await slow.ask('GET', `/v2/${name}`)).json();
    expect(await poll()).toEqual({ name, metadata: expect.anything() });
    slow.clock.advance(2000);
    expect(await poll()).toMatchObject({ name, done: true, response: { name: `${NAMES}/slow` } });
    expect((await slow.ask('GET', '/v2/operations/akmf.other')).status).toBe(404);
    await slow.close();
  });

  test.each([
    [{ browserKeyRestrictions: { allowedReferrers: ['https://a/*'] } }],
    [{ serverKeyRestrictions: { allowedIps: ['10.0.0.0/8'] } }],
    [{ androidKeyRestrictions: { allowedApplications: [{ packageName: 'a', sha1Fingerprint: FINGERPRINT }] } }],
    [{ iosKeyRestrictions: { allowedBundleIds: ['a'] } }],
    [{ serverKeyRestrictions: { allowedIps: [] } }],
  ])('keeps the restrictions %j, and Gemini obeys them', async (restrictions) => {
    const key = await made({ restrictions }, 'my-key');
    expect(key['restrictions']).toEqual(restrictions);
    await cloud.advance(MINUTE_MS);
    expect(await probe(await stringOf('my-key'))).toBe(403);
  });

  test('fills in what a restriction leaves out', async () => {
    const colons = FINGERPRINT.toLowerCase().replaceAll(/..(?=.)/g, '$&:');
    const apps = [{ sha1Fingerprint: colons }];
    const android = await made({ restrictions: { androidKeyRestrictions: { allowedApplications: apps } } });
    expect(android['restrictions']).toEqual({
      androidKeyRestrictions: { allowedApplications: [{ packageName: '', sha1Fingerprint: FINGERPRINT }] },
    });
    const target = await made({ restrictions: { apiTargets: [{}], iosKeyRestrictions: {} } });
    expect(target['restrictions']).toEqual({
      apiTargets: [{ service: '' }],
      iosKeyRestrictions: { allowedBundleIds: [] },
    });
  });
});

test.each([
  ['google.ai.generativelanguage.v1beta.ModelService.ListModels', 200],
  ['ListModels', 200],
  ['List*', 200],
  ['generativelanguage.googleapis.com.List*', 200],
  ['GenerateContent', 403],
])('a key for the method %s alone lists models with %i', async (method, status) => {
  const apiTargets = [{ service: 'generativelanguage.googleapis.com', methods: [method] }];
  await made({ restrictions: { apiTargets } }, 'my-key');
  await cloud.advance(MINUTE_MS);
  expect(await probe(await stringOf('my-key'))).toBe(status);
});

test('a fingerprint that is none is refused', async () => {
  const allowedApplications = [{ packageName: 'a', sha1Fingerprint: 'b' }];
  expect((await create({ restrictions: { androidKeyRestrictions: { allowedApplications } } })).status).toBe(400);
});

test('of a purged key looking up tells the project, and no name', async () => {
  await made({}, 'my-key');
  const key = await stringOf('my-key');
  await remove('my-key');
  await cloud.advance(30 * DAY_MS);
  const found = await cloud.ask('GET', `/v2/keys:lookupKey?keyString=${key}`);
  expect(found.json()).toEqual({ parent: `projects/${NUMBER}` });
});

test('polling an operation needs serviceusage.operations.get in its project', async () => {
  const { name } = (await create()).json() as { name: string };
  cloud.iam.register('token', 'a@b.example');
  const poll = () => cloud.ask('GET', `/v2/${name}`, { headers: { authorization: 'Bearer token' } });
  expect((await poll()).status).toBe(403);
  cloud.iam.grant(PROJECT, 'user:a@b.example', 'roles/serviceusage.apiKeysAdmin');
  expect((await poll()).status).toBe(200);
});

describe('listing and looking up', () => {
  test('pages, and leaves deleted keys out unless asked', async () => {
    expect((await cloud.ask('GET', KEYS)).json()).toEqual({});
    for (const id of ['key-a', 'key-b', 'key-c']) await made({}, id);
    await remove('key-b');
    const page = (await cloud.ask('GET', `${KEYS}?pageSize=1`)).json() as { nextPageToken: string };
    expect(page).toMatchObject({ keys: [{ name: `${NAMES}/key-a` }] });
    const rest = await cloud.ask('GET', `${KEYS}?pageSize=9&pageToken=${page.nextPageToken}`);
    expect(rest.json()).toEqual({ keys: [expect.objectContaining({ name: `${NAMES}/key-c` })] });
    const all = (await cloud.ask('GET', `${KEYS}?showDeleted=true`)).json() as { keys: Key[] };
    expect(all.keys.map((key) => key['deleteTime'] === undefined)).toEqual([true, false, true]);
    expect((await cloud.ask('GET', KEYS.replace(PROJECT, OTHER))).json()).toEqual({});
  });

  test('finds the key of a string, also one a test put there', async () => {
    await made({}, 'my-key');
    const lookUp = async (key: string) => cloud.ask('GET', `/v2/keys:lookupKey?keyString=${key}`);
    const found = (await lookUp(await stringOf('my-key'))).json();
    expect(found).toEqual({ parent: `projects/${NUMBER}`, name: `${NAMES}/my-key` });
    expect((await lookUp(STANDARD)).status).toBe(404);
    await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
    expect((await lookUp(STANDARD)).json()).toMatchObject({ parent: `projects/${NUMBER}` });
    expect((await cloud.ask('GET', '/v2/keys:lookupKey')).status).toBe(404);
  });

  test('knows nothing of other paths and methods', async () => {
    expect((await look('none')).json()).toMatchObject({ error: { status: 'NOT_FOUND' } });
    expect((await cloud.ask('PUT', KEYS, { body: {} })).status).toBe(404);
    expect((await cloud.ask('GET', '/v2/nothing')).status).toBe(404);
  });
});

describe('changing a key', () => {
  const patch = (body: object, query = '') => cloud.ask('PATCH', `${KEYS}/my-key${query}`, { body });

  test.each<[string, object, object]>([
    ['', { displayName: 'new' }, { displayName: 'new', annotations: { run: 'r1' } }],
    ['?updateMask=', { displayName: 'new' }, { displayName: 'new', annotations: { run: 'r1' } }],
    [
      '?updateMask=displayName',
      { displayName: 'new', annotations: { run: 'r2' } },
      { displayName: 'new', annotations: { run: 'r1' } },
    ],
    ['?updateMask=display_name,annotations', { annotations: { run: 'r2' } }, { annotations: { run: 'r2' } }],
    ['?update_mask=annotations', {}, { displayName: 'old' }],
    [
      '?updateMask=restrictions',
      { restrictions: GEMINI },
      { displayName: 'old', annotations: { run: 'r1' }, restrictions: { apiTargets: [expect.anything()] } },
    ],
    ['?updateMask=*', { displayName: 'new' }, { displayName: 'new' }],
  ])('%s with %j leaves %j', async (query, body, left) => {
    const before = await made({ displayName: 'old', annotations: { run: 'r1' } }, 'my-key');
    await cloud.advance(1000);
    const after = keyIn(await patch(body, query));
    const { name, uid, createTime } = before;
    expect(after).toEqual({
      '@type': expect.anything(),
      name,
      uid,
      createTime,
      updateTime: inMicros(cloud.clock.now()),
      ...left,
      etag: expect.not.stringMatching(before.etag),
    });
  });

  test.each([
    [
      'restrictions.server_key_restrictions',
      { serverKeyRestrictions: { allowedIps: ['10.0.0.1'] } },
      { ...GEMINI, serverKeyRestrictions: { allowedIps: ['10.0.0.1'] } },
    ],
    [
      'restrictions.apiTargets',
      { apiTargets: [{ service: 'a.googleapis.com', methods: ['Get*'] }] },
      {
        apiTargets: [{ service: 'a.googleapis.com', methods: ['Get*'] }],
        browserKeyRestrictions: { allowedReferrers: ['a'] },
      },
    ],
    [
      'restrictions.api_targets,restrictions.ios_key_restrictions',
      { iosKeyRestrictions: { allowedBundleIds: ['b'] } },
      { iosKeyRestrictions: { allowedBundleIds: ['b'] } },
    ],
    ['restrictions.browser_key_restrictions', {}, GEMINI],
    ['restrictions.ios_key_restrictions', {}, { ...GEMINI, browserKeyRestrictions: { allowedReferrers: ['a'] } }],
  ])('the mask %s replaces a part of the restrictions, as gcloud sends it', async (mask, restrictions, left) => {
    await made({ restrictions: { ...GEMINI, browserKeyRestrictions: { allowedReferrers: ['a'] } } }, 'my-key');
    expect(keyIn(await patch({ restrictions }, `?updateMask=${mask}`))['restrictions']).toEqual(left);
  });

  test('refuses a mask of what cannot change', async () => {
    await made({}, 'my-key');
    expect((await patch({}, '?updateMask=uid')).json()).toMatchObject({
      error: { code: 400, message: "update_mask names 'uid', which cannot be changed." },
    });
  });

  test('and deleting and undeleting refuse an etag that is no longer current', async () => {
    const { etag } = await made({}, 'my-key');
    expect((await patch({ displayName: 'a', etag })).status).toBe(200);
    expect((await patch({ displayName: 'b', etag })).json()).toMatchObject({ error: { code: 409, status: 'ABORTED' } });
    expect((await remove('my-key', `?etag=${encodeURIComponent(etag)}`)).status).toBe(409);
    expect((await remove('my-key')).status).toBe(200);
    expect((await cloud.ask('POST', `${KEYS}/my-key:undelete`, { body: { etag } })).status).toBe(409);
    expect((await cloud.ask('POST', `${KEYS}/my-key:undelete`, { body: { etag: '' } })).status).toBe(200);
  });

  test('answers a stale etag as the switch says', async () => {
    const other = await testCloud({ apiKeys: { etagMismatch: 'FAILED_PRECONDITION' } });
    await create({}, 'my-key', other);
    const heard = await other.ask('DELETE', `${KEYS}/my-key?etag=old`);
    expect(heard.json()).toMatchObject({ error: { status: 'FAILED_PRECONDITION' } });
    await other.close();
  });
});

describe('deleting a key', () => {
  test('hides it, lets it go on answering for minutes, and can be taken back', async () => {
    await made({ restrictions: GEMINI }, 'my-key');
    await cloud.advance(MINUTE_MS);
    const key = await stringOf('my-key');
    const deleted = keyIn(await remove('my-key'));
    expect(deleted['deleteTime']).toEqual(inMicros(cloud.clock.now()));
    expect((await look('my-key')).json()).toMatchObject({ deleteTime: deleted['deleteTime'] });
    expect(await probe(key)).toBe(200);
    await cloud.advance(23 * MINUTE_MS);
    expect(await probe(key)).toBe(400);
    const back = keyIn(await cloud.ask('POST', `${KEYS}/my-key:undelete`));
    expect(back).not.toHaveProperty('deleteTime');
    expect(await probe(key)).toBe(200);
  });

  test('twice is not found, undeleting what lives is refused', async () => {
    await made({}, 'my-key');
    expect((await cloud.ask('POST', `${KEYS}/my-key:undelete`)).json()).toMatchObject({
      error: { status: 'FAILED_PRECONDITION' },
    });
    expect([(await remove('my-key')).status, (await remove('my-key')).status]).toEqual([200, 404]);
  });

  test('is final after 30 days', async () => {
    await made({}, 'my-key');
    await remove('my-key');
    await cloud.advance(30 * DAY_MS - 1);
    expect((await look('my-key')).status).toBe(200);
    await cloud.advance(1);
    expect((await look('my-key')).status).toBe(404);
    await made({}, 'my-key');
  });

  test.each(['CHECK', '2'])('with checkExistingUsage=%s waits for seven quiet days', async (check) => {
    await made({ restrictions: GEMINI }, 'my-key');
    await cloud.advance(MINUTE_MS);
    await probe(await stringOf('my-key'));
    const query = `?checkExistingUsage=${check}`;
    expect((await remove('my-key', query)).json()).toMatchObject({
      error: { code: 400, status: 'FAILED_PRECONDITION', message: expect.stringContaining('7 days') },
    });
    const patched = await cloud.ask('PATCH', `${KEYS}/my-key${query}`, { body: { displayName: 'x' } });
    expect(patched.status).toBe(400);
    await cloud.advance(7 * DAY_MS - MINUTE_MS);
    expect((await remove('my-key', query)).status).toBe(400);
    await cloud.advance(2 * MINUTE_MS);
    expect((await remove('my-key', query)).status).toBe(200);
  });

  test('does not look at usage unless told to', async () => {
    for (const query of ['', '?checkExistingUsage=SKIP']) {
      const key = await made({ restrictions: GEMINI });
      await cloud.advance(MINUTE_MS);
      expect(await probe(await stringOf(key.uid))).toBe(200);
      expect((await remove(key.uid, query)).status).toBe(200);
    }
  });
});

describe('permissions', () => {
  test.each([
    ['POST', KEYS, 'create'],
    ['GET', KEYS, 'list'],
    ['GET', `${KEYS}/my-key`, 'get'],
    ['GET', `${KEYS}/my-key/keyString`, 'getKeyString'],
    ['PATCH', `${KEYS}/my-key`, 'update'],
    ['DELETE', `${KEYS}/my-key`, 'delete'],
    ['POST', `${KEYS}/my-key:undelete`, 'undelete'],
  ])('%s %s needs apikeys.keys.%s', async (method, path, verb) => {
    await made({}, 'my-key');
    cloud.iam.register('token', EMAIL);
    const headers = { authorization: 'Bearer token' };
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const ask = async () => cloud.ask(method, path, { headers, body });
    expect((await ask()).json()).toMatchObject({
      error: { status: 'PERMISSION_DENIED', message: expect.stringContaining(`'apikeys.keys.${verb}'`) },
    });
    cloud.iam.defineRole('roles/one', [`apikeys.keys.${verb}`]);
    cloud.iam.grant(PROJECT, `serviceAccount:${EMAIL}`, 'roles/one');
    expect((await ask()).status).not.toBe(403);
  });

  test('looking up a string needs apikeys.keys.lookup', async () => {
    await made({}, 'my-key');
    cloud.iam.register('token', EMAIL);
    const headers = { authorization: 'Bearer token' };
    const path = `/v2/keys:lookupKey?keyString=${await stringOf('my-key')}`;
    expect((await cloud.ask('GET', path, { headers })).status).toBe(403);
    cloud.iam.grant(PROJECT, `serviceAccount:${EMAIL}`, 'roles/serviceusage.apiKeysViewer');
    expect((await cloud.ask('GET', path, { headers })).status).toBe(200);
  });
});
