import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { instantOf } from '../../src/core/values/time.ts';
import { callerCheck } from '../../src/edge/process/callers.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { alertReceivers } from '../../src/emulator/showcase/receivers.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { checkRequest, healthCheck } from '../../src/functions/health-check.ts';
import { wireTo, type Wired } from '../../src/wire.ts';
import { pretendCloud, timeOf } from '../support/cloud.ts';

const AUDIENCE = 'https://health-check.example';
const SCHEDULER = 'scheduler@demo-project.iam.gserviceaccount.com';

const RULE = { verify: true, audience: AUDIENCE, emails: [SCHEDULER], emergencies: [] } as const;
const NOW = instantOf(Date.UTC(2026, 10, 24));

const HEARTBEATS = 'projects/ops/subscriptions/heartbeats';

const receivers = alertReceivers();
let cloud: PretendCloud;
let wired: Wired;
let server: Server;
let url: string;
const lines: string[] = [];

beforeAll(async () => {
  cloud = await pretendCloud({ services: [receivers] });
  setUpShowcase(cloud);
  cloud.secrets.seed({ project: 'ops', secretId: 'ping', payloads: [`${cloud.url}/_receivers/webhook/ping`] });
  await ask('PUT', 'projects/ops/topics/alerts', {});
  await ask('PUT', HEARTBEATS, { topic: 'projects/ops/topics/alerts', filter: 'attributes.type = "fleet.heartbeat"' });
  const reading = readSettings(
    {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
      KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
      KEY_WARDEN_AUDIENCE: AUDIENCE,
      KEY_WARDEN_CALLERS: SCHEDULER,
      KEY_WARDEN_ALERT_TOPIC: 'projects/ops/topics/alerts',
      KEY_WARDEN_PING: 'projects/ops/secrets/ping',
    },
    { project: true, callers: true },
  );
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog((line) => lines.push(line)),
    timeOf(cloud),
  )(settings);
  const scopes = [{ project: SHOWCASE_PROJECT, location: 'global' }];
  const order = { ...settings, scopes, deep: 'never', record: true } as const;
  http(
    'healthCheck',
    healthCheck(
      wired.ports,
      order,
      callerCheck(settings.callers, settings.endpoints.oidc, () => wired.ports.clock.now()),
    ),
  );
  server = getTestServer('healthCheck');
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function ask(method: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${cloud.url}/v1/${path}`, { method, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Heartbeats since this was asked before, acknowledged. */
async function heartbeats(): Promise<readonly unknown[]> {
  const { receivedMessages = [] } = (await ask('POST', `${HEARTBEATS}:pull`, { maxMessages: 9 })) as {
    receivedMessages?: { ackId: string; message: { data: string } }[];
  };
  const ackIds = receivedMessages.map(({ ackId }) => ackId);
  if (ackIds.length > 0) await ask('POST', `${HEARTBEATS}:acknowledge`, { ackIds });
  return receivedMessages.map(({ message }) => (JSON.parse(atob(message.data)) as { data: unknown }).data);
}

const tokenFor = (email: string, audience = AUDIENCE) => cloud.oidc.idToken(email, audience);

async function call(authorization: string | undefined, body = '', type = 'application/json') {
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...(authorization === undefined ? {} : { authorization }) },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('the function', () => {
  test('answers 200 with the report, whatever it found', async () => {
    const { status, body } = await call(`Bearer ${tokenFor(SCHEDULER)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      schema: 'key-warden/report/v1',
      expected: 6,
      seen: 6,
      verdicts: { works: 2, dead: 2, blocked: 2, throttled: 0, unclear: 0 },
    });
  });

  test('logs a heartbeat that says what was done, and one line per announcement', () => {
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.filter(({ heartbeat }) => heartbeat !== undefined)).toEqual([
      {
        severity: 'INFO',
        message: 'checked 6 of 6 secrets',
        heartbeat: {
          expected: 6,
          seen: 6,
          verdicts: { works: 2, dead: 2, blocked: 2, throttled: 0, unclear: 0 },
          listed: ['demo-project/global'],
        },
        state: {
          open: { info: 0, warning: 0, error: 2, critical: 2 },
          oldestSeconds: expect.any(Number),
          untoldUnclear: 0,
          rotations: { due: 0, overdue: 0 },
        },
        caller: SCHEDULER,
      },
    ]);
    expect(entries.filter(({ notice }) => notice !== undefined)).toHaveLength(4);
    expect(entries.filter(({ open }) => open !== undefined)).toHaveLength(4);
  });

  test('counts what is open by verdict and severity, and the keys by kind and age, in a line a group', () => {
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.flatMap(({ openGroup }) => openGroup ?? [])).toEqual([
      { verdict: 'dead', severity: 'critical', count: 2 },
      { verdict: 'blocked', severity: 'error', count: 2 },
    ]);
    expect(entries.flatMap(({ keyGroup }) => keyGroup ?? [])).toEqual([
      { kind: 'standard', age: 'unknown', count: 3 },
      { kind: 'auth', age: 'unknown', count: 3 },
    ]);
  });

  test('says of each trouble that is told first how long that took, and what is promised', () => {
    const told = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ detected }) => detected !== undefined);
    expect(told).toHaveLength(4);
    for (const line of told)
      expect(line).toMatchObject({
        severity: 'INFO',
        detected: { depth: 'shallow', seconds: expect.any(Number), secondsMax: 1500, late: false },
        'logging.googleapis.com/labels': { secret: expect.stringContaining('/secrets/'), cause: expect.any(String) },
      });
  });

  test('publishes the heartbeat too, and tells a dead-man’s service of the start and the end', async () => {
    expect(await heartbeats()).toMatchObject([
      {
        notice: 'fleet.heartbeat',
        severity: 'info',
        detail: { expected: 6, seen: 6, verdicts: { works: 2, dead: 2 } },
      },
    ]);
    expect(receivers.received().map(({ path }) => path)).toEqual(['/ping/start', '/ping']);
    expect(lines.join('')).not.toContain('_receivers'); // whoever knows the address can feign our health
  });

  test('says in every run what is open, of which secret and since when', async () => {
    lines.length = 0;
    expect((await call(`Bearer ${tokenFor(SCHEDULER)}`)).status).toBe(200);
    const open = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((entry) => entry['open'] !== undefined);
    expect(open).toHaveLength(4);
    expect(open.find(({ message }) => String(message).endsWith('/public-repo'))).toMatchObject({
      severity: 'INFO',
      message: expect.stringMatching(
        /^the key was reported as leaked, open since \d{4}-.*: projects\/\d+\/secrets\/public-repo$/,
      ),
      open: { project: 'demo-project', severity: 'critical', verdict: 'dead', seconds: expect.any(Number) },
      'logging.googleapis.com/labels': {
        secret: expect.stringMatching(/\/secrets\/public-repo$/),
        cause: 'key_leaked',
      },
    });
    await heartbeats();
  });

  test('has no heartbeat for a run over some secrets: it proves nothing about the others', async () => {
    receivers.clear();
    lines.length = 0;
    const secrets = [`projects/${SHOWCASE_PROJECT}/secrets/search-app`];
    expect((await call(`Bearer ${tokenFor(SCHEDULER)}`, JSON.stringify({ secrets }))).status).toBe(200);
    expect([await heartbeats(), receivers.received()]).toEqual([[], []]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { severity: 'INFO', message: 'checked 1 of 1 secrets', caller: SCHEDULER },
    ]);
  });

  test('ran all the same when neither the topic nor the dead-man’s service can be reached', async () => {
    lines.length = 0;
    const denied = { error: { code: 403, message: 'denied', status: 'PERMISSION_DENIED' } };
    cloud.faults.plant({ path: '/topics/alerts' }, 1, { act: 'answer', reply: { status: 403, body: denied } });
    cloud.faults.plant({ path: '/_receivers/' }, 2, { act: 'answer', reply: { status: 404, body: 'gone' } });
    expect((await call(`Bearer ${tokenFor(SCHEDULER)}`)).status).toBe(200);
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const counted = (entry: Record<string, unknown>) =>
      ['open', 'openGroup', 'keyGroup'].some((field) => field in entry);
    expect(entries.filter((entry) => !counted(entry))).toMatchObject([
      { severity: 'WARNING', message: 'the dead-man’s service was not told of the start: it answered 404' },
      { severity: 'WARNING', message: 'the dead-man’s service was not told of the success: it answered 404' },
      { severity: 'INFO', message: 'checked 6 of 6 secrets' },
      { severity: 'ERROR', message: expect.stringMatching(/^the heartbeat was not published: .*publish/) },
    ]);
  });

  test('takes the body of Cloud Scheduler, which is bytes', async () => {
    expect((await call(`Bearer ${tokenFor(SCHEDULER)}`, '', 'application/octet-stream')).status).toBe(200);
    const named = await call(
      `Bearer ${tokenFor(SCHEDULER)}`,
      JSON.stringify({ deep: 'always', secrets: [`projects/${SHOWCASE_PROJECT}/secrets/search-app`] }),
      'application/octet-stream',
    );
    expect(named.body).toMatchObject({ seen: 1, secrets: [{ depth: 'deep', verdict: 'works' }] });
  });

  test('refuses a body it does not understand with 400 and every reason', async () => {
    const { status, body } = await call(`Bearer ${tokenFor(SCHEDULER)}`, '{"deep":"very","x":1}');
    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        code: 400,
        message: 'unknown field "x"; known: deep, secrets; deep must be one of when_due, always, never',
      },
    });
  });
});

describe('who may call', () => {
  test.each([
    ['nobody', () => undefined, 401, 'no bearer token'],
    ['a word', () => 'Bearer word', 401, 'not a valid OIDC token'],
    ['another scheme', () => 'Basic YTpi', 401, 'no bearer token'],
    [
      'a token for another audience',
      () => `Bearer ${tokenFor(SCHEDULER, 'https://other.example')}`,
      401,
      'not a valid OIDC token of Google for the audience https://health-check.example',
    ],
    ['a forged token', () => `Bearer ${tokenFor(SCHEDULER).slice(0, -4)}AAAA`, 401, 'not a valid OIDC token'],
    [
      'a stranger',
      () => `Bearer ${tokenFor('stranger@example.com')}`,
      403,
      'stranger@example.com is not among the allowed callers',
    ],
  ])('is not %s', async (_, authorization, status, why) => {
    const answer = await call(authorization());
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(why);
  });

  test('cannot be told while the issuer’s certificates are out of reach', async () => {
    const check = callerCheck(RULE, 'http://127.0.0.1:9', () => NOW);
    expect(await check(`Bearer ${tokenFor(SCHEDULER)}`)).toMatchObject({ allowed: false, status: 503 });
  });

  test('cannot be told while they do not come, and nobody waits for long', async () => {
    const hanging = createServer(() => undefined);
    hanging.listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const check = callerCheck(RULE, `http://127.0.0.1:${port}`, () => NOW, 50);
    expect(await check(`Bearer ${tokenFor(SCHEDULER)}`)).toMatchObject({ allowed: false, status: 503 });
    hanging.closeAllConnections();
    hanging.close();
  });

  test.each([
    ['holds already', -60, true],
    ['holds in a moment, by another clock', 60, true],
    ['does not hold yet', 3000, false],
    ['says so in words', 'soon', false],
  ])('is told by a token that %s (nbf)', async (_, ahead, allowed) => {
    const check = callerCheck(RULE, cloud.url, () => instantOf(Date.now()));
    const nbf = typeof ahead === 'number' ? Math.floor(Date.now() / 1000) + ahead : ahead;
    const verdict = await check(`Bearer ${cloud.oidc.idToken(SCHEDULER, AUDIENCE, { nbf })}`);
    expect(verdict).toMatchObject(allowed ? { allowed } : { allowed, status: 401 });
  });

  test('is anybody only when a setting says so', async () => {
    expect(await callerCheck({ verify: false }, undefined, () => NOW)(undefined)).toEqual({
      allowed: true,
      caller: 'anybody (callers are not verified)',
      by: { is: 'claimed', who: 'anybody' },
      mayApprove: true,
      mayEmergency: true,
      mayReportLeaks: true,
    });
  });
});

describe('a request body', () => {
  test.each([
    ['', {}],
    ['{}', {}],
    ['{"deep":"never"}', { deep: 'never' }],
    ['{"secrets":["projects/p-1/secrets/a"]}', { secrets: ['projects/p-1/secrets/a'] }],
  ])('%j is read', (body, request) => {
    expect(checkRequest(body)).toEqual(request);
  });

  test.each(['[]', 'x', '{"secrets":"a"}', '{"secrets":[]}', '{"secrets":[1]}', '{"secrets":["a"]}', '{"deep":1}'])(
    '%j is refused',
    (body) => {
      expect(checkRequest(body)).toHaveProperty('problems');
    },
  );
});
