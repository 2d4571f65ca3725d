import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { alertReceivers } from '../../src/emulator/showcase/receivers.ts';
import { webhookBody } from '../../src/emulator/wire/pagerduty-webhook.ts';
import {
  showcaseEnvironment,
  showcaseSigning,
  SHOWCASE_PROJECT,
  SHOWCASE_SIGNING,
} from '../../src/emulator/showcase/showcase.ts';
import { STANDARD, START, testCloud, type TestCloud } from '../support/cloud.ts';
import { functionProcess, type FunctionProcess } from '../support/function-process.ts';

const SIGNING = SHOWCASE_SIGNING;
const ANOTHER = 'what-it-signed-with-before-' + 't'.repeat(32);
const secretNamed = (id: string) => `projects/${SHOWCASE_PROJECT}/secrets/${id}`;
const REPEATED = 'KEY_WARDEN_REMIND_AFTER_HOURS';

const receivers = alertReceivers();
const running: FunctionProcess[] = [];
let cloud: TestCloud;
let check: FunctionProcess;
let hear: FunctionProcess;

beforeAll(async () => {
  // It runs on: a check waits between two looks at a key.
  const begun = performance.now();
  const base = () => START + Math.floor(performance.now() - begun);
  cloud = await testCloud({ services: [receivers], base });
  const project = cloud.names.add(SHOWCASE_PROJECT);
  const seed = (secretId: string, payload: string, labels = {}) =>
    cloud.secrets.seed({ project: SHOWCASE_PROJECT, secretId, payloads: [payload], labels, aliases: { current: 1 } });
  cloud.keyring.put(STANDARD, 'leaked', { project, kind: 'standard' }, cloud.clock.now());
  seed('app-key', STANDARD, { 'key-warden': 'managed' });
  seed('routing-key', 'r'.repeat(32));
  const channel = { name: 'pd', kind: 'pagerduty', credential: secretNamed('routing-key') };
  const environment = {
    PATH: process.env['PATH'] ?? '',
    ...showcaseEnvironment(cloud),
    ...showcaseSigning(cloud),
    [REPEATED]: '1',
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_CHANNELS: JSON.stringify([{ ...channel, url: `${cloud.url}/_receivers/pagerduty` }]),
  };
  const start = async (target: string) => {
    const one = await functionProcess(target, environment);
    running.push(one);
    return one;
  };
  const [checks, notifies, hears] = await Promise.all(['healthCheck', 'notify', 'acknowledge'].map(start));
  if (checks === undefined || notifies === undefined || hears === undefined) throw new Error('nothing runs');
  [check, hear] = [checks, hears];
  for (const id of ['alerts', 'deliveries'])
    await cloud.ask('PUT', `/v1/projects/${SHOWCASE_PROJECT}/subscriptions/${id}`, {
      body: {
        topic: `projects/${SHOWCASE_PROJECT}/topics/${id}`,
        pushConfig: { pushEndpoint: `${notifies.url}/projects/${SHOWCASE_PROJECT}/topics/${id}` },
      },
    });
}, 60_000);
afterAll(async () => {
  await Promise.all(running.map((one) => one.end()));
  await cloud.close();
});

/** One run of the check, `hours` later, with all that it tells delivered: what reached PagerDuty. */
async function checked(hours: number): Promise<readonly unknown[]> {
  await cloud.control('POST clock', { advanceSeconds: hours * 3600 });
  receivers.clear();
  const answer = await fetch(check.url, { method: 'POST' });
  await answer.text();
  // Alerts are pushed, put on the topic of deliveries, and pushed again.
  for (const _ of ['alerts', 'deliveries', 'late']) await cloud.control('POST clock', { advanceSeconds: 1 });
  return receivers.received().map(({ body }) => body);
}

async function told(act: string, key: string, secrets: readonly string[] = [SIGNING]) {
  const answer = await cloud.control('POST incidents', { act, key, who: 'Jane Doe', to: hear.url, secrets });
  return answer.json();
}

const silence = async (): Promise<unknown> => {
  const { text } = await cloud.ask('GET', `/v1/${secretNamed('app-key')}`);
  return /key-warden\.silence/.test(text) ? JSON.parse(JSON.parse(text).annotations['key-warden.silence']) : undefined;
};

interface Sent {
  readonly body?: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A webhook as somebody sends it by hand. */
async function sent({ body = webhook(), secret = SIGNING, headers = {} }: Sent) {
  const signature = `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const own = { 'content-type': 'application/json', 'x-pagerduty-signature': signature };
  const answer = await fetch(hear.url, { method: 'POST', body, headers: { ...own, ...headers } });
  return { status: answer.status, text: await answer.text() };
}

const webhook = (changed: Partial<Parameters<typeof webhookBody>[0]> = {}) =>
  webhookBody({
    type: 'incident.acknowledged',
    key: `${secretNamed('app-key')}/aging`,
    who: 'Jane Doe',
    occurredAt: new Date(cloud.clock.now()).toISOString(),
    ...changed,
  });

describe('an acknowledgement at PagerDuty', () => {
  test('holds reminders back until it is taken back', async () => {
    const [opened] = (await checked(0)) as { readonly event_action: string; readonly dedup_key: string }[];
    expect(opened).toMatchObject({ event_action: 'trigger' });
    const key = opened?.dedup_key ?? '';
    expect(await told('acknowledged', key)).toMatchObject({ status: 200 });
    expect(await silence()).toMatchObject({
      owner: 'Jane Doe at PagerDuty',
      reason: 'acknowledged at PagerDuty',
      by: { who: 'Jane Doe at PagerDuty', is: 'claimed' },
    });
    expect((await checked(2)).filter((one) => JSON.stringify(one).includes('trigger'))).toEqual([]);
    expect(await told('unacknowledged', key)).toMatchObject({
      status: 200,
      answer: expect.stringContaining('"silence":"ended"'),
    });
    expect((await checked(3))[0]).toMatchObject({ event_action: 'trigger', dedup_key: key });
  }, 60_000);

  test('is believed by one right signature among several, while a secret is replaced', async () => {
    expect(await told('resolved', 'x', [ANOTHER, SIGNING])).toMatchObject({ status: 200 });
    expect(await told('resolved', 'x', [ANOTHER])).toMatchObject({ status: 401 });
  });
});

describe('what a stranger sends', () => {
  test.each<readonly [string, () => Sent, number]>([
    ['a wrong signature', () => ({ secret: ANOTHER }), 401],
    ['the signature of another body', () => ({ headers: { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` } }), 401],
    ['a signature of a version that is not known', () => ({ headers: { 'x-pagerduty-signature': 'v2=00' } }), 401],
    ['no signature that can be read', () => ({ headers: { 'x-pagerduty-signature': 'v1=zz' } }), 401],
    ['more than a webhook has', () => ({ body: 'x'.repeat(70_000) }), 413],
    ['a right signature over no JSON', () => ({ body: '{' }), 400],
    ['a right signature over no webhook', () => ({ body: '{"event":{}}' }), 400],
    ['another content type', () => ({ headers: { 'content-type': 'text/plain' } }), 415],
  ])('%s is refused, and nothing is written', async (_, make, status) => {
    const before = cloud.requests().length;
    expect((await sent(make())).status).toBe(status);
    expect(
      cloud
        .requests()
        .slice(before)
        .some(({ method }) => method === 'PATCH'),
    ).toBe(false);
  });

  test('a request without the header is refused before the signing secret is asked for', async () => {
    const before = cloud.requests().length;
    const answer = await fetch(hear.url, { method: 'POST', body: webhook() });
    expect(answer.status).toBe(401);
    expect(cloud.requests().length).toBe(before);
  });

  test('hundreds of forged webhooks read the signing secret no more often', async () => {
    await sent({});
    const reads = () => cloud.requests().filter(({ path }) => path.includes('pagerduty-webhook')).length;
    const before = reads();
    const answers = await Promise.all(Array.from({ length: 100 }, () => sent({ secret: ANOTHER })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(reads()).toBe(before);
  });
});

describe('a webhook that is PagerDuty’s and none of ours', () => {
  test.each<readonly [string, () => string]>([
    ['of an incident of somebody else', () => webhook({ key: 'd3640fbd41094207a1c11e58e46b1662' })],
    ['of a secret that is not there', () => webhook({ key: `${secretNamed('nobody')}/aging` })],
    ['of a secret in another project', () => webhook({ key: 'projects/other-proj/secrets/app-key/aging' })],
    ['of an hour ago', () => webhook({ occurredAt: new Date(cloud.clock.now() - 3_600_000).toISOString() })],
    ['of tomorrow', () => webhook({ occurredAt: new Date(cloud.clock.now() + 86_400_000).toISOString() })],
    ['of another kind', () => webhook({ type: 'pagey.ping' })],
  ])('%s is answered 200, so that it is not sent again, and changes nothing', async (_, make) => {
    const before = await silence();
    const { status, text } = await sent({ body: make() });
    expect([status, text]).toEqual([200, expect.stringContaining('"ignored"')]);
    expect(await silence()).toEqual(before);
  });

  test('nothing that was sent, and no byte of the signing secret, is in the log', () => {
    const lines = hear.lines.join('\n');
    expect(lines).not.toContain(SIGNING);
    expect(lines).not.toContain('d3640fbd41094207a1c11e58e46b1662');
    expect(lines).toContain('webhook ignored: its incident is not about a secret of ours');
  });
});

test('what cannot be done now is answered 503, for PagerDuty to send it again', async () => {
  const reply = { status: 409, body: { error: { code: 409, status: 'ABORTED', message: 'somebody else wrote' } } };
  cloud.faults.plant({ method: 'PATCH', path: '/secrets/app-key' }, 1, { act: 'answer', reply });
  const { status } = await sent({
    body: webhook({ key: `projects/${cloud.names.numberOf(SHOWCASE_PROJECT)}/secrets/app-key/aging` }),
  });
  cloud.faults.clear();
  expect(status).toBe(503);
});
