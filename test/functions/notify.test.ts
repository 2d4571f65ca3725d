import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Server } from 'node:http';
import { topicAnnouncer } from '../../src/app/alerts/announce.ts';
import { channelSecrets } from '../../src/app/alerts/channel-secrets.ts';
import type { RoutePorts } from '../../src/app/alerts/route.ts';
import type { Announcer } from '../../src/app/ports/ports.ts';
import type { Channel } from '../../src/core/alerts/channels/channel.ts';
import { instantOf } from '../../src/core/values/time.ts';
import { callerCheck } from '../../src/edge/process/callers.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { pubsubPublisher } from '../../src/edge/pubsub/pubsub.ts';
import { webhookCourier } from '../../src/edge/webhooks/webhooks.ts';
import { alertReceivers } from '../../src/emulator/showcase/receivers.ts';
import { guard } from '../../src/functions/guard.ts';
import { alertMessageIn, notifyFunction } from '../../src/functions/notify.ts';
import { LABELS, NOTICES, ORIGIN, SECRET } from '../support/notices.ts';
import { stillClock } from '../support/still-clock.ts';
import { testCloud, PROJECT, type TestCloud } from '../support/cloud.ts';
import { memoryVault } from '../support/twins/memory-vault.ts';

const topic = (id: string) => `projects/${PROJECT}/topics/${id}`;
const subscription = (id: string) => `projects/${PROJECT}/subscriptions/${id}`;
const TEN_MINUTES = 600_000;
const SIGNING = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
const ROUTING_KEY = 'r'.repeat(32);
const PUSHER = `push@${PROJECT}.iam.gserviceaccount.com`;
const AUDIENCE = 'https://notify.example';

const receivers = alertReceivers();
const logged: string[] = [];
const open: { close(): Promise<void> }[] = [];
let cloud: TestCloud;
let server: Server;
/** A process that announces; each call is another one, which knows nothing of what the others published. */
let announcer: () => Announcer;

/** Slack, PagerDuty and a webhook, each with its credential in a vault, all of them on the pretend cloud. */
async function pipeline(): Promise<{ readonly ports: RoutePorts; readonly channels: readonly Channel[] }> {
  const clock = stillClock();
  const vault = memoryVault(clock.now);
  const stored = async (id: string, text: string): Promise<string> => {
    const name = vault.create({ project: 'ops', location: 'global' }, id);
    await vault.add(name, new TextEncoder().encode(text));
    return name;
  };
  const publisher = (id: string) => {
    const made = pubsubPublisher({ topic: topic(id), url: cloud.url, clock, random: () => 0 });
    open.push(made);
    return made;
  };
  const courier = webhookCourier({ clock, allowedOrigins: [cloud.url] });
  open.push(courier);
  const alerts = publisher('alerts');
  announcer = () => topicAnnouncer({ publisher: alerts, clock, seen: { labelsOf: () => LABELS } }, ORIGIN);
  const common = { severityMin: 'info' } as const;
  const at = (path: string) => `${cloud.url}/_receivers/${path}`;
  return {
    ports: {
      clock,
      vault,
      courier,
      random: () => 0,
      secrets: channelSecrets({
        vault,
        clock,
      }),
      log: { write: (severity, message) => logged.push(`${severity} ${message}`) },
      deliveries: publisher('deliveries'),
      deadLetters: publisher('dead-letters'),
    },
    channels: [
      { ...common, name: 'slack', kind: 'slack', credential: await stored('slack', at('slack/ops')) },
      {
        ...common,
        name: 'pd',
        kind: 'pagerduty',
        url: at('pagerduty'),
        credential: await stored('pd', ROUTING_KEY),
      },
      {
        ...common,
        name: 'hook',
        kind: 'webhook',
        url: at('webhook/hook'),
        credential: await stored('hook', SIGNING),
      },
    ],
  };
}

/** What the framework prints when the function rejects. */
let printed: string[];
/** As whom messages were pushed. */
let pushedBy: (string | undefined)[];

beforeAll(async () => {
  jest.spyOn(console, 'error').mockImplementation((text: unknown) => void printed.push(String(text)));
  cloud = await testCloud({ services: [receivers] });
  const { ports, channels } = await pipeline();
  const log = structuredLog((line) => logged.push(line));
  cloudEvent('notify', guard(log, PROJECT).event('notify', notifyFunction(ports, channels)));
  server = getTestServer('notify');
  server.prependListener('request', ({ headers }) => void pushedBy.push(headers.authorization));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

beforeEach(async () => {
  printed = [];
  pushedBy = [];
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  for (const id of ['alerts', 'deliveries', 'dead-letters']) await cloud.ask('PUT', `/v1/${topic(id)}`, { body: {} });
  const settings = {
    enableMessageOrdering: true,
    ackDeadlineSeconds: 60,
    deadLetterPolicy: {
      deadLetterTopic: topic('dead-letters'),
      maxDeliveryAttempts: 5,
    },
    retryPolicy: {
      minimumBackoff: '10s',
      maximumBackoff: '600s',
    },
  };
  for (const id of ['alerts', 'deliveries'])
    await cloud.ask('PUT', `/v1/${subscription(id)}`, {
      body: {
        topic: topic(id),
        pushConfig: {
          pushEndpoint: `${url}/${topic(id)}`,
          oidcToken: { serviceAccountEmail: PUSHER, audience: AUDIENCE },
        },
        ...settings,
      },
    });
  await cloud.ask('PUT', `/v1/${subscription('graves')}`, { body: { topic: topic('dead-letters') } });
});

afterEach(() => {
  // I9: no credential of a channel is logged or answered, whatever happened
  for (const secret of [SIGNING, ROUTING_KEY, '/_receivers/slack'])
    expect(JSON.stringify([logged, printed])).not.toContain(secret);
  cloud.reset();
  receivers.clear();
  logged.length = 0;
});

afterAll(async () => {
  jest.restoreAllMocks();
  server.close();
  server.closeAllConnections();
  await Promise.all(open.map((one) => one.close()));
  await cloud.close();
});

/** Lets everything that is under way arrive: an alert takes two hops. */
async function settled(): Promise<void> {
  for (let hop = 0; hop < 3; hop += 1) await cloud.pubsub.pump();
}

const heard = () =>
  receivers
    .received()
    .map(({ receiver, status }) => `${receiver} ${status}`)
    .toSorted();

async function deadLetters(): Promise<readonly Record<string, string>[]> {
  const { receivedMessages = [] } = (
    await cloud.ask('POST', `/v1/${subscription('graves')}:pull`, { body: { maxMessages: 9 } })
  ).json() as {
    receivedMessages?: { message: { attributes: Record<string, string> } }[];
  };
  return receivedMessages.map(({ message }) => message.attributes);
}

describe('an alert on its way from the topic to the channels', () => {
  test('arrives once on each', async () => {
    await announcer().announce(NOTICES['key.unhealthy']);
    await settled();
    expect(heard()).toEqual(['pagerduty 202', 'slack 200', 'webhook 204']);
    expect(await deadLetters()).toEqual([]);
  });

  test('arrives again under the same id when it was published twice, so that receivers tell it is the same', async () => {
    // a crash between publishing and recording repeats the notice
    await announcer().announce(NOTICES['key.unhealthy']);
    await announcer().announce(NOTICES['key.unhealthy']);
    await settled();
    const on = (kind: string) => receivers.received().filter(({ receiver }) => receiver === kind);
    const incidents = on('pagerduty').map(({ body }) => body['dedup_key']);
    const ids = on('webhook').map(({ headers }) => headers['webhook-id']);
    expect([incidents.length, ids.length]).toEqual([2, 2]);
    expect(new Set(incidents)).toEqual(new Set([expect.stringContaining(SECRET)]));
    expect(new Set(ids)).toEqual(new Set([expect.any(String)]));
  });

  test('is pushed with a token of the service account that its subscription names', async () => {
    await announcer().announce(NOTICES['key.unhealthy']);
    await settled();
    expect(pushedBy.length).toBeGreaterThan(1);
    const mayPush = callerCheck(
      { verify: true, audience: AUDIENCE, emergencies: [], emails: [PUSHER] },
      cloud.url,
      () => instantOf(Date.now()),
    );
    const verdicts = await Promise.all(pushedBy.map((authorization) => mayPush(authorization)));
    expect(new Set(verdicts.map((verdict) => verdict.allowed && verdict.caller))).toEqual(new Set([PUSHER]));
  });

  test('arrives on all others at once when one channel is down, and on that one later, in order, and nowhere twice', async () => {
    cloud.faults.plant({ path: '/slack/' }, 3, { act: 'answer', reply: { status: 503, body: 'no' } });
    await announcer().announce(NOTICES['key.unhealthy']);
    await announcer().announce(NOTICES['key.recovered']);
    await settled();
    expect(heard()).toEqual(['pagerduty 202', 'pagerduty 202', 'pagerduty 202', 'webhook 204', 'webhook 204']);
    await cloud.advance(TEN_MINUTES);
    await settled();
    expect(heard().filter((one) => one === 'slack 200')).toHaveLength(2);
    expect(heard()).toHaveLength(7);
    const onSlack = receivers.received().filter(({ receiver }) => receiver === 'slack');
    expect(onSlack.map(({ body }) => String(body['text']).slice(0, 2))).toEqual(['🔴', '🟢']);
    expect(printed).toEqual(['slack did not take an alert yet: it answered 503']); // and no stack
    expect(await deadLetters()).toEqual([]);
  });

  test('ends in the dead-letter topic after five deliveries to a channel that stays down', async () => {
    cloud.faults.plant({ path: '/slack/' }, 1_000, { act: 'answer', reply: { status: 500, body: 'no' } });
    await announcer().announce(NOTICES['key.unhealthy']);
    for (let hop = 0; hop < 12; hop += 1) {
      await settled();
      await cloud.advance(TEN_MINUTES);
    }
    expect(await deadLetters()).toMatchObject([{ channel: 'slack', type: 'key.unhealthy', secret: SECRET }]);
    expect(heard()).toEqual(['pagerduty 202', 'webhook 204']);
  });

  test('that a channel refuses for good is a dead letter at once', async () => {
    cloud.faults.plant({ path: '/slack/' }, 1, {
      act: 'answer',
      reply: { status: 307, headers: { location: 'http://169.254.169.254/' }, body: '' },
    });
    await announcer().announce(NOTICES['key.unhealthy']);
    await settled();
    expect(await deadLetters()).toMatchObject([
      { channel: 'slack', why: 'it answered 307, a redirect, which is not followed' },
    ]);
    expect(heard()).toEqual(['pagerduty 202', 'webhook 204']);
  });

  test('that is rubbish is dropped with a warning', async () => {
    await cloud.ask('POST', `/v1/${topic('alerts')}:publish`, { body: { messages: [{ data: btoa('hello') }] } });
    await settled();
    expect(logged).toEqual(['WARNING a message was dropped: the message is not a JSON object']);
    expect(await deadLetters()).toEqual([]);
  });
});

describe('the message in an event', () => {
  test('is its text and its attributes', () => {
    const data = Buffer.from('ä').toString('base64');
    expect(alertMessageIn({ message: { data, attributes: { type: 'x', odd: 3 } } })).toEqual({
      data: 'ä',
      attributes: { type: 'x' },
    });
  });

  test.each([undefined, 'x', {}, { message: 3 }, { message: {} }, { message: { data: 3, attributes: 'x' } }])(
    'is empty for %j',
    (data) => {
      expect(alertMessageIn(data)).toEqual({ data: '', attributes: {} });
    },
  );
});
