import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isRecord } from '../../../src/core/values/json.ts';
import { httpLoopback } from '../../support/loopback.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';

const PARENT = '/v1/projects/test-proj/locations/europe-west1/jobs';
const NAME = PARENT.slice('/v1/'.length);

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

async function create(id: string, httpTarget: unknown) {
  return await cloud.ask('POST', PARENT, { body: { name: `${NAME}/${id}`, schedule: '*/10 * * * *', httpTarget } });
}

test('a job is made, listed in its own region, shown and deleted', async () => {
  expect((await create('kw-purge', { uri: 'http://127.0.0.1:9/' })).json()).toMatchObject({ state: 'ENABLED' });
  expect((await cloud.ask('GET', PARENT)).json()).toMatchObject({ jobs: [{ name: `${NAME}/kw-purge` }] });
  expect((await cloud.ask('GET', PARENT.replace('west1', 'west4'))).json()).toEqual({});
  expect((await cloud.ask('GET', `${PARENT}/kw-purge`)).json()).toMatchObject({ schedule: '*/10 * * * *' });
  expect((await cloud.ask('DELETE', `${PARENT}/kw-purge`)).json()).toEqual({});
  expect((await cloud.ask('GET', `${PARENT}/kw-purge`)).status).toBe(404);
});

test.each([
  ['a job without a target', undefined, 400],
  ['a second one of the same name', { uri: 'http://127.0.0.1:9/' }, 409],
])('%s is refused', async (_, target, status) => {
  await create('kw-purge', { uri: 'http://127.0.0.1:9/' });
  expect((await create('kw-purge', target)).status).toBe(status);
});

test('pausing and resuming change its state', async () => {
  await create('kw-purge', { uri: 'http://127.0.0.1:9/' });
  expect((await cloud.ask('POST', `${PARENT}/kw-purge:pause`)).json()).toMatchObject({ state: 'PAUSED' });
  expect((await cloud.ask('POST', `${PARENT}/kw-purge:resume`)).json()).toMatchObject({ state: 'ENABLED' });
});

describe('running it', () => {
  test('calls the target with the token of its account, and remembers how that ended', async () => {
    const heard: unknown[] = [];
    await using target = await httpLoopback((request, response) => {
      const [, claims = ''] = (request.headers.authorization ?? '').split('.');
      heard.push([request.method, JSON.parse(Buffer.from(claims, 'base64url').toString())]);
      response.writeHead(heard.length === 1 ? 200 : 403).end();
    });
    const oidcToken = {
      serviceAccountEmail: 'scheduler@test-proj.iam.gserviceaccount.com',
      audience: 'https://a.run.app',
    };
    await create('kw-purge', { uri: target.url, oidcToken });
    const ran = (await cloud.ask('POST', `${PARENT}/kw-purge:run`)).json();
    expect(ran).toMatchObject({ status: {}, lastAttemptTime: '2026-11-24T12:00:00.000Z' });
    expect(isRecord(ran) && ran['status']).toEqual({});
    expect(heard).toMatchObject([['POST', { aud: 'https://a.run.app', email: oidcToken.serviceAccountEmail }]]);
    expect((await cloud.ask('POST', `${PARENT}/kw-purge:run`)).json()).toMatchObject({ status: { code: 7 } });
  });

  test('calls nobody but this machine', async () => {
    await create('kw-purge', { uri: 'https://example.com/' });
    expect((await cloud.ask('POST', `${PARENT}/kw-purge:run`)).json()).toMatchObject({
      error: { status: 'FAILED_PRECONDITION', message: expect.stringContaining('only http URLs on loopback') },
    });
  });

  test('fails when nobody answers', async () => {
    await create('kw-purge', { uri: 'http://127.0.0.1:9/' });
    expect((await cloud.ask('POST', `${PARENT}/kw-purge:run`)).json()).toMatchObject({ status: { code: 14 } });
  });
});

test('whoever lacks the permission is refused', async () => {
  const { accessToken } = (await cloud.control('POST token', { email: 'ana@example.com' })).json() as {
    accessToken: string;
  };
  const headers = { authorization: `Bearer ${accessToken}` };
  const { message } = { message: (await cloud.ask('GET', PARENT, { headers })).text };
  expect(message).toContain('lacks IAM permission \\"cloudscheduler.jobs.list\\" for the resource');
  await cloud.control('POST grants', {
    project: 'test-proj',
    member: 'user:ana@example.com',
    role: 'roles/cloudscheduler.viewer',
  });
  expect((await cloud.ask('GET', PARENT, { headers })).status).toBe(200);
});
