import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { apiOf } from '../../../src/emulator/wire/faults.ts';
import { AUTH, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.reset());
afterAll(() => cloud.close());

const TOPIC = `/v1/projects/${PROJECT}/topics/orders`;

const plant = async (fault: Readonly<Record<string, unknown>>) => {
  const heard = await cloud.control('POST faults', fault);
  expect(heard.status).toBe(200);
};
const make = () => cloud.ask('PUT', TOPIC, { body: {} });
const isThere = () => cloud.pubsub.state(TOPIC.slice('/v1/'.length)) === 'ok';

describe('a planted fault', () => {
  test.each([
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [409, 'ABORTED'],
    [429, 'RESOURCE_EXHAUSTED'],
    [500, 'INTERNAL'],
    [501, 'UNIMPLEMENTED'],
    [503, 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED'],
    [418, 'UNKNOWN'],
  ])('with status %i answers %s without applying the call', async (code, status) => {
    await plant({ match: { path: '/topics/' }, status: code });
    expect((await make()).json()).toMatchObject({ error: { code, status, message: expect.any(String) } });
    expect(isThere()).toBe(false);
  });

  test('may say something of its own', async () => {
    await plant({ match: {}, status: 503, message: 'closed for lunch' });
    expect((await make()).json()).toMatchObject({ error: { message: 'closed for lunch' } });
  });

  test('may answer any body, as text or as JSON', async () => {
    await plant({ match: {}, body: '<p>no</p>', contentType: 'text/html', status: 502, headers: { 'x-why': 'test' } });
    const page = await make();
    expect(page).toMatchObject({ status: 502, text: '<p>no</p>' });
    expect([page.headers.get('content-type'), page.headers.get('x-why')]).toEqual(['text/html', 'test']);
    await plant({ match: {}, body: { odd: true } });
    const json = await make();
    expect(json.status).toBe(200);
    expect(json.json()).toEqual({ odd: true });
  });

  test('that drops ends the socket without applying the call', async () => {
    await plant({ match: {}, drop: true });
    await expect(make()).rejects.toThrow();
    expect(isThere()).toBe(false);
    expect(cloud.requests().at(-1)?.status).toBe(0);
  });

  test('that loses the answer applies the call first', async () => {
    await plant({ match: {}, lostAnswer: true });
    await expect(make()).rejects.toThrow();
    expect(isThere()).toBe(true);
  });

  test('that loses the answer loses a refusal too', async () => {
    await plant({ match: {}, lostAnswer: true });
    await expect(cloud.ask('GET', TOPIC)).rejects.toThrow();
  });

  test('that delays applies the call in the end', async () => {
    await plant({ match: {}, delayMs: 1 });
    expect((await make()).status).toBe(200);
    expect(isThere()).toBe(true);
  });

  test('that delays holds the call, lets go when the caller gives up, and applies it all the same', async () => {
    await plant({ match: {}, delayMs: 3_600_000 });
    const abort = new AbortController();
    const answer = fetch(`${cloud.url}${TOPIC}`, { method: 'PUT', body: '{}', signal: abort.signal });
    while (cloud.faults.remaining() > 0) await new Promise(setImmediate);
    expect((await cloud.ask('GET', TOPIC)).status).toBe(404);
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/);
    while (!isThere()) await new Promise(setImmediate);
  });

  test('that hangs never answers', async () => {
    await plant({ match: {}, hang: true });
    const abort = new AbortController();
    const answer = fetch(`${cloud.url}${TOPIC}`, { method: 'PUT', body: '{}', signal: abort.signal });
    while (cloud.requests().length === 0) await new Promise(setImmediate);
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/);
    expect(isThere()).toBe(false);
  });

  test('strikes as many times as it was told, once by default', async () => {
    await plant({ match: {}, status: 503, times: 2 });
    await plant({ match: {}, status: 429 });
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await make()).status);
    expect(statuses).toEqual([503, 503, 429, 200]);
  });

  test('strikes from the nth matching call on', async () => {
    await plant({ match: { method: 'get', nth: 3 }, status: 503, times: 2 });
    await make();
    const statuses = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await cloud.ask('GET', TOPIC)).status);
    expect(statuses).toEqual([200, 200, 503, 503, 200]);
  });

  test.each([
    [{ service: 'pubsub' }, true],
    [{ service: 'gemini' }, false],
    [{ method: 'PUT' }, true],
    [{ method: 'GET' }, false],
    [{ path: 'topics/ord' }, true],
    [{ path: 'topics/x' }, false],
    [{ pathPattern: 'orders$' }, true],
    [{ pathPattern: '^orders' }, false],
    [{ service: 'pubsub', method: 'PUT', path: 'x' }, false],
  ])('matches by %j: %s', async (match, struck) => {
    await plant({ match, status: 503 });
    expect((await make()).status).toBe(struck ? 503 : 200);
  });

  test('never strikes the control surface, and can be taken back', async () => {
    await plant({ match: {}, status: 503, times: 9 });
    expect((await cloud.control('GET state')).json()).toMatchObject({ faults: 1 });
    await cloud.control('DELETE faults');
    expect((await make()).status).toBe(200);
  });
});

test.each([
  ['/_emulator/keys', 'control'],
  ['/v1/projects/p/topics/t:publish', 'pubsub'],
  ['/v1/projects/p/subscriptions/s', 'pubsub'],
  ['/v1/projects/p/secrets/s', 'secretmanager'],
  ['/v1/projects/p/locations/l/secrets', 'secretmanager'],
  ['/v2/projects/p/locations/global/keys', 'apikeys'],
  ['/v3/projects/p/timeSeries', 'monitoring'],
  ['/v1/models', 'gemini'],
  ['/v1beta/openai/models', 'gemini'],
  ['/oauth2/v1/certs', 'oidc'],
])('%s belongs to %s', (path, api) => {
  expect(apiOf(path)).toBe(api);
});

describe('the request log', () => {
  test('says who asked what and when, and holds no byte of a key', async () => {
    const odd = 'my-very-own-key';
    await cloud.control('POST keys', { key: odd, state: 'works' });
    await cloud.control('POST token', { email: 'a@test-proj.iam.gserviceaccount.com' });
    const urls = [
      `/v1beta/models?key=${STANDARD}&pageSize=1`,
      `/v2/keys:lookupKey?keyString=${odd}`,
      `/v1beta/models/${odd}`,
      `/v1beta/models/${encodeURIComponent(AUTH)}`,
      `/v1beta/models?pageToken=${AUTH}`,
      '/v1beta/models/%zz',
    ];
    for (const url of urls) await cloud.ask('GET', url, { headers: { 'x-goog-api-key': odd } });
    const heard = await cloud.control('GET requests');
    const { requests } = heard.json() as { requests: { path: string }[] };
    expect(requests).toHaveLength(urls.length);
    expect(requests[0]).toEqual({
      at: new Date(cloud.clock.now()).toISOString(),
      api: 'gemini',
      method: 'GET',
      path: '/v1beta/models',
      query: { key: '[redacted key]', pageSize: '1' },
      status: 200,
      caller: 'owner',
    });
    expect(requests.at(-1)?.path).toBe('/v1beta/models/%zz');
    for (const secret of [STANDARD, AUTH, odd, encodeURIComponent(AUTH)]) expect(heard.text).not.toContain(secret);
  });

  test('names the service account of a registered token', async () => {
    const email = 'a@test-proj.iam.gserviceaccount.com';
    const { accessToken } = (await cloud.control('POST token', { email })).json() as { accessToken: string };
    await cloud.ask('GET', TOPIC, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(cloud.requests().at(-1)).toMatchObject({ caller: email, status: 403 });
  });

  test('keeps the last ten thousand', async () => {
    const { requestLog } = await import('../../../src/emulator/wire/request-log.ts');
    const log = requestLog(() => false);
    const request = { method: 'GET', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0), callerIp: '' };
    for (let turn = 0; turn <= 10_000; turn += 1) log.add({ ...request, path: `/${turn}` }, 200, 'owner', 0);
    expect([log.all().length, log.all()[0]?.path, log.all().at(-1)?.path]).toEqual([10_000, '/1', '/10000']);
  });
});
