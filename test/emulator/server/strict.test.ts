import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterAll(() => cloud.close());

const KEY = 'keyRings/r/cryptoKeys/k';
const encrypted = (name: string) => ({ customerManagedEncryption: { kmsKeyName: name } });

test.each([
  ['/v1/projects/PROJECT/secrets', 403, 'Permission denied on resource project PROJECT.'],
  ['/v1/projects/PROJECT/locations', 403, 'Permission denied on resource project PROJECT.'],
  ['/v2/projects/PROJECT/locations/global/keys', 403, 'Permission denied on resource project PROJECT.'],
  ['/v1/projects/PROJECT/locations/us-east1/jobs', 403, 'Permission denied on resource project PROJECT.'],
  ['/v3/projects/PROJECT/timeSeries', 403, 'Permission denied on resource project PROJECT.'],
  ['/v1/projects/PROJECT/topics', 404, 'Requested project not found or user does not have access to it'],
])('%s of a project that there is not answers %i, until there is one', async (path, code, message) => {
  const project = `p${code}-${path.split('/').length}-${path.length}`;
  const ask = () => cloud.ask('GET', path.replace('PROJECT', project));
  expect((await ask()).json()).toMatchObject({
    error: { code, message: expect.stringContaining(message.replace('PROJECT', project)) },
  });
  await cloud.control('POST projects', { project });
  expect((await ask()).text).not.toContain(project);
});

test('a project has the number that it is given, or one of its own', async () => {
  expect((await cloud.control('POST projects', { project: 'numbered', number: '123123123123' })).json()).toEqual({
    project: 'numbered',
    number: '123123123123',
  });
  expect((await cloud.ask('GET', '/v1/projects/123123123123/secrets')).status).toBe(200);
  for (const wrong of [{ project: 'No' }, { project: 'good-id', number: 'x' }])
    expect((await cloud.control('POST projects', wrong)).status).toBe(400);
  expect(cloud.names.known()).toContain('numbered');
});

test.each<[string, object, number]>([
  ['', { replication: { automatic: encrypted(`projects/p/locations/global/${KEY}`) } }, 200],
  ['', { replication: { automatic: encrypted(`projects/p/locations/us-east1/${KEY}`) } }, 400],
  ['', { replication: { automatic: encrypted('my-key') } }, 400],
  ['', { replication: { automatic: {} }, ...encrypted(`projects/p/locations/global/${KEY}`) }, 400],
  ['', { replication: { userManaged: { replicas: [{ location: 'us-east1' }, { location: 'us-west1' }] } } }, 200],
  ['', { replication: { userManaged: { replicas: [{ location: 'us-east1' }, { location: 'atlantis' }] } } }, 400],
  [
    '',
    {
      replication: {
        userManaged: {
          replicas: [
            { location: 'us-east1', ...encrypted(`projects/p/locations/us-east1/${KEY}`) },
            { location: 'us-west1' },
          ],
        },
      },
    },
    400,
  ],
  ['', { replication: { automatic: {} }, tags: { 'tagKeys/1': 'tagValues/1' } }, 501],
  ['/locations/us-east1', encrypted(`projects/p/locations/us-east1/${KEY}`), 200],
  ['/locations/us-east1', encrypted(`projects/p/locations/us-west1/${KEY}`), 400],
  ['/locations/atlantis', {}, 400],
])('a secret in %j of %j answers %i', async (place, secret, code) => {
  const secretId = `s${cloud.requests().length}`;
  const made = await cloud.ask('POST', `/v1/projects/${PROJECT}${place}/secrets?secretId=${secretId}`, {
    body: secret,
  });
  expect(made.status).toBe(code);
});

test('a version says which keys encrypted it when it was added', async () => {
  const name = `/v1/projects/${PROJECT}/secrets/encrypted`;
  const body = { replication: { automatic: encrypted(`projects/p/locations/global/${KEY}`) } };
  await cloud.ask('POST', `/v1/projects/${PROJECT}/secrets?secretId=encrypted`, { body });
  const add = () => cloud.ask('POST', `${name}:addVersion`, { body: { payload: { data: 'YQ==' } } });
  const kmsKeyVersionName = `projects/p/locations/global/${KEY}/cryptoKeyVersions/1`;
  expect((await add()).json()).toMatchObject({
    replicationStatus: { automatic: { customerManagedEncryption: { kmsKeyVersionName } } },
  });
  await cloud.ask('PATCH', `${name}?updateMask=replication`, { body: { replication: { automatic: {} } } });
  expect((await add()).json()).toMatchObject({ replicationStatus: { automatic: {} } });
  expect((await cloud.ask('GET', `${name}/versions/1`)).json()).toMatchObject({
    replicationStatus: { automatic: { customerManagedEncryption: { kmsKeyVersionName } } },
  });
});

test('locations are paged, and cannot be filtered', async () => {
  const page = (query: string) => cloud.ask('GET', `/v1/projects/${PROJECT}/locations?${query}`);
  expect((await page('pageSize=2')).json()).toMatchObject({ locations: [{}, {}], nextPageToken: expect.any(String) });
  expect((await page('filter=x')).status).toBe(501);
});

test.each([
  ['POST', `/v1/projects/${PROJECT}/secrets/s:rotateSecret`],
  ['PUT', `/v1/projects/${PROJECT}/snapshots/s`],
  ['GET', `/v1/projects/${PROJECT}/schemas`],
  ['POST', `/v1/projects/${PROJECT}/subscriptions/s:detach`],
  ['POST', '/v1beta/models/gemini-embedding-001:embedContent'],
  ['POST', '/upload/v1beta/files'],
])('%s %s, which Google has, is not implemented in Google’s form', async (method, path) => {
  expect((await cloud.ask(method, path, method === 'GET' ? {} : { body: {} })).json()).toEqual({
    error: {
      code: 501,
      message: 'Operation is not implemented, or supported, or enabled.',
      status: 'UNIMPLEMENTED',
    },
  });
});
