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
    expect(ran).toMatchObject({ status: {}, lastAttemptTime: '2026-11-24T12:00:00Z' });
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

const post = (job: object) => cloud.ask('POST', PARENT, { body: job });
const TARGET = { uri: 'http://127.0.0.1:9/' };
const JOB = {
  name: `${NAME}/j`,
  schedule: '*/5 8-17/2 * JAN-MAR,NOV 1-5',
  timeZone: 'Europe/Zurich',
  httpTarget: TARGET,
};
const TOPIC = 'projects/test-proj/topics/orders';

test('what is left out is filled in as Google does, bytes are standard base64', async () => {
  const body = { ...TARGET, body: '-_8' };
  expect((await post({ schedule: 'every 5 minutes', httpTarget: body })).json()).toEqual({
    name: `${NAME}/1000000001`,
    httpTarget: { ...TARGET, body: '+/8=', httpMethod: 'POST' },
    schedule: 'every 5 minutes',
    timeZone: 'Etc/UTC',
    attemptDeadline: '180s',
    retryConfig: {
      maxRetryDuration: '0s',
      minBackoffDuration: '5s',
      maxBackoffDuration: '3600s',
      maxDoublings: 5,
    },
    state: 'ENABLED',
    userUpdateTime: '2026-11-24T12:00:00Z',
  });
});

test.each([
  [{ schedule: '61 * * * *' }, 'Schedule or time zone is invalid.'],
  [{ schedule: '5-1 * * * *' }, 'Schedule or time zone is invalid.'],
  [{ schedule: '*/0 * * * *' }, 'Schedule or time zone is invalid.'],
  [{ schedule: '* * * FOO *' }, 'Schedule or time zone is invalid.'],
  [{ schedule: '* * * *' }, 'Schedule or time zone is invalid.'],
  [{ schedule: 'every now and then' }, 'Schedule or time zone is invalid.'],
  [{ schedule: undefined }, 'Schedule or time zone is invalid.'],
  [{ timeZone: 'Europe/Atlantis' }, 'Schedule or time zone is invalid.'],
  [{ timeZone: '+01:00' }, 'Schedule or time zone is invalid.'],
  [{ name: 'projects/test-proj/locations/us-east1/jobs/j' }, 'Job name must be formatted'],
  [{ name: `${NAME}/a b` }, 'Job name must be formatted'],
  [{ name: 'j' }, 'Job name must be formatted'],
  [{ httpTarget: { uri: 'ftp://a/' } }, 'HttpTarget.uri must begin with'],
  [{ httpTarget: { ...TARGET, httpMethod: 'GET', body: 'YQ==' } }, 'HttpTarget.body is allowed only'],
  [{ httpTarget: { ...TARGET, httpMethod: 'CONNECT' } }, 'HttpMethod'],
  [{ httpTarget: { ...TARGET, oidcToken: {} } }, 'email of a service account'],
  [{ httpTarget: { ...TARGET, oidcToken: {}, oauthToken: {} } }, "oneof field 'authorization_header' is already set"],
  [{ attemptDeadline: '14s' }, 'attemptDeadline must be from 15s to 1800s'],
  [{ attemptDeadline: '1801s' }, 'attemptDeadline must be from 15s to 1800s'],
  [{ retryConfig: { retryCount: 6 } }, 'retryCount must be from 0 to 5'],
  [{ retryConfig: { minBackoffDuration: '10s', maxBackoffDuration: '5s' } }, 'must not exceed'],
  [{ pubsubTarget: { topicName: TOPIC, data: 'YQ==' } }, "oneof field 'target' is already set"],
  [
    { httpTarget: undefined, pubsubTarget: { topicName: 'orders', data: 'YQ==' } },
    'projects/PROJECT_ID/topics/TOPIC_ID',
  ],
  [{ httpTarget: undefined, pubsubTarget: { topicName: TOPIC } }, 'non-empty data, or at least one attribute'],
  [{ surprise: 1 }, 'Unknown name'],
])('%j is refused', async (change, message) => {
  expect((await post({ ...JOB, ...change })).json()).toMatchObject({
    error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) },
  });
});

test('a region where Scheduler is not is no location', async () => {
  const elsewhere = await cloud.ask('POST', PARENT.replace('europe-west1', 'southamerica-west1'), { body: JOB });
  expect(elsewhere.json()).toMatchObject({
    error: { code: 400, message: expect.stringContaining("'southamerica-west1' is not a valid location") },
  });
});

test('a Pub/Sub target needs its topic and publishes to it, also of a paused job', async () => {
  const job = {
    ...JOB,
    httpTarget: undefined,
    pubsubTarget: { topicName: TOPIC, data: btoa('go'), attributes: { a: 'b' } },
  };
  expect((await post(job)).status).toBe(404);
  await cloud.ask('PUT', `/v1/${TOPIC}`);
  await cloud.ask('PUT', '/v1/projects/test-proj/subscriptions/inbox', { body: { topic: TOPIC } });
  expect((await post(job)).json()).toMatchObject({ pubsubTarget: { data: btoa('go') } });
  await cloud.ask('POST', `${PARENT}/j:pause`);
  expect((await cloud.ask('POST', `${PARENT}/j:run`)).json()).toMatchObject({ status: {} });
  const pulled = await cloud.ask('POST', '/v1/projects/test-proj/subscriptions/inbox:pull', {
    body: { maxMessages: 9 },
  });
  expect(pulled.json()).toMatchObject({
    receivedMessages: [{ message: { data: btoa('go'), attributes: { a: 'b' } } }],
  });
  await cloud.ask('DELETE', `/v1/${TOPIC}`);
  expect((await cloud.ask('POST', `${PARENT}/j:run`)).json()).toMatchObject({ status: { code: 5 } });
});

test('an App Engine target is kept and shown, and cannot be called', async () => {
  const appEngineHttpTarget = { relativeUri: '/go', appEngineRouting: { service: 's', version: 'v' } };
  const made = (await post({ ...JOB, httpTarget: undefined, appEngineHttpTarget })).json();
  expect(made).toMatchObject({ appEngineHttpTarget, attemptDeadline: '600s' });
  expect((await cloud.ask('POST', `${PARENT}/j:run`)).json()).toMatchObject({
    error: { status: 'FAILED_PRECONDITION' },
  });
});

describe('a patch', () => {
  const patch = async (body: object, mask?: string) =>
    cloud.ask('PATCH', `${PARENT}/j${mask === undefined ? '' : `?updateMask=${mask}`}`, { body });

  test('changes what its mask names, and what is sent without one', async () => {
    const made = (await post({ ...JOB, retryConfig: { retryCount: 3 }, description: 'old' })).json() as object;
    await cloud.advance(1000);
    const userUpdateTime = '2026-11-24T12:00:01Z';
    const daily = { schedule: '0 3 * * *', description: 'new' };
    expect((await patch(daily, 'schedule')).json()).toEqual({ ...made, schedule: daily.schedule, userUpdateTime });
    expect((await patch({ time_zone: 'Asia/Tokyo' })).json()).toMatchObject({
      timeZone: 'Asia/Tokyo',
      description: 'old',
    });
    expect((await patch({}, 'description')).json()).not.toHaveProperty('description');
    const retried = await patch({ retryConfig: { maxDoublings: 2 } }, 'retryConfig.maxDoublings');
    expect(retried.json()).toMatchObject({ retryConfig: { retryCount: 3, maxDoublings: 2 } });
    const method = await patch({ httpTarget: { uri: TARGET.uri, httpMethod: 'PUT' } }, 'httpTarget.httpMethod');
    expect(method.json()).toMatchObject({ httpTarget: { ...TARGET, httpMethod: 'PUT' } });
  });

  test('to another target ends the one before, and keeps how the last attempt ended', async () => {
    await cloud.ask('PUT', `/v1/${TOPIC}`);
    await post(JOB);
    await cloud.ask('POST', `${PARENT}/j:run`);
    const after = (await patch({ pubsubTarget: { topicName: TOPIC, data: 'YQ==' } }, 'pubsubTarget')).json();
    expect(after).toMatchObject({ pubsubTarget: { topicName: TOPIC }, status: { code: 14 } });
    expect(after).not.toHaveProperty('httpTarget');
  });

  test('is refused for what is not there, not known or not valid', async () => {
    expect((await patch({ description: 'x' })).status).toBe(404);
    await post(JOB);
    expect((await patch({}, 'nothing')).status).toBe(400);
    expect((await patch({ schedule: 'never' }, 'schedule')).status).toBe(400);
    expect((await patch({ name: 'x', state: 'PAUSED' }, 'state')).json()).toMatchObject({ state: 'ENABLED' });
  });
});

test('a list cannot be filtered', async () => {
  expect((await cloud.ask('GET', `${PARENT}?filter=state:PAUSED`)).status).toBe(400);
});
