import { recordOf } from '../../../src/core/record/secret-record.ts';
import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { SecretSighting, VersionSighting } from '../../../src/app/ports/ports.ts';
import { crc32c } from '../../../src/core/values/crc32c.ts';
import { instantOf } from '../../../src/core/values/time.ts';
import { secretManagerVault } from '../../../src/edge/secret-manager/secret-manager.ts';
import { fieldOf, refusal, scripted, type Line } from '../../support/scripted-vault.ts';
import { stillClock } from '../../support/still-clock.ts';

const SECRET = 'projects/1/secrets/gemini';
const BYTES = new TextEncoder().encode('AI' + 'za' + 'k'.repeat(35));
const CREATED = '2026-11-01T10:00:00.250Z';
const STALE = refusal(
  400,
  'FAILED_PRECONDITION',
  "The etag provided in the request does not match the resource's current etag. Please retry the whole read-modify-write with exponential backoff.",
);
const BUSY = refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.');

const secretBody = (fields: object = {}): Line => ({
  body: { name: SECRET, etag: '"e1"', createTime: CREATED, replication: { automatic: {} }, ...fields },
});
const versionBody = (fields: object = {}): Line => ({
  body: { name: `${SECRET}/versions/3`, state: 'ENABLED', etag: '"v1"', createTime: CREATED, ...fields },
});
const payloadBody = (payload: object): Line => ({ body: { name: `${SECRET}/versions/3`, payload } });
const PAYLOAD = { data: Buffer.from(BYTES).toString('base64'), dataCrc32c: String(crc32c(BYTES)) };

const SEEN: SecretSighting = {
  name: SECRET,
  etag: '"e0"',
  labels: { team: 'search', 'key-warden': 'managed' },
  annotations: { owner: 'ann', 'key-warden.health': 'old' },
  record: recordOf({ 'key-warden.health': 'old' }),
  aliases: { current: 2, mine: 1 },
  createdAt: instantOf(0),
};
const VERSION: VersionSighting = { number: 3, state: 'enabled', etag: '"v0"', createdAt: instantOf(0) };

describe('reading a version', () => {
  test('gives the number that answered and bytes that match their checksum', async () => {
    const { outcome, heard } = await scripted([payloadBody(PAYLOAD)], (vault) => vault.read(SECRET, 'current'));
    expect(outcome).toEqual({ number: 3, bytes: BYTES });
    expect(heard).toHaveLength(1);
    expect(heard[0]?.url).toMatch(/^\/v1\/projects\/1\/secrets\/gemini\/versions\/current:access$/);
  });

  test.each([
    ['no checksum', { data: PAYLOAD.data }],
    ['a checksum of other bytes', { ...PAYLOAD, dataCrc32c: '1' }],
    ['no bytes', { dataCrc32c: PAYLOAD.dataCrc32c }],
    ['bytes that were cut', { ...PAYLOAD, data: PAYLOAD.data.slice(4) }],
  ])('with %s is corrupt', async (_, payload) => {
    const { outcome } = await scripted([payloadBody(payload)], (vault) => vault.read(SECRET, 3));
    expect(outcome).toMatchObject({
      code: 'corrupt',
      message: `Cannot read ${SECRET}/versions/3: the bytes that came do not match their checksum. Try again; nothing was changed.`,
    });
  });

  test('with no payload, or under the name of no version, is corrupt', async () => {
    const bare = await scripted([{ body: { name: `${SECRET}/versions/3` } }], (vault) => vault.read(SECRET, 3));
    const nameless = await scripted([{ body: { payload: PAYLOAD } }], (vault) => vault.read(SECRET, 3));
    expect(bare.outcome).toMatchObject({ code: 'corrupt' });
    expect(nameless.outcome).toMatchObject({ code: 'corrupt' });
  });

  test('is repeated while Google is busy, with waits on our clock and not those of the library', async () => {
    const { outcome, heard, slept } = await scripted([BUSY, 'lose', BUSY, payloadBody(PAYLOAD)], (vault) =>
      vault.read(SECRET, 3),
    );
    expect(outcome).toMatchObject({ number: 3 });
    expect(heard).toHaveLength(4);
    expect(slept).toEqual([250, 500, 1000]);
  });

  test('gives up after four attempts', async () => {
    const { outcome, heard } = await scripted(
      Array.from({ length: 9 }, () => BUSY),
      (vault) => vault.read(SECRET, 3),
    );
    expect(outcome).toMatchObject({ code: 'unavailable' });
    expect(heard).toHaveLength(4);
  });

  test('that gets no answer ends at its own time limit', async () => {
    const { outcome } = await scripted(['hang'], (vault) => vault.read(SECRET, 3), {
      callMs: 30,
      retries: { attemptsMax: 1, waitMs: 0, waitMsMax: 0 },
    });
    expect(outcome).toMatchObject({ code: 'timeout' });
  });

  test('whose answer breaks off in the middle of the key tells nobody what it held (I9)', async () => {
    const half = JSON.stringify(payloadBody(PAYLOAD)).slice(8, -12);
    const { outcome } = await scripted([{ body: half }], (vault) => vault.read(SECRET, 3), {
      retries: { attemptsMax: 1, waitMs: 0, waitMsMax: 0 },
    });
    expect(outcome).toMatchObject({ code: 'unavailable' });
    expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain(PAYLOAD.data.slice(0, 8));
  });

  test.each(['gemini', 'projects/1/secrets/gemini/versions/1', 'projects/1/locations/a.b/secrets/x'])(
    'of what is not a secret (%s) is refused before anything is sent',
    async (name) => {
      const { outcome, heard } = await scripted([], (vault) => vault.read(name, 3));
      expect(outcome).toMatchObject({
        code: 'invalid',
        message: `"${name}" is not the name of a secret. Write projects/<project>/secrets/<secret>.`,
      });
      expect(heard).toHaveLength(0);
    },
  );

  test.each(['', '3/x', '-1.5'])(
    'of what is not a version (%j) is refused before anything is sent',
    async (version) => {
      const { outcome, heard } = await scripted([], (vault) => vault.read(SECRET, version));
      expect(outcome).toMatchObject({ code: 'invalid' });
      expect(heard).toHaveLength(0);
    },
  );
});

describe('looking', () => {
  test('at a secret gives its maps and its moment of creation', async () => {
    const body = secretBody({ labels: { a: 'b' }, annotations: { c: 'd' }, versionAliases: { current: '7' } });
    const { outcome } = await scripted([body], (vault) => vault.look(SECRET));
    expect(outcome).toEqual({
      name: SECRET,
      etag: '"e1"',
      labels: { a: 'b' },
      annotations: { c: 'd' },
      record: recordOf({}),
      aliases: { current: 7 },
      createdAt: Date.parse(CREATED),
    });
  });

  test('at a version gives its state and when it will be destroyed', async () => {
    const body = versionBody({ state: 2, scheduledDestroyTime: '2026-12-01T10:00:00Z' });
    const { outcome } = await scripted([body], (vault) => vault.lookVersion(SECRET, 'latest'));
    expect(outcome).toEqual({
      number: 3,
      state: 'disabled',
      etag: '"v1"',
      createdAt: Date.parse(CREATED),
      scheduledDestroyAt: Date.parse('2026-12-01T10:00:00Z'),
    });
  });

  test.each([
    ['etag', secretBody({ etag: '' })],
    ['name', secretBody({ name: '' })],
    ['moment of creation', secretBody({ createTime: null })],
  ])('at a secret without %s is not believed: an empty etag would let a write overwrite anything', async (_, body) => {
    const { outcome } = await scripted([body], (vault) => vault.look(SECRET));
    expect(outcome).toMatchObject({ code: 'unavailable', message: expect.stringContaining('incomplete secret') });
  });

  test.each([
    ['etag', versionBody({ etag: '' })],
    ['number', versionBody({ name: `${SECRET}/versions/latest` })],
    ['state', versionBody({ state: 'STATE_UNSPECIFIED' })],
    ['moment of creation', versionBody({ createTime: null })],
  ])('at a version without %s is not believed', async (_, body) => {
    const { outcome } = await scripted([body], (vault) => vault.lookVersion(SECRET, 3));
    expect(outcome).toMatchObject({ code: 'unavailable', message: expect.stringContaining('incomplete version') });
  });
});

describe('listing', () => {
  test('follows the pages and keeps the filter', async () => {
    const page = (id: string, next: string): Line => ({
      body: {
        secrets: [{ name: `projects/1/secrets/${id}`, etag: '"e"', createTime: CREATED }],
        nextPageToken: next,
      },
    });
    const { outcome, heard } = await scripted([page('a', 'two'), BUSY, page('b', ''), page('c', '')], async (vault) => {
      const names: string[] = [];
      for await (const { name } of vault.list({ project: 'p', location: 'global' }, 'labels.x=y')) names.push(name);
      return names;
    });
    expect(outcome).toEqual(['projects/1/secrets/a', 'projects/1/secrets/b']);
    expect(heard.map(({ url }) => url.split('?')[0])).toEqual(
      Array.from({ length: 3 }, () => '/v1/projects/p/secrets'),
    );
    expect(heard[0]?.url).toContain('filter=labels.x=y');
    expect(heard[0]?.url).toContain('pageSize=1000');
    expect(heard[2]?.url).toContain('pageToken=two');
  });

  test('a region asks for the region', async () => {
    const { heard } = await scripted([{ body: {} }], async (vault) => {
      for await (const { name } of vault.list({ project: 'p', location: 'europe-west1' }, '')) throw new Error(name);
    });
    expect(heard[0]?.url).toMatch(/^\/v1\/projects\/p\/locations\/europe-west1\/secrets\?/);
  });

  test('versions come newest first by number, not by text', async () => {
    const versions = [9, 10, 1].map((number) => ({
      name: `${SECRET}/versions/${number}`,
      state: 'ENABLED',
      etag: '"v"',
      createTime: CREATED,
    }));
    const { outcome } = await scripted(
      [{ body: { versions: versions.slice(0, 1), nextPageToken: 'x' } }, { body: { versions: versions.slice(1) } }],
      async (vault) => (await vault.versions(SECRET)).map(({ number }) => number),
    );
    expect(outcome).toEqual([10, 9, 1]);
  });
});

describe('committing', () => {
  const CHANGE = { annotations: { 'key-warden.health': null, 'key-warden.rotation': '{}' }, aliases: { current: 3 } };
  const LANDED = secretBody({
    annotations: { owner: 'ann', 'key-warden.rotation': '{}' },
    versionAliases: { current: '3', mine: '1' },
  });

  test('writes what was read plus the change, under the etag, and names only the maps that change (I10)', async () => {
    const { outcome, heard } = await scripted([LANDED], (vault) => vault.commit(SEEN, CHANGE));
    expect(outcome).toMatchObject({ etag: '"e1"', aliases: { current: 3, mine: 1 } });
    expect(heard).toHaveLength(1);
    expect(heard[0]?.method).toBe('PATCH');
    expect(heard[0]?.url).toMatch(/^\/v1\/projects\/1\/secrets\/gemini\?updateMask=annotations,version_aliases&/);
    expect(fieldOf(heard[0]?.body, 'etag')).toBe('"e0"');
    expect(fieldOf(heard[0]?.body, 'annotations')).toEqual({ owner: 'ann', 'key-warden.rotation': '{}' });
    expect(fieldOf(heard[0]?.body, 'versionAliases')).toEqual({ current: '3', mine: '1' });
  });

  test('labels alone leave the other maps out of the mask', async () => {
    const { heard } = await scripted([secretBody()], (vault) => vault.commit(SEEN, { labels: { team: null } }));
    expect(heard[0]?.url).toContain('updateMask=labels&');
    expect(fieldOf(heard[0]?.body, 'labels')).toEqual({ 'key-warden': 'managed' });
  });

  test('a map of which no entry changes stays out of the mask, so that the audit log names what moved', async () => {
    const change = { annotations: { owner: 'bob' }, aliases: {}, labels: {} };
    const { heard } = await scripted([secretBody()], (vault) => vault.commit(SEEN, change));
    expect(heard[0]?.url).toContain('updateMask=annotations&');
  });

  test('a lost race is stale at once: nothing is compared when no answer was lost (I7)', async () => {
    const { outcome, heard } = await scripted([STALE, LANDED], (vault) => vault.commit(SEEN, CHANGE));
    expect(outcome).toMatchObject({ code: 'stale' });
    expect(heard).toHaveLength(1);
  });

  test('a write that landed and lost its answer is found again', async () => {
    const { outcome, heard } = await scripted(['lose', STALE, LANDED], (vault) => vault.commit(SEEN, CHANGE));
    expect(outcome).toMatchObject({ etag: '"e1"', aliases: { current: 3, mine: 1 } });
    expect(heard.map(({ method }) => method)).toEqual(['PATCH', 'PATCH', 'GET']);
  });

  test.each([
    ['another alias', secretBody({ annotations: { owner: 'ann', 'key-warden.rotation': '{}' } })],
    [
      'another annotation',
      secretBody({
        annotations: { owner: 'bob', 'key-warden.rotation': '{}' },
        versionAliases: { current: 3, mine: 1 },
      }),
    ],
    [
      'an annotation more',
      secretBody({
        annotations: { owner: 'ann', 'key-warden.rotation': '{}', more: '' },
        versionAliases: { current: 3, mine: 1 },
      }),
    ],
  ])('when the answer was lost and there is %s, it is stale', async (_, found) => {
    const { outcome } = await scripted(['lose', STALE, found], (vault) => vault.commit(SEEN, CHANGE));
    expect(outcome).toMatchObject({ code: 'stale' });
  });

  test('a refusal of another kind is not compared with anything', async () => {
    const refused = refusal(400, 'INVALID_ARGUMENT', "Aliases cannot be assigned to versions that don't exist");
    const { outcome, heard } = await scripted([BUSY, refused, LANDED], (vault) => vault.commit(SEEN, CHANGE));
    expect(outcome).toMatchObject({ code: 'invalid' });
    expect(heard).toHaveLength(2);
  });
});

describe('adding', () => {
  const ADDED = versionBody({ clientSpecifiedPayloadChecksum: true });

  test('sends the bytes with their checksum', async () => {
    const { outcome, heard } = await scripted([ADDED], (vault) => vault.add(SECRET, BYTES));
    expect(outcome).toMatchObject({ number: 3, state: 'enabled' });
    expect(heard[0]?.url).toMatch(/^\/v1\/projects\/1\/secrets\/gemini:addVersion\?/);
    expect(fieldOf(heard[0]?.body, 'payload')).toEqual(PAYLOAD);
  });

  test.each<[string, Line]>([
    ['Google is busy', BUSY],
    ['the answer is lost', 'lose'],
    ['a quota is used up', refusal(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded')],
  ])('is not repeated when %s: it would make a second version', async (_, line) => {
    const { outcome, heard, slept } = await scripted([line, ADDED], (vault) => vault.add(SECRET, BYTES));
    expect(outcome).toBeInstanceOf(Fault);
    expect(heard).toHaveLength(1);
    expect(slept).toEqual([]);
  });

  test('is corrupt when Google did not get our checksum', async () => {
    const { outcome } = await scripted([versionBody()], (vault) => vault.add(SECRET, BYTES));
    expect(outcome).toMatchObject({ code: 'corrupt' });
    expect(outcome).toMatchObject({
      message:
        `Added ${SECRET}/versions/3, but Secret Manager did not get our checksum with it. ` +
        'Compare what it holds before it is used.',
    });
  });

  test('a refusal that repeats the payload is not passed on (I9)', async () => {
    const echo = refusal(400, 'INVALID_ARGUMENT', `Invalid value at 'payload.data' (TYPE_BYTES), "${PAYLOAD.data}"`);
    const { outcome } = await scripted([echo], (vault) => vault.add(SECRET, BYTES));
    expect(outcome).toMatchObject({ code: 'invalid' });
    expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain(PAYLOAD.data.slice(0, 10));
  });
});

describe('moving a version', () => {
  test.each(['enable', 'disable', 'destroy'] as const)('%s sends the number and the etag', async (call) => {
    const { outcome, heard } = await scripted([versionBody()], (vault) => vault[call](SECRET, VERSION));
    expect(outcome).toMatchObject({ number: 3 });
    expect(heard[0]?.method).toBe('POST');
    expect(heard[0]?.url.startsWith(`/v1/${SECRET}/versions/3:${call}?`)).toBe(true);
    expect(fieldOf(heard[0]?.body, 'etag')).toBe('"v0"');
  });

  const SCHEDULED = { state: 'DISABLED', scheduledDestroyTime: '2026-12-01T10:00:00Z' };

  test.each([
    ['enable', { state: 'ENABLED' }],
    ['disable', { state: 'DISABLED' }],
    ['destroy', { state: 'DESTROYED' }],
    ['destroy', SCHEDULED],
  ] as const)('%s that landed and lost its answer is found again (%j)', async (call, found) => {
    const { outcome, heard } = await scripted(['lose', STALE, versionBody(found)], (vault) =>
      vault[call](SECRET, VERSION),
    );
    expect(outcome).toMatchObject({ number: 3, etag: '"v1"' });
    expect(heard.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
  });

  test.each([
    ['enable', { state: 'DISABLED' }],
    ['disable', { state: 'ENABLED' }],
    ['disable', SCHEDULED],
    ['destroy', { state: 'DISABLED' }],
  ] as const)('%s is stale when the version is otherwise (%j): somebody else moved it', async (call, found) => {
    const { outcome } = await scripted(['lose', STALE, versionBody(found)], (vault) => vault[call](SECRET, VERSION));
    expect(outcome).toMatchObject({ code: 'stale' });
  });
});

test('permitted gives the permissions that Google gave back', async () => {
  const asked = ['secretmanager.versions.access', 'secretmanager.secrets.update'];
  const some = await scripted([{ body: { permissions: asked.slice(0, 1) } }], (vault) =>
    vault.permitted(SECRET, asked),
  );
  const none = await scripted([{ body: {} }], (vault) => vault.permitted(SECRET, asked));
  expect(some.outcome).toEqual(asked.slice(0, 1));
  expect(some.heard[0]?.url).toContain('/secrets/gemini:testIamPermissions');
  expect(fieldOf(some.heard[0]?.body, 'permissions')).toEqual(asked);
  expect(none.outcome).toEqual([]);
});

test('a refusal says which permission on which secret and what grants it', async () => {
  const denied = refusal(
    403,
    'PERMISSION_DENIED',
    `Permission 'secretmanager.versions.add' denied for resource '${SECRET}'`,
  );
  const { outcome } = await scripted([denied], (vault) => vault.add(SECRET, BYTES));
  const said = `Cannot add a version to ${SECRET}: Google says "Permission 'secretmanager.versions.add' denied for resource`;
  const advice = 'Grant secretmanager.versions.add on it, for example with roles/secretmanager.secretVersionAdder.';
  expect(outcome).toHaveProperty('message', expect.stringContaining(`${said} '${SECRET}'" ${advice}`));
});

test('a URL that cannot be used is refused before the first call', () => {
  const common = { clock: stillClock(), random: () => 0 } as const;
  expect(() => secretManagerVault({ url: 'http://vault.example', ...common })).toThrow(/plain http/);
  expect(() => secretManagerVault({ url: 'https://vault.example/path', ...common })).toThrow(/has a path/);
});
