import { Buffer } from 'node:buffer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { PassThroughClient } from 'google-auth-library';
import { grpc } from 'google-gax';
import { startGrpcDoor, type GrpcDoor } from '../../../src/emulator/server/grpc.ts';
import { NUMBER, PROJECT, startRig, type Rig } from '../../support/secret-manager-rig.ts';

const parent = `projects/${PROJECT}`;
const S = `projects/${NUMBER}/secrets/x`;

let rig: Rig;
let door: GrpcDoor;
beforeAll(async () => {
  rig = await startRig();
  door = await startGrpcDoor({ behind: () => ({ secrets: rig.vault, iam: rig.iam }), port: 0 });
});
afterEach(() => rig.vault.reset());
afterAll(async () => {
  door.close();
  await rig.close();
});

const TRANSPORTS = {
  REST: () =>
    new SecretManagerServiceClient({
      apiEndpoint: '127.0.0.1',
      port: rig.port,
      fallback: true,
      protocol: 'http',
      authClient: new PassThroughClient(),
    }),
  gRPC: () =>
    new SecretManagerServiceClient({
      apiEndpoint: '127.0.0.1',
      port: door.port,
      sslCreds: grpc.credentials.createInsecure(),
      authClient: new PassThroughClient(),
    }),
};

describe.each(['REST', 'gRPC'] as const)('over %s', (transport) => {
  let client: SecretManagerServiceClient;
  beforeAll(() => {
    client = TRANSPORTS[transport]();
  });
  afterAll(() => client.close());

  async function createX(): Promise<void> {
    await client.createSecret({
      parent,
      secretId: 'x',
      secret: { replication: { automatic: {} }, labels: { a: 'b' } },
    });
  }

  async function addTo(secret: string, text: string): Promise<string> {
    const [version] = await client.addSecretVersion({ parent: secret, payload: { data: Buffer.from(text) } });
    return version.name ?? '';
  }

  test('the Node client creates, reads and lists secrets', async () => {
    await createX();
    const [secret] = await client.getSecret({ name: S });
    expect(secret).toMatchObject({ name: S, labels: { a: 'b' }, replication: { automatic: {} } });
    const [secrets] = await client.listSecrets({ parent, filter: 'labels.a=b' });
    expect(secrets.map(({ name }) => name)).toEqual([S]);
  });

  test('the Node client walks through all pages by itself', async () => {
    for (const secretId of ['a', 'b', 'c']) rig.vault.seed({ project: PROJECT, secretId });
    const names: unknown[] = [];
    for await (const { name } of client.listSecretsAsync({ parent, pageSize: 1 })) names.push(name);
    expect(names).toEqual(['c', 'b', 'a'].map((id) => `projects/${NUMBER}/secrets/${id}`));
  });

  test('the Node client adds, reads and moves versions, states by name', async () => {
    await createX();
    const name = await addTo(S, '123456789');
    expect(name).toBe(`${S}/versions/1`);
    const [reading] = await client.accessSecretVersion({ name: `${S}/versions/latest` });
    expect(reading).toMatchObject({ name, payload: { data: Buffer.from('123456789'), dataCrc32c: '3808858755' } });
    const [disabled] = await client.disableSecretVersion({ name });
    expect(disabled.state).toBe('DISABLED');
    const [enabled] = await client.enableSecretVersion({ name, etag: disabled.etag ?? '' });
    expect(enabled.state).toBe('ENABLED');
    const [destroyed] = await client.destroySecretVersion({ name, etag: enabled.etag ?? '' });
    expect(destroyed.state).toBe('DESTROYED');
    const [version] = await client.getSecretVersion({ name });
    expect(version.state).toBe('DESTROYED');
    const [versions] = await client.listSecretVersions({ parent: S });
    expect(versions.map(({ state }) => state)).toEqual(['DESTROYED']);
  });

  test('the Node client moves aliases and annotations in one guarded write, and deletes', async () => {
    await createX();
    await addTo(S, 'one');
    const [before] = await client.getSecret({ name: S });
    const secret = { name: S, etag: before.etag ?? '', versionAliases: { current: 1 }, annotations: { k: '{"a":1}' } };
    const updateMask = { paths: ['version_aliases', 'annotations'] };
    const [after] = await client.updateSecret({ secret, updateMask });
    expect(after).toMatchObject({ versionAliases: { current: '1' }, annotations: { k: '{"a":1}' } });
    await expect(client.updateSecret({ secret, updateMask })).rejects.toMatchObject({
      code: 9,
      message: expect.stringContaining('does not match'),
    });
    await client.deleteSecret({ name: S, etag: after.etag ?? '' });
    await expect(client.getSecret({ name: S })).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining(`Secret [${S}] not found.`),
    });
  });

  test('the Node client’s empty mask is an empty mask, and none at all is refused', async () => {
    await createX();
    const [touched] = await client.updateSecret({ secret: { name: S }, updateMask: { paths: [] } });
    expect(touched.labels).toEqual({ a: 'b' });
    await expect(client.updateSecret({ secret: { name: S } })).rejects.toMatchObject({ code: 3 });
  });

  test('the Node client reads and writes policies', async () => {
    await createX();
    const [fresh] = await client.getIamPolicy({ resource: S });
    expect(Buffer.from(fresh.etag ?? '').toString('base64')).toBe('ACAB');
    const bindings = [{ role: 'roles/secretmanager.viewer', members: ['user:ada@example.com'] }];
    const [set] = await client.setIamPolicy({ resource: S, policy: { etag: fresh.etag ?? null, bindings } });
    expect(set.bindings).toMatchObject(bindings);
    await expect(
      client.setIamPolicy({ resource: S, policy: { etag: fresh.etag ?? null, bindings } }),
    ).rejects.toMatchObject({ code: 10 });
    const permissions = ['secretmanager.secrets.get'];
    const [tested] = await client.testIamPermissions({ resource: S, permissions });
    expect(tested.permissions).toEqual(permissions);
  });

  test('the Node client reaches regional secrets', async () => {
    const [secret] = await client.createSecret({ parent: `${parent}/locations/us-east1`, secretId: 'r', secret: {} });
    expect(secret.name).toBe(`projects/${NUMBER}/locations/us-east1/secrets/r`);
    await addTo(secret.name ?? '', 'regional');
    const [reading] = await client.accessSecretVersion({ name: `${secret.name}/versions/latest` });
    expect(String(reading.payload?.data)).toBe('regional');
  });

  test('a request without its name is refused', async () => {
    await expect(client.getSecret({})).rejects.toBeDefined();
    await expect(client.getSecretVersion({})).rejects.toBeDefined();
    await expect(client.listSecrets({})).rejects.toBeDefined();
    await expect(client.createSecret({ secretId: 'x', secret: {} })).rejects.toBeDefined();
  });
});

test('gRPC answers UNIMPLEMENTED for managed rotation, which is not pretended', async () => {
  const client = TRANSPORTS.gRPC();
  await expect(client.rotateSecret({ parent: S })).rejects.toMatchObject({ code: 12 });
  await client.close();
});

test('gRPC knows its caller by the Authorization metadata', async () => {
  rig.iam.register('tok', 'worker@test-proj.iam.gserviceaccount.com');
  const client = TRANSPORTS.gRPC();
  const options = { otherArgs: { headers: { authorization: 'Bearer tok' } } };
  await expect(client.getSecret({ name: S }, options)).rejects.toMatchObject({ code: 7 });
  await client.close();
});

test('a bug of the pretend cloud is INTERNAL over gRPC, and says nothing of itself', async () => {
  const broken = {
    ...rig.vault,
    call() {
      throw new TypeError('a bug');
    },
  };
  const other = await startGrpcDoor({ behind: () => ({ secrets: broken, iam: rig.iam }), port: 0 });
  const client = new SecretManagerServiceClient({
    apiEndpoint: '127.0.0.1',
    port: other.port,
    sslCreds: grpc.credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
  await expect(client.getSecret({ name: S })).rejects.toMatchObject({
    code: 13,
    details: 'Internal error encountered.',
  });
  await client.close();
  other.close();
});

test('a gRPC port that is taken is a rejection', async () => {
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  await expect(
    startGrpcDoor({ behind: () => ({ secrets: rig.vault, iam: rig.iam }), port: door.port }),
  ).rejects.toThrow('address');
});
