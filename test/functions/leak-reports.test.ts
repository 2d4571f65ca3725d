import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { alertReceivers } from '../../src/emulator/showcase/receivers.ts';
import { showcaseEnvironment, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { signatureHeaders } from '../../src/edge/webhooks/standard-webhooks.ts';
import { AUTH, STANDARD, testCloud, type TestCloud } from '../support/cloud.ts';
import { functionProcess, type FunctionProcess } from '../support/function-process.ts';

const SIGNING = 'what-github-was-given-' + 's'.repeat(20);
const OWN = Buffer.alloc(32, 'o');
const STRANGE = 'AI' + 'za' + 's'.repeat(35);
const PAGE = 'https://github.com/acme/shop/security/secret-scanning/7';
const nameOf = (id: string) => `projects/${SHOWCASE_PROJECT}/secrets/${id}`;

const receivers = alertReceivers();
const running: FunctionProcess[] = [];
let cloud: TestCloud;
let hear: FunctionProcess;

beforeAll(async () => {
  cloud = await testCloud({ services: [receivers] });
  cloud.names.add(SHOWCASE_PROJECT);
  const seed = (secretId: string, payloads: readonly string[], labels = {}, aliases = {}) =>
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads, labels, aliases });
  const managed = { 'key-warden': 'managed' };
  seed('app-key', [STANDARD, AUTH], managed, { current: 2 });
  seed('copy', [JSON.stringify({ apiKey: AUTH })], managed, { current: 1 });
  seed('unwatched', [STRANGE]);
  seed('github-leaks', [SIGNING]);
  seed('own-leaks', [`whsec_${OWN.toString('base64')}`]);
  seed('guardian-token', ['short']);
  seed('routing-key', ['r'.repeat(32)]);
  const channel = { name: 'pd', kind: 'pagerduty', credential: nameOf('routing-key') };
  const environment = {
    PATH: process.env['PATH'] ?? '',
    ...showcaseEnvironment(cloud),
    KEY_WARDEN_LEAK_SIGNING: `github=${nameOf('github-leaks')},webhook=${nameOf('own-leaks')},gitguardian=${nameOf('guardian-token')}`,
    KEY_WARDEN_CHANNELS: JSON.stringify([{ ...channel, url: `${cloud.url}/_receivers/pagerduty` }]),
  };
  const started = await Promise.all(['notify', 'leakReports'].map((target) => functionProcess(target, environment)));
  running.push(...started);
  const [notifies, hears] = started;
  if (notifies === undefined || hears === undefined) throw new Error('nothing runs');
  hear = hears;
  for (const id of ['alerts', 'deliveries'])
    await cloud.ask('PUT', `/v1/projects/${SHOWCASE_PROJECT}/subscriptions/${id}`, {
      body: {
        topic: `projects/${SHOWCASE_PROJECT}/topics/${id}`,
        pushConfig: { pushEndpoint: `${notifies.url}/projects/${SHOWCASE_PROJECT}/topics/${id}` },
      },
    });
}, 60_000);
beforeEach(() => {
  receivers.clear();
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.end()));
  await cloud.close();
});

interface Sent {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function sent({ body = alert(), headers = {} }: Sent) {
  const own = { 'content-type': 'application/json', ...headers };
  const answer = await fetch(hear.url, { method: 'POST', body, headers: own });
  return { status: answer.status, text: await answer.text() };
}

const byGitHub = (body: string, secret = SIGNING) => ({
  body,
  headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` },
});
/** As Standard Webhooks are signed. */
const byOwn = (body: string, id = 'msg_1', ageSeconds = 0) => ({
  body,
  headers: signatureHeaders({ id, seconds: Math.floor(cloud.clock.now() / 1000) - ageSeconds, body }, [OWN]),
});
const alert = (changed: object = {}) =>
  JSON.stringify({ action: 'created', alert: { html_url: PAGE, secret_type: 'google_api_key', ...changed } });

/** What reached PagerDuty, once all that was announced is delivered. */
async function told() {
  for (const _ of ['alerts', 'deliveries', 'late']) await cloud.control('POST clock', { advanceSeconds: 1 });
  return receivers.received().map(({ body }) => JSON.stringify(body));
}

describe('a report that holds the key', () => {
  test('tells every secret under care that serves it, and what to do', async () => {
    const answer = await sent(byOwn(JSON.stringify({ found: `GEMINI_API_KEY=${AUTH}` })));
    expect(answer).toEqual({ status: 200, text: '{"schema":"key-warden/leak-report/v1","outcome":"announced"}' });
    const alerts = await told();
    expect(alerts).toHaveLength(2);
    for (const id of ['app-key', 'copy']) {
      const command = `key-warden rotate --secret projects/${SHOWCASE_PROJECT}/secrets/${id} --emergency`;
      const about = alerts.find((text) => text.includes(command));
      expect(about).toContain('"event_action":"trigger"');
      expect(about).toContain('"severity":"critical"');
    }
  });

  test('of a version that no name leads to says how to delete it', async () => {
    expect((await sent(byGitHub(alert({ secret: STANDARD })))).status).toBe(200);
    const [only = '', ...more] = await told();
    expect(more).toEqual([]);
    expect(only).toContain('no name leads to the version any more');
    expect(only).toContain(`key-warden revoke --secret projects/${SHOWCASE_PROJECT}/secrets/app-key`);
  });

  test('of nobody under care says so to all, and how to look further', async () => {
    expect((await sent(byOwn(JSON.stringify({ found: STRANGE }), 'msg_2'))).status).toBe(200);
    const [only = ''] = await told();
    expect(only).toContain('no secret under care holds: 3 versions of 2 secrets were read');
    expect(only).toContain('key-warden find --from-stdin');
  });

  test('is told once, however often it is delivered', async () => {
    const report = byOwn(JSON.stringify({ found: AUTH }), 'msg_3');
    await sent(report);
    expect(await told()).toHaveLength(2);
    receivers.clear();
    expect((await sent(report)).status).toBe(200);
    expect(await told()).toEqual([]);
  });
});

describe('a report without the key', () => {
  test('says where it is read, and what to do with it', async () => {
    expect((await sent(byGitHub(alert()))).status).toBe(200);
    const [only = ''] = await told();
    expect(only).toContain(PAGE);
    expect(only).toContain('key-warden find --from-stdin');
  });

  test('that is none is answered 200, so that it is not sent again, and tells nobody', async () => {
    const { status, text } = await sent(byGitHub('{"zen":"Keep it simple."}'));
    expect([status, text]).toEqual([200, expect.stringContaining('"ignored"')]);
    expect(await told()).toEqual([]);
  });
});

describe('what a stranger sends', () => {
  const MEBIBYTE = 1024 * 1024;
  test.each<readonly [string, () => Sent, number]>([
    ['no signature', () => ({}), 401],
    ['a wrong signature', () => byGitHub(alert(), 'another-secret-of-some-length'), 401],
    ['the signature of another body', () => ({ ...byGitHub(alert()), body: alert({ number: 8 }) }), 401],
    ['a signature in a form that is not known', () => ({ headers: { 'x-hub-signature-256': 'sha256=zz' } }), 401],
    ['a right signature of an hour ago', () => byOwn('{}', 'msg_4', 3600), 401],
    ['more than a report has', () => byGitHub(JSON.stringify({ x: 'x'.repeat(MEBIBYTE) })), 413],
    ['a right signature over no JSON', () => byGitHub('{'), 400],
    ['a right signature over no report', () => byOwn('{}', 'msg_5'), 400],
    [
      'another content type',
      () => ({ body: 'x', headers: { ...byGitHub('x').headers, 'content-type': 'text/plain' } }),
      415,
    ],
  ])('%s is refused, and nobody is told', async (_, make, status) => {
    expect((await sent(make())).status).toBe(status);
    expect(await told()).toEqual([]);
  });

  test('learns from no answer whether a key is known here', async () => {
    const answers = await Promise.all(
      [AUTH, STRANGE].map((key) => sent(byGitHub(alert({ secret: key }), 'another-secret-of-some-length'))),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  test('a request without a signature reads nothing', async () => {
    const before = cloud.requests().length;
    expect((await sent({})).status).toBe(401);
    expect(cloud.requests().length).toBe(before);
  });

  test('hundreds of forged reports read the signing secret no more often, and no key', async () => {
    await sent(byGitHub('{}'));
    const before = cloud.requests().length;
    const forged = byGitHub(alert({ secret: AUTH }), 'another-secret-of-some-length');
    const answers = await Promise.all(Array.from({ length: 100 }, () => sent(forged)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(cloud.requests().length).toBe(before);
  });
});

test('a report of nearly 1 MiB is read', async () => {
  const body = alert({ html_url: `${PAGE}8`, secret: AUTH, padding: 'x'.repeat(1_000_000) });
  expect((await sent(byGitHub(body))).status).toBe(200);
  expect(await told()).toHaveLength(2);
});

test('a signing secret that nobody signs with is answered 503, and so is an alert that cannot be published', async () => {
  const now = String(Math.floor(cloud.clock.now() / 1000));
  const headers = { timestamp: now, 'gitguardian-signature': `sha256=${'0'.repeat(64)}` };
  expect((await sent({ headers })).status).toBe(503);
  const reply = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } };
  cloud.faults.plant({ path: '/topics/alerts' }, Infinity, { act: 'answer', reply });
  const { status } = await sent(byGitHub(alert({ html_url: `${PAGE}9` })));
  cloud.faults.clear();
  expect(status).toBe(503);
});

test('no byte of a key, a body or a signing secret is in the log', () => {
  const lines = hear.lines.join('\n');
  for (const text of [AUTH, STANDARD, STRANGE, SIGNING, 'Keep it simple']) expect(lines).not.toContain(text);
  expect(lines).toContain('leak report from GitHub announced');
});
