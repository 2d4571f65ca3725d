import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { ACCOUNT, mayRead, PLACE, seen } from '../../support/consumers.ts';

const FUNCTIONS = `/v2/${PLACE}/functions`;
const SECRET = { key: 'KEY', projectId: PROJECT, secret: 'gemini', version: '1' };

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: ['one', 'two'], aliases: { current: 1 } });
});
afterEach(() => cloud.close());

function config(version: string) {
  return {
    serviceConfig: { serviceAccountEmail: ACCOUNT, secretEnvironmentVariables: [{ ...SECRET, version }] },
  };
}

async function create(id: string, body: unknown) {
  return (await cloud.ask('POST', `${FUNCTIONS}?functionId=${id}`, { body })).json();
}

test('a function of the second generation is built, and is a service that says whose it is', async () => {
  expect(await create('Hello_World', config('1'))).toMatchObject({
    done: true,
    metadata: { stages: [{}, { name: 'BUILD', state: 'COMPLETE' }, {}] },
    response: { state: 'ACTIVE', environment: 'GEN_2' },
  });
  expect(await seen(cloud, `${FUNCTIONS}/Hello_World`)).toMatchObject({
    serviceConfig: { service: `${PLACE}/services/hello-world`, allTrafficOnLatestRevision: true },
  });
  expect(await seen(cloud, `/v2/${PLACE}/services/hello-world`)).toMatchObject({
    labels: { 'goog-managed-by': 'cloudfunctions' },
    template: {
      revision: expect.stringMatching(/^hello-world-00001-/),
      containers: [
        {
          env: [
            {
              name: 'KEY',
              valueSource: { secretKeyRef: { secret: `projects/${PROJECT}/secrets/gemini`, version: '1' } },
            },
          ],
        },
      ],
    },
  });
});

test('a change of variables alone rebuilds it, and takes the time of a build', async () => {
  await create('hello', config('1'));
  await cloud.control('POST pace', { buildMs: 120_000 });
  const path = `${FUNCTIONS}/hello?updateMask=serviceConfig.secretEnvironmentVariables`;
  const started = (await cloud.ask('PATCH', path, { body: config('2') })).json() as { name: string };
  expect(started).toMatchObject({ metadata: { stages: [{}, { name: 'BUILD', state: 'IN_PROGRESS' }, {}] } });
  expect(await seen(cloud, `${FUNCTIONS}/hello`)).toMatchObject({ state: 'DEPLOYING' });
  expect((await cloud.ask('PATCH', path, { body: config('2') })).status).toBe(409);
  expect(cloud.run.serving(`${PLACE}/services/hello`)).toMatchObject([
    { reads: [{ version: expect.stringMatching(/1$/) }] },
  ]);
  await cloud.advance(120_000);
  expect(await seen(cloud, `/v2/${started.name}`)).toMatchObject({ done: true, response: { state: 'ACTIVE' } });
  expect(cloud.run.serving(`${PLACE}/services/hello`)).toMatchObject([
    { reads: [{ version: expect.stringMatching(/2$/) }] },
  ]);
});

test('a build that fails leaves what ran before', async () => {
  await create('hello', config('1'));
  await cloud.control('POST unready', { name: `${PLACE}/functions/hello` });
  expect((await cloud.ask('PATCH', `${FUNCTIONS}/hello`, { body: config('2') })).json()).toMatchObject({
    error: { code: 3, message: expect.stringContaining('Build failed') },
  });
  expect(await seen(cloud, `${FUNCTIONS}/hello`)).toMatchObject({ state: 'FAILED' });
  expect(cloud.run.serving(`${PLACE}/services/hello`)).toMatchObject([
    { reads: [{ version: expect.stringMatching(/1$/) }] },
  ]);
});

test('a list takes all regions at once, of both generations, and names those that it did not reach', async () => {
  await create('new', config('1'));
  await create('old', { ...config('1'), environment: 'GEN_1' });
  const everywhere = `/v2/projects/${PROJECT}/locations/-/functions`;
  expect(await seen(cloud, everywhere)).toMatchObject({
    functions: [{ environment: 'GEN_2' }, { environment: 'GEN_1' }],
  });
  expect(await seen(cloud, `${everywhere}?filter=environment%3D%22GEN_1%22`)).toMatchObject({
    functions: [{ name: `${PLACE}/functions/old` }],
  });
  await cloud.control('POST pace', { unreachable: ['europe-west1'] });
  expect(await seen(cloud, everywhere)).toEqual({ unreachable: ['europe-west1'] });
});

test('one of the first generation has no service, and reads with the account that it names', async () => {
  await create('old', {
    environment: 'GEN_1',
    serviceConfig: {
      serviceAccountEmail: ACCOUNT,
      secretVolumes: [{ mountPath: '/keys', projectId: PROJECT, secret: 'gemini' }],
    },
  });
  expect(cloud.functions.serving(`${PLACE}/functions/old`)).toMatchObject([
    {
      account: ACCOUNT,
      reads: [{ by: 'file', at: '/keys/gemini', version: `projects/${PROJECT}/secrets/gemini/versions/latest` }],
    },
  ]);
  expect((await cloud.ask('GET', `/v2/${PLACE}/services/old`)).status).toBe(404);
});

test('a file of the second generation is a volume of its service', async () => {
  const volume = { mountPath: '/keys', projectId: PROJECT, secret: 'gemini', versions: [{ version: '2', path: 'k' }] };
  await create('hello', { serviceConfig: { serviceAccountEmail: ACCOUNT, secretVolumes: [volume] } });
  expect(cloud.run.serving(`${PLACE}/services/hello`)).toMatchObject([
    { reads: [{ by: 'file', at: '/keys/k', version: expect.stringMatching(/gemini\/versions\/2$/) }] },
  ]);
});

test('deleting it deletes its service', async () => {
  await create('hello', config('1'));
  expect((await cloud.ask('DELETE', `${FUNCTIONS}/hello`)).json()).toMatchObject({ done: true });
  expect((await cloud.ask('GET', `/v2/${PLACE}/services/hello`)).status).toBe(404);
});

test('changing it takes the right to act as its account', async () => {
  await create('hello', config('1'));
  const who = `reader@${PROJECT}.iam.gserviceaccount.com`;
  cloud.iam.register('reader', who);
  cloud.iam.grant(PROJECT, `serviceAccount:${who}`, 'roles/cloudfunctions.developer');
  const asked = { body: config('2'), headers: { authorization: 'Bearer reader' } };
  expect((await cloud.ask('PATCH', `${FUNCTIONS}/hello`, asked)).json()).toMatchObject({
    error: { code: 403, message: expect.stringContaining('iam.serviceaccounts.actAs') },
  });
});

test('a seed file makes functions and services again, and their traffic', async () => {
  await create('hello', config('1'));
  await cloud.control('POST consumers', { name: `${PLACE}/services/hello`, perMinute: 2 });
  const file = await cloud.control('GET seed');
  const calls = JSON.stringify(file.json());
  expect(calls).toContain(`functions?functionId=hello`);
  expect(calls).not.toContain('serviceId=hello');
  expect(calls).toContain('"livesSeconds":86400');
});
