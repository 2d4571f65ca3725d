import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { PassThroughClient } from 'google-auth-library';
import { grpc } from 'google-gax';
import { startGrpcDoor, type GrpcDoor } from '../../../src/emulator/server/grpc.ts';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

const parent = `projects/${PROJECT}`;
const name = `${parent}/secrets/x`;
const secret = { replication: { automatic: {} } };
const SERVICE = '/google.cloud.secretmanager.v1.SecretManagerService';

let cloud: TestCloud;
let door: GrpcDoor;
let client: SecretManagerServiceClient;
beforeAll(async () => {
  cloud = await testCloud();
  door = await startGrpcDoor({ behind: () => cloud, port: 0 });
  client = new SecretManagerServiceClient({
    apiEndpoint: '127.0.0.1',
    port: door.port,
    sslCreds: grpc.credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
});
afterEach(() => cloud.reset());
afterAll(async () => {
  await client.close();
  door.close();
  await cloud.close();
});

const create = () => client.createSecret({ parent, secretId: 'x', secret });
const fault = (body: object) => cloud.control('POST faults', body);

test('calls over gRPC stand in the request log beside those over REST', async () => {
  await create();
  await expect(client.getSecret({ name: `${parent}/secrets/y` })).rejects.toMatchObject({ code: 5 });
  await cloud.ask('GET', `/v1/${name}`);
  expect(cloud.requests()).toMatchObject([
    { api: 'secretmanager', method: 'POST', path: `${SERVICE}/CreateSecret`, query: { name: parent }, status: 200 },
    { path: `${SERVICE}/GetSecret`, query: { name: `${parent}/secrets/y` }, status: 404, caller: 'owner' },
    { path: `/v1/${name}`, status: 200 },
  ]);
});

test.each([
  [{ status: 429 }, 8],
  [{ status: 503, message: 'gone for lunch' }, 14],
  [{ status: 400 }, 3],
  [{ status: 418 }, 14],
  [{ body: { error: { status: 'FAILED_PRECONDITION', message: 'no' } }, status: 400 }, 9],
  [{ body: '<html>', status: 502 }, 14],
  [{ drop: true }, 14],
])('the fault %j strikes a call over gRPC as code %i, once, and nothing is applied', async (effect, code) => {
  await fault({ match: { service: 'secretmanager', path: 'CreateSecret' }, ...effect });
  await expect(create()).rejects.toMatchObject({ code });
  await create();
});

test('a lost answer is lost after the call was applied', async () => {
  await fault({ match: { path: 'CreateSecret' }, lostAnswer: true });
  await expect(create()).rejects.toMatchObject({ code: 14 });
  await expect(create()).rejects.toMatchObject({ code: 6 });
});

test('a call that hangs ends with the caller’s own time limit, and one that is delayed is applied', async () => {
  await fault({ match: { path: 'CreateSecret' }, hang: true });
  await expect(client.createSecret({ parent, secretId: 'x', secret }, { timeout: 50 })).rejects.toMatchObject({
    code: 4,
  });
  await fault({ match: { path: 'CreateSecret' }, delayMs: 1 });
  await create();
});

test('a message that cannot be read is an invalid argument', async () => {
  const expireTime = { seconds: '99999999999999', nanos: 0 };
  await expect(client.createSecret({ parent, secretId: 'x', secret: { ...secret, expireTime } })).rejects.toMatchObject(
    {
      code: 3,
    },
  );
});
