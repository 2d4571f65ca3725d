import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { OAuth2Client } from 'google-auth-library';
import { utcText } from '../../../src/emulator/wire/rest/micros.ts';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

interface Pushed {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let cloud: TestCloud;
let receiver: Server;
let url: string;
let pushes: Pushed[];
/** Statuses of the next answers; afterwards 204. */
let statuses: number[];
let onPush: () => Promise<void>;

beforeAll(async () => {
  cloud = await testCloud();
  receiver = createServer((request, response) => {
    void (async (): Promise<void> => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      pushes.push({ headers: request.headers, text });
      await onPush();
      response.writeHead(statuses.shift() ?? 204).end();
    })();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/push`;
});
beforeEach(() => {
  [pushes, statuses, onPush] = [[], [], async () => undefined];
});
afterEach(() => cloud.reset());
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await cloud.close();
});

const TOPIC = `projects/${PROJECT}/topics/orders`;
const GRAVE = `projects/${PROJECT}/topics/grave`;
const INBOX = `projects/${PROJECT}/subscriptions/inbox`;
const EMAIL = 'pusher@test-proj.iam.gserviceaccount.com';

async function pushing(pushConfig: object = {}, settings: object = {}): Promise<void> {
  await cloud.ask('PUT', `/v1/${TOPIC}`, { body: {} });
  const body = { topic: TOPIC, pushConfig: { pushEndpoint: url, ...pushConfig }, ...settings };
  expect((await cloud.ask('PUT', `/v1/${INBOX}`, { body })).status).toBe(200);
}

async function publish(text: string): Promise<void> {
  await cloud.ask('POST', `/v1/${TOPIC}:publish`, {
    body: { messages: [{ data: btoa(text), attributes: { a: 'b' } }] },
  });
  await cloud.pubsub.pump();
}

describe('a push subscription', () => {
  test('posts Google’s JSON around the message, ids in both spellings', async () => {
    await pushing();
    await publish('hello');
    expect(pushes).toHaveLength(1);
    expect(JSON.parse(pushes[0]?.text ?? '')).toEqual({
      message: {
        data: btoa('hello'),
        attributes: { a: 'b' },
        messageId: '1',
        message_id: '1',
        publishTime: utcText(cloud.clock.now() * 1000),
        publish_time: utcText(cloud.clock.now() * 1000),
      },
      subscription: INBOX,
    });
    expect(pushes[0]?.headers).not.toHaveProperty('authorization');
    await cloud.advance(3_600_000);
    expect(pushes).toHaveLength(1);
  });

  test.each([
    [{ serviceAccountEmail: EMAIL, audience: 'https://receiver.example' }, (): string => 'https://receiver.example'],
    [{ serviceAccountEmail: EMAIL }, (): string => url],
  ])('signs with an ID token: %j', async (oidcToken, audience) => {
    await pushing({ oidcToken });
    await publish('hello');
    const idToken = (pushes[0]?.headers.authorization ?? '').replace('Bearer ', '');
    const endpoints = { oauth2FederatedSignonPemCertsUrl: `${cloud.url}/oauth2/v1/certs` };
    const ticket = await new OAuth2Client({ endpoints }).verifyIdToken({ idToken, audience: audience() });
    expect(ticket.getPayload()?.email).toBe(EMAIL);
  });

  test('posts the bare bytes when asked to', async () => {
    await pushing({ noWrapper: {} });
    await publish('hello');
    await cloud.ask('POST', `/v1/${TOPIC}:publish`, { body: { messages: [{ attributes: { only: 'this' } }] } });
    await cloud.pubsub.pump();
    expect(pushes.map(({ text }) => text)).toEqual(['hello', '']);
  });

  test.each([500, 400, 302, 200, 201, 202, 204])('takes %i as Google takes it', async (status) => {
    statuses = [status];
    await pushing();
    await publish('hello');
    await cloud.advance(100);
    expect(pushes).toHaveLength([200, 201, 202, 204].includes(status) ? 1 : 2);
  });

  test('backs off from a tenth of a second, doubling', async () => {
    statuses = [500, 500, 500];
    await pushing();
    await publish('hello');
    for (const [milliseconds, times] of [
      [99, 1],
      [1, 2],
      [199, 2],
      [1, 3],
      [400, 4],
      [60_000, 4],
    ] as const) {
      await cloud.advance(milliseconds);
      expect(pushes).toHaveLength(times);
    }
  });

  test('takes a receiver that cannot be reached as a refusal, and one that is slow too', async () => {
    await pushing({ pushEndpoint: 'http://127.0.0.1:9/' });
    await publish('hello');
    expect((await cloud.control('GET state')).json()).toMatchObject({ subscriptions: [{ waiting: 1 }] });
    await cloud.ask('POST', `/v1/${INBOX}:modifyPushConfig`, { body: { pushConfig: { pushEndpoint: url } } });
    await cloud.advance(100);
    expect(pushes).toHaveLength(1);
    await cloud.ask('POST', `/v1/${INBOX}:modifyPushConfig`, { body: {} });
    await publish('for pulling');
    expect(pushes).toHaveLength(1);
  });

  test('delivers all that is waiting, however many', async () => {
    await pushing();
    const messages = Array.from({ length: 25 }, (_, index) => ({ data: btoa(`${index}`) }));
    await cloud.ask('POST', `/v1/${TOPIC}:publish`, { body: { messages } });
    await cloud.pubsub.pump();
    expect(pushes).toHaveLength(25);
  });

  test('gives up after the last attempt, without asking for a pull', async () => {
    await cloud.ask('PUT', `/v1/${GRAVE}`, { body: {} });
    await cloud.ask('PUT', `/v1/${INBOX}-grave`, { body: { topic: GRAVE } });
    statuses = [500, 500, 500, 500, 500];
    const deadLetterPolicy = { deadLetterTopic: GRAVE, maxDeliveryAttempts: 5 };
    await pushing({}, { deadLetterPolicy, retryPolicy: { minimumBackoff: '0s', maximumBackoff: '0s' } });
    await publish('hello');
    for (let turn = 0; turn < 6; turn += 1) await cloud.advance(1);
    expect(pushes.map(({ text }) => (JSON.parse(text) as { deliveryAttempt: number }).deliveryAttempt)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect((await cloud.control('GET state')).json()).toMatchObject({
      subscriptions: [{ waiting: 1 }, { waiting: 0 }],
    });
  });

  test('a receiver may itself call the pretend cloud and publish', async () => {
    let answered = 0;
    onPush = async () => {
      if (answered > 0) return;
      const body = { messages: [{ data: btoa('again') }] };
      answered = (await cloud.ask('POST', `/v1/${TOPIC}:publish`, { body })).status;
    };
    await pushing();
    await publish('hello');
    expect(answered).toBe(200);
    expect(pushes).toHaveLength(2);
  });

  test('a message without a caller is pushed by the next tick', async () => {
    const ticking = await testCloud({ tickMs: 1 });
    await ticking.ask('PUT', `/v1/${TOPIC}`, { body: {} });
    await ticking.ask('PUT', `/v1/${INBOX}`, { body: { topic: TOPIC, pushConfig: { pushEndpoint: url } } });
    ticking.pubsub.publish(TOPIC, { attributes: { a: 'b' } });
    while (pushes.length === 0) await new Promise(setImmediate);
    await ticking.close();
  });
});
