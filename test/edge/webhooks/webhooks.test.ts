import { describe, expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { CHANNEL_URLS, type WebKind } from '../../../src/core/alerts/channels/channel.ts';
import type { Outgoing } from '../../../src/core/alerts/channels/outgoing.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import type { Resolve } from '../../../src/edge/webhooks/guarded-dispatcher.ts';
import type { WebChannel } from '../../../src/edge/webhooks/request.ts';
import { webhookCourier, type CourierLimits } from '../../../src/edge/webhooks/webhooks.ts';
import { bodyOf, closedPort, httpLoopback, tcpLoopback } from '../../support/loopback.ts';
import { stillClock } from '../../support/still-clock.ts';

const SIGNING = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
const CALL: Outgoing = { path: '', query: {}, body: { a: 1 }, id: 'event-1' };

const channelOf = (kind: WebKind, url?: string): WebChannel => ({
  name: kind,
  kind,
  credential: 'projects/ops/secrets/x',
  severityMin: 'info',
  ...(url === undefined ? {} : { url }),
});

/** One request to a receiver of the test's own: what it heard, and the receipt. */
async function sent(kind: WebKind, secretFor: (url: string) => string, outgoing = CALL) {
  const heard: { url: string | undefined; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
  await using server = await httpLoopback((request, response) => {
    void bodyOf(request).then((body) => {
      heard.push({ url: request.url, headers: request.headers, body });
      response.writeHead(202).end('thanks');
    });
  });
  const courier = webhookCourier({ clock: stillClock(), allowedOrigins: [server.url] });
  const hasUrl = CHANNEL_URLS[kind] !== 'secret';
  const channel = channelOf(kind, hasUrl ? `${server.url}/base` : undefined);
  const receipt = await courier.send(channel, outgoing, new KeyText(secretFor(server.url)));
  await courier.close();
  const [only] = heard;
  return { receipt, heard: only };
}

describe('what is sent', () => {
  test('to Slack goes to the address that is its credential', async () => {
    const { receipt, heard } = await sent('slack', (url) => `${url}/services/T/B/secret\n`);
    expect(receipt).toEqual({ is: 'delivered' });
    expect(heard).toMatchObject({
      url: '/services/T/B/secret',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'gemini-key-warden' },
    });
  });

  test('to Google Chat keeps the key and token of its address beside our parameters', async () => {
    const outgoing = { ...CALL, query: { requestId: 'a/b#1', messageReplyOption: 'REPLY' } };
    const { heard } = await sent('google-chat', (url) => `${url}/v1/spaces/S/messages?key=k&token=t`, outgoing);
    const url = new URL(heard?.url ?? '', 'http://x');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      key: 'k',
      token: 't',
      requestId: 'a/b#1',
      messageReplyOption: 'REPLY',
    });
  });

  test('to PagerDuty carries the routing key in the body, and nowhere else', async () => {
    const routingKey = 'r'.repeat(32);
    const { receipt, heard } = await sent('pagerduty', () => routingKey, { ...CALL, path: '/v2/enqueue' });
    expect(receipt).toEqual({ is: 'delivered' });
    expect(heard?.url).toBe('/base/v2/enqueue');
    expect(JSON.parse(heard?.body ?? '')).toEqual({ routing_key: routingKey, a: 1 });
    expect(JSON.stringify(heard?.headers)).not.toContain(routingKey);
  });

  test('to a webhook is signed over the very bytes, at the time of the attempt', async () => {
    const { heard } = await sent('webhook', () => SIGNING);
    expect(heard?.url).toBe('/base');
    expect(heard?.headers).toMatchObject({ 'webhook-id': 'event-1', 'webhook-timestamp': '1800000000' });
    const [, expected] = new Webhook(SIGNING)
      .sign('event-1', new Date(1_800_000_000_000), heard?.body ?? '')
      .split(',');
    expect(heard?.headers['webhook-signature']).toBe(`v1,${expected}`);
  });
});

test.each(['Bearer abc.DEF-1_2~+/=', 'Basic dXNlcjpwYXNz'])(
  'to Alertmanager goes with its authorization (%s)',
  async (value) => {
    const { heard, receipt } = await sent('alertmanager', () => value, { ...CALL, path: '/api/v2/alerts' });
    expect(receipt).toEqual({ is: 'delivered' });
    expect(heard).toMatchObject({ url: '/base/api/v2/alerts', headers: { authorization: value } });
  },
);

test('to Jira Service Management goes with the key of its integration, and an end is asked for by the alias', async () => {
  const key = 'k'.repeat(36);
  const end = { ...CALL, path: '/a_b.0/close', query: { identifierType: 'alias' } };
  const { heard, receipt } = await sent('jira-service-management', () => key, end);
  expect(receipt).toEqual({ is: 'delivered' });
  expect(heard).toMatchObject({
    url: '/base/a_b.0/close?identifierType=alias',
    headers: { authorization: `GenieKey ${key}` },
  });
  expect(heard?.body).not.toContain(key);
});

test('to Teams goes to the whole address that is the credential', async () => {
  const { heard } = await sent('teams', (url) => `${url}/workflows/1/invoke?api-version=1&sig=s`);
  expect(heard?.url).toBe('/workflows/1/invoke?api-version=1&sig=s');
});

describe('a credential that cannot be used', () => {
  test.each([
    ['slack', 'not an address', 'its credential is not the address of a webhook'],
    ['teams', 'not an address', 'its credential is not the address of a webhook'],
    ['alertmanager', 'a token', 'its credential is not the value of a header Authorization (Bearer …, Basic …)'],
    ['jira-service-management', 'a key', 'its credential is not the API key of an integration'],
    ['google-chat', '', 'its credential is not the address of a webhook'],
    ['pagerduty', 'a routing key', 'its credential is not a routing key'],
    ['webhook', 'password', 'its credential is not one or two signing secrets (whsec_…)'],
  ] as const)('of %s is refused and not repeated', async (kind, secret, why) => {
    expect((await sent(kind, () => secret)).receipt).toEqual({ is: 'refused', why });
  });

  test.each(['pagerduty', 'webhook'] as const)('nor a url of %s that is none', async (kind) => {
    const courier = webhookCourier({ clock: stillClock() });
    const secret = new KeyText(kind === 'webhook' ? SIGNING : 'r'.repeat(32));
    const receipt = await courier.send(channelOf(kind, 'nowhere'), CALL, secret);
    expect(receipt).toEqual({ is: 'refused', why: 'its url is not an address' });
    await courier.close();
  });

  test('a webhook without a url is sent nowhere', async () => {
    const courier = webhookCourier({ clock: stillClock() });
    expect(await courier.send(channelOf('webhook'), CALL, new KeyText(SIGNING))).toMatchObject({ is: 'refused' });
    await courier.close();
  });
});

/** The receipt for whatever `listener` answers. */
async function receiptFor(listener: RequestListener, limits: Partial<CourierLimits> = {}) {
  await using server = await httpLoopback(listener);
  const courier = webhookCourier({ clock: stillClock(), allowedOrigins: [server.url], limits });
  try {
    return await courier.send(channelOf('slack'), CALL, new KeyText(server.url));
  } finally {
    await courier.close();
  }
}

const answers =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end('<html>the words of somebody else</html>');

describe('the receipt', () => {
  test.each([
    [200, { is: 'delivered' }],
    [204, { is: 'delivered' }],
    [302, { is: 'refused', why: 'it answered 302, a redirect, which is not followed' }],
    [400, { is: 'refused', why: 'it answered 400' }],
    [403, { is: 'refused', why: 'it answered 403' }],
    [404, { is: 'refused', why: 'it answered 404' }],
    [408, { is: 'later', why: 'it answered 408' }],
    [410, { is: 'refused', why: 'it answered 410: it is gone for good' }],
    [425, { is: 'later', why: 'it answered 425' }],
    [429, { is: 'later', why: 'it answered 429' }],
    [500, { is: 'later', why: 'it answered 500' }],
    [503, { is: 'later', why: 'it answered 503' }],
  ])('for %d holds no word of the answer', async (status, receipt) => {
    expect(await receiptFor(answers(status))).toEqual(receipt);
  });

  test('for a redirect to the metadata server is a refusal, and nothing follows it', async () => {
    const receipt = await receiptFor(answers(307, { location: 'http://169.254.169.254/computeMetadata/v1/' }));
    expect(receipt).toEqual({ is: 'refused', why: 'it answered 307, a redirect, which is not followed' });
  });

  test('says how long to wait', async () => {
    expect(await receiptFor(answers(429, { 'retry-after': '7' }))).toEqual({
      is: 'later',
      why: 'it answered 429',
      afterMs: 7_000,
    });
  });

  test('for a receiver that never answers comes in time', async () => {
    expect(await receiptFor(() => undefined, { answerMs: 30 })).toEqual({ is: 'later', why: 'no answer in time' });
  });

  test('for an answer that never ends is what its status says', async () => {
    const endless: RequestListener = (_, response) => void response.writeHead(200).write('x');
    expect(await receiptFor(endless, { bodyMs: 20 })).toEqual({ is: 'delivered' });
  });

  test('for a receiver that does not speak HTTP', async () => {
    await using server = await tcpLoopback((socket) => void socket.once('data', () => socket.end('garbage\r\n\r\n')));
    const courier = webhookCourier({ clock: stillClock(), allowedOrigins: [server.url] });
    expect(await courier.send(channelOf('slack'), CALL, new KeyText(server.url))).toEqual({
      is: 'later',
      why: 'what answered does not speak HTTP',
    });
    await courier.close();
  });

  test('for a receiver that is not there', async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const courier = webhookCourier({ clock: stillClock(), allowedOrigins: [origin] });
    expect(await courier.send(channelOf('slack'), CALL, new KeyText(origin))).toEqual({
      is: 'later',
      why: 'connection refused',
    });
    await courier.close();
  });

  test('for a target that may not be reached says why, and no address', async () => {
    const resolve: Resolve = (_, callback) => callback(null, [{ address: '10.9.8.7', family: 4 }]);
    const courier = webhookCourier({ clock: stillClock(), resolve });
    const receipt = await courier.send(channelOf('slack'), CALL, new KeyText('https://hooks.example/secret-part'));
    expect(receipt).toEqual({ is: 'refused', why: 'the target’s address is not public (private)' });
    await courier.close();
  });

  test.each([
    'http://hooks.example/x',
    'ftp://hooks.example/x',
    'file:///etc/passwd',
    'data:text/plain,x',
    'ws://hooks.example',
  ])('for %s, which no retry makes https, is a refusal for good, and nothing is looked up', async (target) => {
    const lookedUp: string[] = [];
    const resolve: Resolve = (hostname, callback) => {
      lookedUp.push(hostname);
      callback(null, [{ address: '10.9.8.7', family: 4 }]);
    };
    const courier = webhookCourier({ clock: stillClock(), resolve });
    const receipt = await courier.send(channelOf('slack'), CALL, new KeyText(target));
    expect(receipt).toEqual({ is: 'refused', why: 'the target is not https' });
    expect(lookedUp).toEqual([]);
    await courier.close();
  });
});

test('a channel that asked for a pause is left alone until it is over, and others are not', async () => {
  let asked = 0;
  await using server = await httpLoopback((_, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 429 : 200, { 'retry-after': '60' }).end();
  });
  const clock = stillClock();
  const courier = webhookCourier({ clock, allowedOrigins: [server.url] });
  const send = (name: string) => courier.send({ ...channelOf('slack'), name }, CALL, new KeyText(server.url));
  expect(await send('ops')).toMatchObject({ is: 'later', afterMs: 60_000 });
  await clock.sleep(59_000);
  expect(await send('ops')).toEqual({ is: 'later', why: 'it asked for a pause that is not over', afterMs: 1_000 });
  expect(asked).toBe(1);
  expect(await send('other')).toEqual({ is: 'delivered' });
  await clock.sleep(1_000);
  expect(await send('ops')).toEqual({ is: 'delivered' });
  await courier.close();
});
