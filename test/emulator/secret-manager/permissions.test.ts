import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectNames } from '../../../src/emulator/world/names.ts';
import { PROJECT, refusal, startRig, textOf, type Rig } from '../../support/secret-manager-rig.ts';

const X = `projects/${PROJECT}/secrets/x`;
const EMAIL = 'worker@test-proj.iam.gserviceaccount.com';
const MEMBER = `serviceAccount:${EMAIL}`;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  rig.iam.register('tok', EMAIL);
  rig.vault.seed({ project: PROJECT, secretId: 'x', payloads: ['one'] });
});
afterEach(() => rig.close());

const status = async (method: string, path: string, body?: object): Promise<number> =>
  (await rig.ask(method, path, body, 'tok')).status;

const ALL: readonly {
  readonly permission: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}[] = [
  {
    permission: 'secretmanager.secrets.create',
    method: 'POST',
    path: `projects/${PROJECT}/secrets?secretId=y`,
    body: { replication: { automatic: {} } },
  },
  { permission: 'secretmanager.secrets.list', method: 'GET', path: `projects/${PROJECT}/secrets` },
  { permission: 'secretmanager.secrets.get', method: 'GET', path: X },
  { permission: 'secretmanager.secrets.update', method: 'PATCH', path: `${X}?updateMask=`, body: {} },
  { permission: 'secretmanager.secrets.getIamPolicy', method: 'GET', path: `${X}:getIamPolicy` },
  { permission: 'secretmanager.secrets.setIamPolicy', method: 'POST', path: `${X}:setIamPolicy`, body: { policy: {} } },
  {
    permission: 'secretmanager.versions.add',
    method: 'POST',
    path: `${X}:addVersion`,
    body: { payload: { data: 'dHdv' } },
  },
  { permission: 'secretmanager.versions.list', method: 'GET', path: `${X}/versions` },
  { permission: 'secretmanager.versions.get', method: 'GET', path: `${X}/versions/1` },
  { permission: 'secretmanager.versions.access', method: 'GET', path: `${X}/versions/1:access` },
  { permission: 'secretmanager.versions.disable', method: 'POST', path: `${X}/versions/1:disable` },
  { permission: 'secretmanager.versions.enable', method: 'POST', path: `${X}/versions/1:enable` },
  { permission: 'secretmanager.versions.destroy', method: 'POST', path: `${X}/versions/1:destroy` },
  { permission: 'secretmanager.secrets.delete', method: 'DELETE', path: X },
  { permission: 'secretmanager.locations.list', method: 'GET', path: `projects/${PROJECT}/locations` },
  { permission: 'secretmanager.locations.get', method: 'GET', path: `projects/${PROJECT}/locations/us-east1` },
];

describe('each call', () => {
  test.each(ALL)('needs $permission and nothing else', async ({ permission, method, path, body }) => {
    const others = ALL.map(({ permission: name }) => name).filter((name) => name !== permission);
    rig.iam.grant(PROJECT, MEMBER, 'projects/test-proj/roles/mine');
    rig.iam.defineRole('projects/test-proj/roles/mine', others);
    const asSent = path.replace(/[?:].*$/, '').replace(/\/(secrets|versions|locations)$/, '');
    const message = `Permission '${permission}' denied for resource '${asSent}' (or it may not exist).`;
    const info = { reason: 'IAM_PERMISSION_DENIED', metadata: { permission, resource: asSent } };
    expect(await rig.ask(method, path, body, 'tok')).toMatchObject({
      status: 403,
      body: { error: { code: 403, message, status: 'PERMISSION_DENIED', details: [info] } },
    });
    rig.iam.defineRole('projects/test-proj/roles/mine', [permission]);
    expect(await status(method, path, body)).toBe(200);
  });
});

describe('who is who', () => {
  test('no token and an unknown token are the owner, a known one is its account', async () => {
    expect((await rig.ask('GET', X)).status).toBe(200);
    expect((await rig.ask('GET', X, undefined, 'never-issued')).status).toBe(200);
    expect(await status('GET', X)).toBe(403);
  });

  test.each([MEMBER, `user:${EMAIL}`, 'allAuthenticatedUsers', 'allUsers'])('a grant to %s counts', async (member) => {
    rig.iam.grant(PROJECT, member, 'roles/secretmanager.viewer');
    expect(await status('GET', X)).toBe(200);
    rig.iam.revoke(PROJECT, member, 'roles/secretmanager.viewer');
    expect(await status('GET', X)).toBe(403);
  });

  test('a grant counts in its own project only, by id or by number', async () => {
    rig.iam.grant('other-proj', MEMBER, 'roles/owner');
    expect(await status('GET', X)).toBe(403);
    rig.iam.grant('123456789012', MEMBER, 'roles/owner');
    expect(await status('GET', X)).toBe(200);
  });

  test.each<[string, string, boolean]>([
    ['roles/secretmanager.secretAccessor', 'secretmanager.versions.access', true],
    ['roles/secretmanager.secretAccessor', 'secretmanager.secrets.get', false],
    ['roles/secretmanager.secretVersionAdder', 'secretmanager.versions.add', true],
    ['roles/secretmanager.secretVersionManager', 'secretmanager.versions.destroy', true],
    ['roles/secretmanager.secretVersionManager', 'secretmanager.versions.access', false],
    ['roles/secretmanager.secretVersionManager', 'secretmanager.secrets.get', false],
    ['roles/secretmanager.viewer', 'secretmanager.versions.list', true],
    ['roles/secretmanager.viewer', 'secretmanager.secrets.update', false],
    ['roles/secretmanager.admin', 'secretmanager.secrets.update', true],
    ['roles/viewer', 'secretmanager.versions.access', false],
    ['roles/viewer', 'apikeys.keys.getKeyString', true],
    ['roles/serviceusage.apiKeysViewer', 'apikeys.keys.create', false],
    ['roles/serviceusage.apiKeysAdmin', 'apikeys.keys.create', true],
    ['roles/monitoring.viewer', 'monitoring.timeSeries.list', true],
    ['roles/pubsub.publisher', 'pubsub.topics.publish', true],
    ['roles/owner', 'pubsub.topics.publish', true],
    ['roles/nobody.knows', 'secretmanager.secrets.get', false],
  ])('%s and %s: %s', (role, permission, expected) => {
    rig.iam.grant(PROJECT, MEMBER, role);
    expect(rig.iam.holds({ email: EMAIL }, permission, { project: PROJECT, name: '' })).toBe(expected);
  });
});

describe('policies', () => {
  const viewer = { role: 'roles/secretmanager.viewer', members: [MEMBER] };

  test('a fresh one is empty under the etag ACAB', async () => {
    expect(await rig.ask('GET', `${X}:getIamPolicy`)).toEqual({ status: 200, body: { etag: 'ACAB' } });
  });

  test('a binding on the secret grants there and nowhere else', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'z' });
    await rig.ask('POST', `${X}:setIamPolicy`, { policy: { bindings: [viewer] } });
    expect(await status('GET', X)).toBe(200);
    expect(await status('GET', `projects/${PROJECT}/secrets/z`)).toBe(403);
  });

  describe('with a condition', () => {
    const condition = { title: 'nights', expression: 'request.time.getHours() > 20' };
    const conditional = { ...viewer, condition };
    const set = (policy: object) => rig.ask('POST', `${X}:setIamPolicy`, { policy });
    const get = async (version: number) =>
      (await rig.ask('GET', `${X}:getIamPolicy?options.requestedPolicyVersion=${version}`)).body;

    test('a binding is kept and grants nothing', async () => {
      const { body } = await set({ version: 3, bindings: [conditional] });
      expect(body).toEqual({ version: 3, etag: expect.any(String), bindings: [conditional] });
      expect(await status('GET', X)).toBe(403);
      expect(await get(3)).toEqual(body);
    });

    test('a binding is shown under a marked role to those who ask for version 1', async () => {
      const { body } = await set({ version: 3, bindings: [viewer, conditional] });
      const marked = { role: expect.stringMatching(/^roles\/secretmanager\.viewer_withcond_[0-9a-f]{20}$/) };
      const bindings = [viewer, { ...viewer, ...marked }];
      expect(await get(1)).toEqual({ version: 1, etag: body['etag'], bindings });
      expect((await rig.ask('GET', `${X}:getIamPolicy`)).body).toEqual(await get(1));
    });

    test('a policy of another version than 3 is refused, and so is replacing one under its etag', async () => {
      expect((await set({ bindings: [conditional] })).status).toBe(400);
      const { body } = await set({ version: 3, bindings: [conditional] });
      expect((await set({ etag: body['etag'], bindings: [viewer] })).status).toBe(400);
      expect((await set({ bindings: [viewer] })).body).toMatchObject({ version: 1 });
    });

    test.each([{}, { title: 't' }, { expression: 'true' }, { title: 't', expression: ' ' }])(
      'of %j a binding is refused',
      async (broken) => {
        expect((await set({ version: 3, bindings: [{ ...viewer, condition: broken }] })).status).toBe(400);
      },
    );
  });

  test.each([2, 4, -1])('version %i is neither asked for nor set', async (version) => {
    expect((await rig.ask('GET', `${X}:getIamPolicy?options.requestedPolicyVersion=${version}`)).status).toBe(400);
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy: { version } })).status).toBe(400);
  });

  test.each([
    ['roles/secretmanager.secretAccesor', 'Role roles/secretmanager.secretAccesor is not supported for this resource.'],
    [
      'projects/test-proj/roles/mine',
      "Role (projects/test-proj/roles/mine) does not exist in the resource's hierarchy.",
    ],
  ])('the role %s, which there is not, is refused', async (role, message) => {
    const policy = { bindings: [{ role, members: [MEMBER] }] };
    expect(await rig.ask('POST', `${X}:setIamPolicy`, { policy })).toEqual(refusal(400, 'INVALID_ARGUMENT', message));
    rig.iam.defineRole(role, []);
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy })).status).toBe(200);
  });

  test.each([
    ['allUsers', 200],
    ['user:ann@example.com', 200],
    ['group:ops@example.com', 200],
    ['domain:example.com', 200],
    ['deleted:serviceAccount:old@test-proj.iam.gserviceaccount.com?uid=123', 200],
    ['principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s', 200],
    [EMAIL, 400],
    ['serviceaccount:a@b.example', 400],
    ['user:ann', 400],
    ['group:', 400],
    ['principal://example.com/x', 400],
  ])('the member %s: %i', async (member, code) => {
    const policy = { bindings: [{ role: 'roles/secretmanager.viewer', members: [member] }] };
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy })).status).toBe(code);
  });

  test('what a mask does not name stays', async () => {
    const auditConfigs = [{ service: 'secretmanager.googleapis.com', auditLogConfigs: [{ logType: 'DATA_READ' }] }];
    await rig.ask('POST', `${X}:setIamPolicy`, { policy: { bindings: [viewer], auditConfigs } });
    const set = { policy: { bindings: [] }, updateMask: 'bindings,etag' };
    expect((await rig.ask('POST', `${X}:setIamPolicy`, set)).body).toMatchObject({ auditConfigs });
    await rig.ask('POST', `${X}:setIamPolicy`, { policy: { bindings: [viewer] }, updateMask: 'bindings' });
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy: {}, updateMask: 'audit_configs' })).body).toEqual({
      version: 1,
      etag: expect.any(String),
      bindings: [viewer],
    });
  });

  test('an etag comes back in any of the base64 forms that protobuf reads', async () => {
    // Here the bytes of an etag need `+` or `/`, which URL-safe base64 writes as `-` and `_`.
    rig.clock.advance(Date.parse('2026-12-06T15:00:00Z') - rig.clock.now());
    const forms: readonly ((etag: string) => string)[] = [
      (etag) => etag,
      (etag) => etag.replace(/=+$/, ''),
      (etag) => etag.replaceAll('+', '-').replaceAll('/', '_'),
      (etag) => etag.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    ];
    let etag = 'ACAB';
    for (const form of [...forms, ...forms]) {
      const set = await rig.ask('POST', `${X}:setIamPolicy`, { policy: { etag: form(etag), bindings: [viewer] } });
      expect(set.status).toBe(200);
      etag = textOf(set, 'etag');
    }
    expect(etag).toMatch(/[+/]/);
  });

  test('the etag that was read guards the write, once', async () => {
    const first = await rig.ask('POST', `${X}:setIamPolicy`, { policy: { etag: 'ACAB', bindings: [viewer] } });
    expect(first.body).toEqual({ version: 1, etag: expect.stringMatching(/^[\w+/]{11}=$/), bindings: [viewer] });
    expect(await rig.ask('GET', `${X}:getIamPolicy`)).toEqual(first);
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy: { etag: 'ACAB' } })).status).toBe(409);
    const etag = textOf(first, 'etag');
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy: { etag, auditConfigs: [] } })).body).toMatchObject({
      auditConfigs: [],
    });
    expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy: { etag: '' } })).status).toBe(200);
  });

  test.each([{ members: [MEMBER] }, { role: 'owner', members: [] }])(
    'a binding without a role is refused: %j',
    async (binding) => {
      expect((await rig.ask('POST', `${X}:setIamPolicy`, { policy: { bindings: [binding] } })).status).toBe(400);
    },
  );

  test('of regional secrets work alike', async () => {
    rig.vault.seed({ project: PROJECT, secretId: 'r', location: 'us-east1' });
    const regional = `projects/${PROJECT}/locations/us-east1/secrets/r`;
    await rig.ask('POST', `${regional}:setIamPolicy`, { policy: { bindings: [viewer] } });
    expect(await status('GET', `${regional}:getIamPolicy`)).toBe(200);
  });
});

describe('testing permissions', () => {
  const permissions = ['secretmanager.secrets.get', 'secretmanager.versions.access'];

  test('answers those held, without needing any', async () => {
    expect(await rig.ask('POST', `${X}:testIamPermissions`, { permissions }, 'tok')).toEqual({ status: 200, body: {} });
    rig.iam.grant(PROJECT, MEMBER, 'roles/secretmanager.secretAccessor');
    expect((await rig.ask('POST', `${X}:testIamPermissions`, { permissions }, 'tok')).body).toEqual({
      permissions: ['secretmanager.versions.access'],
    });
    expect((await rig.ask('POST', `${X}:testIamPermissions`, { permissions })).body).toEqual({ permissions });
    expect((await rig.ask('POST', `${X}:testIamPermissions`, {})).body).toEqual({});
  });

  test.each(['secretmanager.*', 'secretmanager.secrets.*', '*', 'get', ''])('refuses %j', async (permission) => {
    const asked = await rig.ask('POST', `${X}:testIamPermissions`, { permissions: [permission] });
    expect(asked).toEqual(refusal(400, 'INVALID_ARGUMENT', `Permission ${permission} is not valid for this resource.`));
  });

  test('answers the empty set for a missing secret', async () => {
    const path = `projects/${PROJECT}/secrets/nope:testIamPermissions`;
    expect(await rig.ask('POST', path, { permissions })).toEqual({ status: 200, body: {} });
  });
});

describe('project names', () => {
  test('an id keeps one 12-digit number, and leads back to the id', () => {
    const names = projectNames();
    const number = names.numberOf('some-project');
    expect(number).toMatch(/^\d{12}$/);
    expect(projectNames().numberOf('some-project')).toBe(number);
    expect(names.numberOf(number)).toBe(number);
    expect(names.idOf(number)).toBe('some-project');
    expect(names.idOf('some-project')).toBe('some-project');
    expect(names.numberOf('other-project')).not.toBe(number);
  });

  test('a number nobody named has a made-up id', () => {
    expect(projectNames().idOf('42')).toBe('project-42');
  });

  test('a derived number that is taken gives way to the next', () => {
    const number = projectNames().numberOf('some-project');
    expect(projectNames({ preset: number }).numberOf('some-project')).toBe(String(Number(number) + 1));
  });
});
