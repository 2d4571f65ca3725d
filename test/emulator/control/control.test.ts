import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { KEY_STATES } from '../../../src/emulator/world/key-states.ts';
import { AUTH, NUMBER, OTHER, PROJECT, STANDARD, START, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.reset());
afterAll(() => cloud.close());

const EMAIL = 'a@test-proj.iam.gserviceaccount.com';

describe('the control surface', () => {
  test('tells of keys what they are, never their strings', async () => {
    const put = await cloud.control('POST keys', { key: STANDARD, state: 'leaked', project: PROJECT });
    const summary = {
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: expect.stringMatching(new RegExp(`^projects/${NUMBER}/locations/global/keys/`)),
      project: NUMBER,
      kind: 'standard',
      state: 'leaked',
      deleted: false,
    };
    expect(put.json()).toEqual(summary);
    await cloud.control('POST keys', { key: 'odd', state: 'works', kind: 'auth' });
    await cloud.control('POST keys', { key: AUTH, state: 'works' });
    const state = await cloud.control('GET state');
    expect(state.json()).toMatchObject({ keys: [summary, { kind: 'auth' }, { kind: 'auth', state: 'works' }] });
    expect(put.text + state.text).not.toContain(STANDARD);
  });

  test('putting a key again changes its state and keeps its uid', async () => {
    const first = (await cloud.control('POST keys', { key: STANDARD, state: 'works' })).json() as { uid: string };
    const second = await cloud.control('POST keys', { key: STANDARD, state: 'expired' });
    expect(second.json()).toMatchObject({ uid: first.uid, state: 'expired' });
  });

  test.each<[string, unknown, RegExp]>([
    ['POST keys', { key: 'k', state: 'sleepy' }, new RegExp(`'state' must be one of ${KEY_STATES.join(', ')}`)],
    ['POST keys', { state: 'works' }, /'key' must be text/],
    ['POST keys', { key: 'k', state: 'works', reach: 'x' }, /'reach' must be one of every, generate/],
    [
      'POST keys',
      { key: 'k', status: 'works' },
      /'status' is not known here; allowed: key, keyId, state, project, kind, reach, account, unrestricted/,
    ],
    ['POST clock', { advanceSeconds: -1 }, /'advanceSeconds' must be a number, not negative/],
    ['POST clock', { advanceSeconds: 1e300 }, /ends in the year 9000/],
    ['POST clock', { advanceSeconds: '1' }, /'advanceSeconds' must be a number/],
    ['POST faults', { match: { services: 'x' }, status: 500 }, /'match\.services' is not known here; allowed: service/],
    ['POST faults', { match: { service: 'x' }, status: 500 }, /'match\.service' must be one of secretmanager, apikeys/],
    ['POST faults', { match: { pathPattern: '(' }, status: 500 }, /'match\.pathPattern' must be a regular expression/],
    ['POST faults', { match: 'all', status: 500 }, /'match' must be an object/],
    ['POST faults', { match: {}, times: 0, status: 500 }, /'times' must be a whole number from 1 on/],
    ['POST faults', { match: { nth: 1.5 }, status: 500 }, /'match\.nth' must be a whole number from 1 on/],
    ['POST faults', { match: {}, body: '', headers: { 'a b': 'c' } }, /must be fit for an HTTP header/],
    ['POST faults', { match: {}, body: '', contentType: 'a\nb' }, /must be fit for an HTTP header/],
    ['POST faults', { match: {} }, /give one of status, delayMs, hang, drop, lostAnswer, body/],
    ['POST faults', { match: {}, drop: true, hang: true }, /a fault does one thing/],
    ['POST faults', { match: {}, drop: false }, /'drop' can only be true/],
    ['POST faults', { match: {}, drop: 1 }, /'drop' must be true or false/],
    ['POST faults', { match: {}, status: 99 }, /'status' must be an HTTP status from 200 to 599/],
    ['POST faults', { match: {}, body: '', headers: { a: 1 } }, /'headers' must be a map to text/],
    ['POST secrets', { secretId: 's', payloads: 'x' }, /'payloads' must be a list of text/],
    ['POST secrets', { secretId: 's', aliases: { current: 'one' } }, /'aliases' must be a map to numbers/],
    ['POST clock', [], /Root element must be a message/],
  ])('%s %j is refused', async (verb, body, message) => {
    const heard = await cloud.control(verb, body);
    expect(heard.json()).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) },
    });
  });

  test('a misspelt control is refused with a list of those there are', async () => {
    const heard = await cloud.control('POST key', {});
    expect(heard.status).toBe(404);
    expect(heard.text).toContain('POST keys, POST faults, DELETE faults, GET clock');
  });

  test('moves the clock forward', async () => {
    expect((await cloud.control('GET clock')).json()).toEqual({ now: new Date(cloud.clock.now()).toISOString() });
    const before = cloud.clock.now();
    expect(before).toBeGreaterThanOrEqual(START);
    const moved = await cloud.control('POST clock', { advanceSeconds: 90 });
    expect(moved.json()).toEqual({ now: new Date(before + 90_000).toISOString() });
  });

  test('seeds a secret with everything it may have', async () => {
    const seeded = await cloud.control('POST secrets', {
      project: PROJECT,
      secretId: 'gemini',
      payloads: ['one', 'two'],
      labels: { 'key-warden': 'managed' },
      annotations: { note: 'seeded' },
      aliases: { current: 1 },
      more: { versionDestroyTtl: '86400s' },
    });
    const name = `projects/${NUMBER}/secrets/gemini`;
    expect(seeded.json()).toEqual({ name });
    expect((await cloud.ask('GET', `/v1/projects/${PROJECT}/secrets/gemini`)).json()).toMatchObject({
      name,
      labels: { 'key-warden': 'managed' },
      annotations: { note: 'seeded' },
      versionAliases: { current: '1' },
      versionDestroyTtl: '86400s',
    });
    const read = await cloud.ask('GET', `/v1/${name}/versions/current:access`);
    expect(read.json()).toMatchObject({ payload: { data: btoa('one') } });
    const regional = await cloud.control('POST secrets', { secretId: 'far', location: 'europe-west1' });
    expect(regional.json()).toEqual({ name: expect.stringMatching(/\/locations\/europe-west1\/secrets\/far$/) });
    const bare = await cloud.control('POST secrets', { secretId: 'bare', topics: [`projects/${PROJECT}/topics/none`] });
    expect(bare.status).toBe(404);
    expect((await cloud.control('GET state')).text).not.toContain(btoa('one'));
  });

  test('grants, revokes and defines roles', async () => {
    await cloud.control('POST secrets', { project: PROJECT, secretId: 's', payloads: ['x'] });
    const { accessToken } = (await cloud.control('POST token', { email: EMAIL })).json() as { accessToken: string };
    const read = () =>
      cloud.ask('GET', `/v1/projects/${PROJECT}/secrets/s/versions/1:access`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
    const grant = { project: PROJECT, member: `serviceAccount:${EMAIL}`, role: 'projects/p/roles/reader' };
    expect((await read()).status).toBe(403);
    expect((await cloud.control('POST grants', grant)).status).toBe(400);
    await cloud.control('POST roles', { name: grant.role, permissions: ['secretmanager.versions.access'] });
    expect((await cloud.control('POST grants', { ...grant, member: EMAIL })).status).toBe(400);
    await cloud.control('POST grants', grant);
    expect((await read()).status).toBe(200);
    await cloud.control('POST grants', { ...grant, revoke: true });
    expect((await read()).status).toBe(403);
  });

  test('a token without an audience is an access token only', async () => {
    const heard = await cloud.control('POST token', { email: EMAIL });
    expect(heard.json()).toEqual({ accessToken: expect.stringMatching(/^ya29\./) });
  });

  test('sets how far readers of secrets lag, and takes it back', async () => {
    await cloud.control('POST secrets', { project: PROJECT, secretId: 's', payloads: ['one'] });
    const add = () =>
      cloud.ask('POST', `/v1/projects/${PROJECT}/secrets/s:addVersion`, { body: { payload: { data: btoa('two') } } });
    const latest = async () =>
      ((await cloud.ask('GET', `/v1/projects/${PROJECT}/secrets/s/versions/latest`)).json() as { name: string }).name;
    await cloud.advance(60_000);
    await cloud.control('POST lag', { aliasLagMs: 30_000 });
    await add();
    expect(await latest()).toMatch(/1$/);
    await cloud.control('POST lag', {});
    expect(await latest()).toMatch(/2$/);
  });

  test('forbids a topic to the service agent', async () => {
    const topic = `projects/${PROJECT}/topics/orders`;
    await cloud.ask('PUT', `/v1/${topic}`, { body: {} });
    expect(cloud.pubsub.state(topic)).toBe('ok');
    await cloud.control('POST forbid', { topic });
    expect(cloud.pubsub.state(`projects/${NUMBER}/topics/orders`)).toBe('forbidden');
  });

  test('loads a key with traffic, by string or uid, and knows no other', async () => {
    const { uid } = (await cloud.control('POST keys', { key: STANDARD, state: 'works' })).json() as { uid: string };
    for (const name of [{ key: STANDARD }, { uid }]) {
      expect((await cloud.control('POST traffic', { ...name, perMinute: 5 })).json()).toMatchObject({ uid });
    }
    expect((await cloud.control('POST traffic', { key: 'other', perMinute: 5 })).status).toBe(404);
    expect((await cloud.control('POST traffic', { perMinute: 5 })).status).toBe(404);
  });

  test('a reset forgets everything but the time', async () => {
    await cloud.control('POST keys', { key: STANDARD, state: 'works' });
    await cloud.control('POST secrets', { secretId: 's' });
    await cloud.control('POST faults', { match: { path: '/never' }, status: 500 });
    await cloud.ask('GET', '/v1beta/models');
    const now = cloud.clock.now();
    expect((await cloud.control('POST reset')).status).toBe(200);
    expect((await cloud.control('GET state')).json()).toEqual({
      now: new Date(now).toISOString(),
      faults: 0,
      keys: [],
      secretManager: { secrets: [] },
      subscriptions: [],
    });
    expect(cloud.requests()).toEqual([]);
  });

  test.each([
    ['secretmanager', `/v1/projects/${PROJECT}/secrets`, 'Secret Manager API'],
    ['apikeys', `/v2/projects/${PROJECT}/locations/global/keys`, 'API Keys API'],
    ['pubsub', `/v1/projects/${PROJECT}/topics`, 'Cloud Pub/Sub API'],
    ['cloudscheduler', `/v1/projects/${PROJECT}/locations/europe-west1/jobs`, 'Cloud Scheduler API'],
  ])('%s can be disabled in a project, also for its owner, and enabled again', async (api, path, title) => {
    await cloud.control('POST apis', { api, project: PROJECT });
    expect((await cloud.ask('GET', path)).json()).toMatchObject({
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: expect.stringContaining(`${title} has not been used in project ${NUMBER} before or it is disabled.`),
        details: expect.arrayContaining([
          expect.objectContaining({
            reason: 'SERVICE_DISABLED',
            metadata: expect.objectContaining({ service: `${api}.googleapis.com`, consumer: `projects/${NUMBER}` }),
          }),
        ]),
      },
    });
    expect((await cloud.ask('GET', path.replace(PROJECT, OTHER))).status).toBe(200);
    await cloud.control('POST apis', { api, project: PROJECT, enabled: true });
    expect((await cloud.ask('GET', path)).status).toBe(200);
  });
});
