import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { utcText } from '../../../src/emulator/wire/rest/micros.ts';
import { NUMBER, OTHER, PROJECT, START, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
let begun: number;
beforeAll(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.reset());
afterAll(() => cloud.close());

const TOPIC = `projects/${PROJECT}/topics/orders`;
const GRAVE = `projects/${PROJECT}/topics/grave`;
const INBOX = `projects/${PROJECT}/subscriptions/inbox`;

interface Received {
  readonly ackId: string;
  readonly deliveryAttempt?: number;
  readonly message: {
    readonly messageId: string;
    readonly publishTime: string;
    readonly data?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    readonly orderingKey?: string;
  };
}

const createTopic = (name = TOPIC) => cloud.ask('PUT', `/v1/${name}`, { body: {} });
const subscribe = (settings: object = {}, name = INBOX, topic = TOPIC) =>
  cloud.ask('PUT', `/v1/${name}`, { body: { topic, ...settings } });
const publish = (messages: unknown, topic = TOPIC) => cloud.ask('POST', `/v1/${topic}:publish`, { body: { messages } });
const acknowledge = (ackIds: readonly string[]) => cloud.ask('POST', `/v1/${INBOX}:acknowledge`, { body: { ackIds } });
const extend = (ackIds: readonly string[], ackDeadlineSeconds: number) =>
  cloud.ask('POST', `/v1/${INBOX}:modifyAckDeadline`, { body: { ackIds, ackDeadlineSeconds } });

async function pull(maxMessages = 10, subscription = INBOX): Promise<readonly Received[]> {
  const heard = await cloud.ask('POST', `/v1/${subscription}:pull`, { body: { maxMessages } });
  return (heard.json() as { receivedMessages?: readonly Received[] }).receivedMessages ?? [];
}

const textOf = ({ message }: Received): string => atob(message.data ?? '');

async function inboxWith(settings: object, ...texts: readonly string[]): Promise<void> {
  await createTopic();
  expect((await subscribe(settings)).status).toBe(200);
  begun = cloud.clock.now();
  if (texts.length > 0) await publish(texts.map((text) => ({ data: btoa(text) })));
}

describe('topics', () => {
  test('are created, shown, listed and deleted', async () => {
    const made = await cloud.ask('PUT', `/v1/${TOPIC}`, { body: { labels: { team: 'a' } } });
    expect(made.json()).toEqual({ name: TOPIC, labels: { team: 'a' } });
    await createTopic(GRAVE);
    expect((await cloud.ask('GET', `/v1/${TOPIC}`)).json()).toEqual({ name: TOPIC, labels: { team: 'a' } });
    const listed = await cloud.ask('GET', `/v1/projects/${NUMBER}/topics?pageSize=1`);
    expect(listed.json()).toMatchObject({ topics: [{ name: TOPIC }], nextPageToken: expect.any(String) });
    expect((await cloud.ask('GET', `/v1/projects/${OTHER}/topics`)).json()).toEqual({});
    expect((await cloud.ask('DELETE', `/v1/${TOPIC}`)).json()).toEqual({});
    expect((await cloud.ask('DELETE', `/v1/${TOPIC}`)).status).toBe(404);
    expect((await cloud.ask('GET', `/v1/${TOPIC}`)).json()).toMatchObject({
      error: { status: 'NOT_FOUND', message: 'Resource not found (resource=orders).' },
    });
  });

  test('are there once', async () => {
    await createTopic();
    expect((await createTopic(`projects/${NUMBER}/topics/orders`)).json()).toMatchObject({
      error: { status: 'ALREADY_EXISTS', message: 'Resource already exists in the project (resource=orders).' },
    });
  });

  test.each(['ab', '1abc', 'googtopic'])('may not be called %s', async (id) => {
    expect((await createTopic(`projects/${PROJECT}/topics/${id}`)).status).toBe(400);
  });

  test('leave their subscriptions without a topic', async () => {
    await inboxWith({});
    expect((await cloud.ask('GET', `/v1/${TOPIC}/subscriptions`)).json()).toEqual({ subscriptions: [INBOX] });
    await cloud.ask('DELETE', `/v1/${TOPIC}`);
    expect((await cloud.ask('GET', `/v1/${INBOX}`)).json()).toMatchObject({ topic: '_deleted-topic_' });
  });

  test('tell the other services whether they may publish', async () => {
    expect(cloud.pubsub.state(TOPIC)).toBe('missing');
    cloud.pubsub.publish(TOPIC, { attributes: { lost: 'yes' } });
    await inboxWith({});
    cloud.pubsub.publish(`projects/${NUMBER}/topics/orders`, { attributes: { a: 'b' }, data: '{"é":1}' });
    cloud.pubsub.publish(TOPIC, { attributes: { late: 'yes' }, availableAt: begun + 3000 });
    const [first, ...others] = await pull();
    expect(first?.message).toEqual({
      attributes: { a: 'b' },
      data: Buffer.from('{"é":1}').toString('base64'),
      messageId: expect.any(String),
      publishTime: utcText(begun * 1000),
    });
    expect(others).toEqual([]);
    await cloud.advance(3000);
    expect((await pull()).map(({ message }) => message.attributes)).toEqual([{ late: 'yes' }]);
  });
});

describe('publishing', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', [], /message_count is too small\. You passed 0/],
    ['an empty message', [{}], /empty/],
    ['no base64', [{ data: '***' }], /Base64 decoding failed/],
    ['no object', ['x'], /Invalid value at 'messages\[0\]'/],
    [
      'an attribute that is no text',
      [{ attributes: { a: 1 } }],
      /Invalid value at 'messages\[0\]\.attributes\[0\]\.value' \(TYPE_STRING\), 1/,
    ],
    ['attributes that are no map', [{ attributes: 'a' }], /Invalid value at 'messages\[0\]\.attributes'/],
    ['an attribute of Google’s own', [{ attributes: { googclient: 'a' } }], /argument=message\.attributes/],
    ['an attribute without a name', [{ attributes: { '': 'a' } }], /argument=message\.attributes/],
    ['too many at once', Array.from({ length: 1001 }, () => ({ data: 'YQ==' })), /message_count is too large/],
  ])('%s is refused', async (_, messages, message) => {
    await createTopic();
    expect((await publish(messages)).json()).toMatchObject({
      error: { code: 400, message: expect.stringMatching(message) },
    });
  });

  test('gives every message an id of its own and reaches every subscription', async () => {
    await inboxWith({});
    await subscribe({}, `${INBOX}-2`);
    const heard = await publish([{ data: btoa('a') }, { data: btoa('b') }]);
    const { messageIds } = heard.json() as { messageIds: string[] };
    expect(new Set(messageIds).size).toBe(2);
    for (const name of [INBOX, `${INBOX}-2`]) expect((await pull(10, name)).map(textOf)).toEqual(['a', 'b']);
  });

  test('needs the permission', async () => {
    await createTopic();
    const email = 'a@test-proj.iam.gserviceaccount.com';
    cloud.iam.register('token', email);
    const send = () =>
      cloud.ask('POST', `/v1/${TOPIC}:publish`, {
        headers: { authorization: 'Bearer token' },
        body: { messages: [{ data: btoa('a') }] },
      });
    expect((await send()).status).toBe(403);
    cloud.iam.grant(PROJECT, `serviceAccount:${email}`, 'roles/pubsub.publisher');
    expect((await send()).status).toBe(200);
  });
});

describe('subscriptions', () => {
  test('are shown as they were made, with the usual deadline', async () => {
    await createTopic();
    const made = await subscribe({ labels: { a: 'b' }, filter: 'attributes:a' });
    const shown = {
      name: INBOX,
      topic: TOPIC,
      labels: { a: 'b' },
      filter: 'attributes:a',
      pushConfig: {},
      ackDeadlineSeconds: 10,
      messageRetentionDuration: '604800s',
      expirationPolicy: { ttl: '2678400s' },
      state: 'ACTIVE',
    };
    expect(made.json()).toEqual(shown);
    expect((await cloud.ask('GET', `/v1/projects/${PROJECT}/subscriptions`)).json()).toEqual({
      subscriptions: [shown],
    });
    expect((await cloud.control('GET state')).json()).toMatchObject({
      subscriptions: [{ name: INBOX, topic: TOPIC, waiting: 0 }],
    });
    expect((await cloud.ask('DELETE', `/v1/${INBOX}`)).json()).toEqual({});
    expect((await cloud.ask('GET', `/v1/${INBOX}`)).status).toBe(404);
  });

  test.each<[object, RegExp]>([
    [{ ackDeadlineSeconds: 9 }, /between 10 and 600/],
    [{ ackDeadlineSeconds: 601 }, /between 10 and 600/],
    [
      { deadLetterPolicy: { deadLetterTopic: GRAVE, maxDeliveryAttempts: 4 } },
      /max_delivery_attempts is too small\. You passed 4 in the request, but the minimum value is 5/,
    ],
    [{ deadLetterPolicy: 'x' }, /Invalid value at 'dead_letter_policy'/],
    [{ retryPolicy: { minimumBackoff: '601s' } }, /argument=retry_policy/],
    [{ retryPolicy: { maximumBackoff: 'soon' } }, /Invalid value at 'retry_policy\.maximum_backoff'/],
    [{ messageRetentionDuration: '599s' }, /argument=message_retention_duration/],
    [{ filter: 'nonsense' }, /Invalid filter/],
    [{ filter: `attributes:${'a'.repeat(256)}` }, /argument=filter/],
    [{ enableMessageOrdering: 'yes' }, /TYPE_BOOL/],
    [{ surprise: 1 }, /Unknown name "surprise"/],
    [{ pushConfig: { pushEndpoint: 'http://example.com/' } }, /Invalid push endpoint given/],
    [{ pushConfig: { pushEndpoint: 'https://localhost/' } }, /Invalid push endpoint given/],
    [{ pushConfig: { pushEndpoint: 'nowhere' } }, /Invalid push endpoint given/],
    [{ labels: { Upper: 'a' } }, /argument=labels/],
    [{ expirationPolicy: { ttl: '3600s' } }, /argument=expiration_policy\.ttl/],
  ])('with %j are refused', async (settings, message) => {
    await createTopic();
    const heard = await subscribe(settings);
    expect(heard.json()).toMatchObject({ error: { code: 400, message: expect.stringMatching(message) } });
  });

  test('keep an https endpoint elsewhere and push nothing there', async () => {
    await createTopic();
    const pushConfig = { pushEndpoint: 'https://receiver.example.com/hook', attributes: { 'x-goog-version': 'v1' } };
    expect((await subscribe({ pushConfig })).json()).toMatchObject({ pushConfig });
    await publish([{ data: btoa('a') }]);
    await cloud.advance(60_000);
    expect((await cloud.control('GET state')).json()).toMatchObject({ subscriptions: [{ waiting: 1 }] });
  });

  test.each([
    ['bigqueryConfig', { table: 'p.d.t' }],
    ['cloudStorageConfig', { bucket: 'b' }],
    ['bigtableConfig', { table: 't' }],
    ['messageTransforms', [{ disabled: true }]],
    ['tags', { 'tagKeys/1': 'tagValues/1' }],
  ])('with %s are not served', async (field, value) => {
    await createTopic();
    expect((await subscribe({ [field]: value })).json()).toMatchObject({
      error: { code: 501, status: 'UNIMPLEMENTED', message: expect.stringContaining(`Subscription.${field}`) },
    });
  });

  test('need a topic and a name', async () => {
    expect((await subscribe()).status).toBe(404);
    expect((await cloud.ask('PUT', `/v1/${INBOX}`, { body: {} })).json()).toMatchObject({
      error: { code: 400, message: expect.stringContaining('Invalid resource name given (name=).') },
    });
    await createTopic();
    expect((await subscribe({}, `projects/${PROJECT}/subscriptions/1`)).status).toBe(400);
    expect((await cloud.ask('PUT', `/v1/${INBOX}:pull`, { body: {} })).status).toBe(404);
  });
});

describe('pulling', () => {
  test('lends each message once until its deadline', async () => {
    await inboxWith({}, 'a', 'b', 'c');
    expect((await pull(2)).map(textOf)).toEqual(['a', 'b']);
    expect((await pull(2)).map(textOf)).toEqual(['c']);
    await cloud.advance(9_999);
    expect(await pull()).toEqual([]);
    await cloud.advance(1);
    expect((await pull()).map(textOf)).toEqual(['a', 'b', 'c']);
  });

  test('ends with an acknowledgement, unless it comes too late', async () => {
    await inboxWith({}, 'a', 'b');
    const [a, b] = await pull();
    await acknowledge([a?.ackId ?? '', 'loan-999']);
    await cloud.advance(10_000);
    await acknowledge([b?.ackId ?? '']);
    expect((await pull()).map(textOf)).toEqual(['b']);
  });

  test('can be prolonged, or given back at once', async () => {
    await inboxWith({}, 'a', 'b');
    const [a, b] = await pull();
    await extend([a?.ackId ?? ''], 60);
    await extend([b?.ackId ?? ''], 0);
    expect((await pull()).map(textOf)).toEqual(['b']);
    await cloud.advance(59_999);
    expect((await pull()).map(textOf)).toEqual(['b']);
    await cloud.advance(1);
    expect((await pull()).map(textOf)).toEqual(['a']);
  });

  test.each<[string, object, RegExp]>([
    ['pull', { maxMessages: 0 }, /max_messages/],
    ['pull', {}, /max_messages/],
    ['acknowledge', {}, /not specified an ack ID/],
    ['acknowledge', { ackIds: ['x'] }, /invalid ack ID to the service \(ack_id=x\)/],
    ['modifyAckDeadline', { ackIds: ['a'], ackDeadlineSeconds: 601 }, /between 0 and 600/],
    ['modifyAckDeadline', { ackIds: ['a'], ackDeadlineSeconds: -1 }, /between 0 and 600/],
  ])('%s %j is refused', async (verb, body, message) => {
    await inboxWith({});
    const heard = await cloud.ask('POST', `/v1/${INBOX}:${verb}`, { body });
    expect(heard.json()).toMatchObject({ error: { code: 400, message: expect.stringMatching(message) } });
  });

  test('backs off by the retry policy, doubling up to the most', async () => {
    await inboxWith({ retryPolicy: { minimumBackoff: '10s', maximumBackoff: '25s' } }, 'a');
    for (const seconds of [10, 20, 25, 25]) {
      const [a] = await pull();
      await extend([a?.ackId ?? ''], 0);
      await cloud.advance(seconds * 1000 - 1);
      expect(await pull()).toEqual([]);
      await cloud.advance(1);
    }
    expect(await pull()).toHaveLength(1);
  });

  test('a retry policy without numbers means 10 to 600 seconds', async () => {
    await inboxWith({ retryPolicy: {} }, 'a');
    const [a] = await pull();
    await extend([a?.ackId ?? ''], 0);
    await cloud.advance(9_999);
    expect(await pull()).toEqual([]);
    await cloud.advance(1);
    expect(await pull()).toHaveLength(1);
  });

  test('counts attempts and dead-letters after the last, with where it came from', async () => {
    await createTopic(GRAVE);
    await subscribe({}, `${INBOX}-grave`, GRAVE);
    await inboxWith({ deadLetterPolicy: { deadLetterTopic: GRAVE } });
    await publish([{ data: btoa('a'), attributes: { kind: 'x' }, orderingKey: 'k' }]);
    for (const attempt of [1, 2, 3, 4, 5]) {
      const [a] = await pull();
      expect(a?.deliveryAttempt).toBe(attempt);
      await extend([a?.ackId ?? ''], 0);
    }
    expect(await pull()).toEqual([]);
    const [dead] = await pull(10, `${INBOX}-grave`);
    expect(dead?.message).toMatchObject({
      data: btoa('a'),
      orderingKey: 'k',
      attributes: {
        kind: 'x',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: 'inbox',
        CloudPubSubDeadLetterSourceSubscriptionProject: PROJECT,
        CloudPubSubDeadLetterSourceTopicPublishTime: utcText(begun * 1000),
      },
    });
    expect(dead).not.toHaveProperty('deliveryAttempt');
  });

  test('loses what was tried too often when the dead-letter topic is missing', async () => {
    await inboxWith({ deadLetterPolicy: { deadLetterTopic: GRAVE, maxDeliveryAttempts: 5 } }, 'a');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await pull();
      await cloud.advance(10_000);
    }
    expect(await pull()).toEqual([]);
    expect((await cloud.control('GET state')).json()).toMatchObject({ subscriptions: [{ waiting: 0 }] });
  });

  test('keeps the order of an ordering key, one at a time, when asked to', async () => {
    await inboxWith({ enableMessageOrdering: true });
    await publish([
      { data: btoa('a1'), orderingKey: 'a' },
      { data: btoa('b1'), orderingKey: 'b' },
      { data: btoa('a2'), orderingKey: 'a' },
      { data: btoa('free') },
      { data: btoa('free') },
    ]);
    const first = await pull();
    expect(first.map(textOf)).toEqual(['a1', 'b1', 'free', 'free']);
    await acknowledge([first[0]?.ackId ?? '']);
    expect((await pull()).map(textOf)).toEqual(['a2']);
  });

  test('without ordering lends messages of one key together', async () => {
    await inboxWith({});
    await publish(['a1', 'a2'].map((text) => ({ data: btoa(text), orderingKey: 'a' })));
    expect((await pull()).map(textOf)).toEqual(['a1', 'a2']);
  });
});

test('a filter keeps other messages out of a subscription', async () => {
  await inboxWith({ filter: 'attributes.type = "x" OR hasPrefix(attributes.type, "y")' });
  await publish(['x', 'y1', 'z'].map((type) => ({ attributes: { type } })));
  expect((await pull()).map(({ message }) => message.attributes?.['type'])).toEqual(['x', 'y1']);
  expect(begun).toBeGreaterThanOrEqual(START);
});

describe('changing', () => {
  const patch = (name: string, body: object) => cloud.ask('PATCH', `/v1/${name}`, { body });

  test('a subscription takes what the mask names, and keeps its messages', async () => {
    await inboxWith({ labels: { a: 'b' } }, 'a');
    const subscription = { ackDeadlineSeconds: 20, labels: { c: 'd' }, retryPolicy: {} };
    const changed = await patch(INBOX, { subscription, updateMask: 'ackDeadlineSeconds,retry_policy' });
    expect(changed.json()).toMatchObject({
      ackDeadlineSeconds: 20,
      labels: { a: 'b' },
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    });
    expect((await patch(INBOX, { subscription: {}, updateMask: 'labels' })).json()).not.toHaveProperty('labels');
    expect((await pull()).map(textOf)).toEqual(['a']);
  });

  test.each([
    ['', /must contain a non-empty paths list/],
    ['filter', /'filter' field in the Subscription is not mutable/],
    ['topic', /not mutable/],
    ['nonsense', /not mutable/],
  ])('a subscription refuses the mask "%s"', async (updateMask, message) => {
    await inboxWith({});
    const heard = await patch(INBOX, { subscription: {}, updateMask });
    expect(heard.json()).toMatchObject({ error: { code: 400, message: expect.stringMatching(message) } });
  });

  test('a topic takes labels and retention', async () => {
    await createTopic();
    const topic = { labels: { a: 'b' }, messageRetentionDuration: '86400s' };
    expect((await patch(TOPIC, { topic, updateMask: 'labels' })).json()).toEqual({ name: TOPIC, labels: { a: 'b' } });
    expect((await patch(TOPIC, { topic, updateMask: 'message_retention_duration' })).json()).toEqual({
      name: TOPIC,
      ...topic,
    });
    expect((await patch(TOPIC, { topic })).status).toBe(400);
    expect((await patch(GRAVE, { topic, updateMask: 'labels' })).status).toBe(404);
  });
});

test.each([
  ['topics', TOPIC, 'roles/pubsub.publisher', 'pubsub.topics.publish'],
  ['subscriptions', INBOX, 'roles/pubsub.subscriber', 'pubsub.subscriptions.consume'],
])('the policy of one of the %s grants what it says, there only', async (_, name, role, permission) => {
  await inboxWith({});
  cloud.iam.register('token', 'a@b.example');
  const headers = { authorization: 'Bearer token' };
  const fresh = await cloud.ask('GET', `/v1/${name}:getIamPolicy`);
  expect(fresh.json()).toEqual({ etag: 'ACAB' });
  const held = async (at: string) =>
    (await cloud.ask('POST', `/v1/${at}:testIamPermissions`, { body: { permissions: [permission] }, headers })).json();
  expect(await held(name)).toEqual({});
  const policy = { bindings: [{ role, members: ['user:a@b.example'] }] };
  expect((await cloud.ask('POST', `/v1/${name}:setIamPolicy`, { body: { policy } })).json()).toMatchObject(policy);
  expect(await held(name)).toEqual({ permissions: [permission] });
  expect(await held(`${name}-other`)).toEqual({});
  const stale = { policy: { ...policy, etag: 'ACAB' } };
  expect((await cloud.ask('POST', `/v1/${name}:setIamPolicy`, { body: stale })).json()).toMatchObject({
    error: { code: 409, status: 'ABORTED' },
  });
  expect((await cloud.ask('POST', `/v1/${name}:setIamPolicy`, { body: {}, headers })).json()).toMatchObject({
    error: { code: 403, message: 'User not authorized to perform this action.' },
  });
  expect((await cloud.ask('GET', `/v1/${name}-other:getIamPolicy`)).status).toBe(404);
});

test('seeking to a time takes what is older for acknowledged', async () => {
  await inboxWith({}, 'a');
  await cloud.advance(1000);
  await publish([{ data: btoa('b') }]);
  const seek = (body: object) => cloud.ask('POST', `/v1/${INBOX}:seek`, { body });
  expect((await seek({ time: new Date(cloud.clock.now()).toISOString() })).json()).toEqual({});
  expect((await pull()).map(textOf)).toEqual(['b']);
  expect((await seek({ snapshot: `projects/${PROJECT}/snapshots/s` })).status).toBe(404);
  expect((await seek({})).status).toBe(400);
});

test('what nobody takes is dropped after the retention', async () => {
  await inboxWith({ messageRetentionDuration: '600s' }, 'a');
  await cloud.advance(599_000);
  expect((await cloud.control('GET state')).json()).toMatchObject({ subscriptions: [{ waiting: 1 }] });
  await cloud.advance(1000);
  expect(await pull()).toEqual([]);
  expect((await cloud.control('GET state')).json()).toMatchObject({ subscriptions: [{ waiting: 0 }] });
});
