import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { grpc } from 'google-gax';
import { startGrpcDoor, type GrpcDoor } from '../../../src/emulator/server/grpc.ts';
import { definitionOf, otherServices, statusType } from '../../../src/emulator/server/grpc-messages.ts';
import { NUMBER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

const TOPIC = `projects/${PROJECT}/topics/orders`;
const INBOX = `projects/${PROJECT}/subscriptions/inbox`;
const JOBS = `projects/${PROJECT}/locations/us-east1`;
const KEYS = `projects/${PROJECT}/locations/global`;

let cloud: TestCloud;
let door: GrpcDoor;
let client: grpc.Client;
beforeAll(async () => {
  cloud = await testCloud();
  door = await startGrpcDoor({ behind: () => cloud, port: 0 });
  client = new grpc.Client(`127.0.0.1:${door.port}`, grpc.credentials.createInsecure());
});
afterEach(() => cloud.reset());
afterAll(async () => {
  client.close();
  door.close();
  await cloud.close();
});

function methodOf(path: string): grpc.MethodDefinition<unknown, unknown> {
  for (const service of otherServices())
    for (const method of service.methodsArray) {
      const definition = definitionOf(service, method);
      if (definition.path === path) return definition;
    }
  throw new Error(`no ${path}`);
}

/** One call, its messages in protobuf's JSON form. */
function ask(path: string, request: object, token?: string): Promise<unknown> {
  const { requestSerialize, responseDeserialize } = methodOf(path);
  const metadata = new grpc.Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error, answer) =>
      error === null ? resolve(answer) : reject(error),
    );
  });
}

const pubsub = (method: string, request: object, token?: string) =>
  ask(
    `/google.pubsub.v1.${/Subscription|Pull|Ack|Seek/.test(method) ? 'Subscriber' : 'Publisher'}/${method}`,
    request,
    token,
  );

describe('Pub/Sub over gRPC', () => {
  test.each([
    [TOPIC, 'roles/pubsub.publisher', 'pubsub.topics.publish'],
    [INBOX, 'roles/pubsub.subscriber', 'pubsub.subscriptions.consume'],
  ])('the policy of %s is read, set and tested by the mixin of all APIs', async (resource, role, permission) => {
    const policy = (method: string, request: object) => ask(`/google.iam.v1.IAMPolicy/${method}`, request);
    await pubsub('CreateTopic', { name: TOPIC });
    await pubsub('CreateSubscription', { name: INBOX, topic: TOPIC });
    const fresh = await policy('GetIamPolicy', { resource });
    const bindings = [{ role, members: ['user:ada@example.com'] }];
    const sent = { resource, policy: { ...Object(fresh), bindings } };
    const set = await policy('SetIamPolicy', sent);
    expect(set).toMatchObject({ version: 1, bindings });
    expect(await policy('GetIamPolicy', { resource, options: { requestedPolicyVersion: 3 } })).toEqual(set);
    await expect(policy('SetIamPolicy', sent)).rejects.toMatchObject({ code: grpc.status.ABORTED });
    const tested = await policy('TestIamPermissions', { resource, permissions: [permission] });
    expect(tested).toMatchObject({ permissions: [permission] });
    await expect(policy('GetIamPolicy', { resource: `${resource}-not` })).rejects.toMatchObject({
      code: grpc.status.NOT_FOUND,
    });
  });

  test('makes, changes, lists, publishes, pulls and deletes as over REST', async () => {
    expect(await pubsub('CreateTopic', { name: TOPIC, labels: { a: 'b' } })).toMatchObject({ name: TOPIC });
    await pubsub('CreateSubscription', { name: INBOX, topic: TOPIC, ackDeadlineSeconds: 20 });
    const patch = { subscription: { name: INBOX, ackDeadlineSeconds: 30 }, updateMask: 'ackDeadlineSeconds' };
    expect(await pubsub('UpdateSubscription', patch)).toMatchObject({ ackDeadlineSeconds: 30 });
    expect(await pubsub('ListTopics', { project: `projects/${PROJECT}`, pageSize: 5 })).toMatchObject({
      topics: [{ name: TOPIC, labels: { a: 'b' } }],
    });
    await pubsub('Publish', { topic: TOPIC, messages: [{ data: 'YQ==', attributes: { x: 'y' } }] });
    expect(await pubsub('Pull', { subscription: INBOX, maxMessages: 3 })).toMatchObject({
      receivedMessages: [{ message: { data: 'YQ==', attributes: { x: 'y' } } }],
    });
    await pubsub('DeleteSubscription', { subscription: INBOX });
    await pubsub('DeleteTopic', { topic: TOPIC });
    await expect(pubsub('GetTopic', { topic: TOPIC })).rejects.toMatchObject({ code: 5 });
  });

  test('is refused without the permission, struck by faults, and logged', async () => {
    cloud.iam.register('tok', 'a@b.example');
    await expect(pubsub('CreateTopic', { name: TOPIC }, 'tok')).rejects.toMatchObject({ code: 7 });
    await cloud.control('POST faults', { match: { service: 'pubsub', path: 'CreateTopic' }, status: 503 });
    await expect(pubsub('CreateTopic', { name: TOPIC })).rejects.toMatchObject({ code: 14 });
    expect(cloud.requests()).toMatchObject([
      { api: 'pubsub', path: '/google.pubsub.v1.Publisher/CreateTopic', status: 403, caller: 'a@b.example' },
      { api: 'pubsub', status: 503 },
    ]);
  });

  test('what Google has and the pretend cloud has not is UNIMPLEMENTED', async () => {
    await expect(pubsub('ListTopicSnapshots', { topic: TOPIC })).rejects.toMatchObject({ code: 12 });
  });
});

describe('StreamingPull', () => {
  const PATH = '/google.pubsub.v1.Subscriber/StreamingPull';
  const open = (first: object) => {
    const { requestSerialize, responseDeserialize } = methodOf(PATH);
    const call = client.makeBidiStreamRequest(PATH, requestSerialize, responseDeserialize);
    const next = (): Promise<unknown> =>
      new Promise((resolve, reject) => call.once('data', resolve).once('error', reject));
    const ended = new Promise<{ code?: number }>((resolve) => call.on('error', resolve));
    call.write({ streamAckDeadlineSeconds: 60, ...first });
    return { call, next, ended };
  };
  const publish = (text: string) => pubsub('Publish', { topic: TOPIC, messages: [{ data: btoa(text) }] });
  const waiting = async () => (await cloud.control('GET state')).json();

  test('hands over what is published, takes acknowledgements on the stream and keeps to the limit', async () => {
    await pubsub('CreateTopic', { name: TOPIC });
    await pubsub('CreateSubscription', { name: INBOX, topic: TOPIC, enableExactlyOnceDelivery: true });
    await publish('a');
    await publish('b');
    const { call, next } = open({ subscription: INBOX, maxOutstandingMessages: '1' });
    const first = (await next()) as { receivedMessages: { ackId: string; message: object }[] };
    expect(first).toMatchObject({
      receivedMessages: [{ message: { data: btoa('a') } }],
      subscriptionProperties: { exactlyOnceDeliveryEnabled: true },
    });
    expect(first.receivedMessages).toHaveLength(1);
    call.write({ ackIds: first.receivedMessages.map(({ ackId }) => ackId) });
    const second = (await next()) as { receivedMessages: { ackId: string }[] };
    expect(second).toMatchObject({ receivedMessages: [{ message: { data: btoa('b') } }] });
    expect(await waiting()).toMatchObject({ subscriptions: [{ waiting: 1 }] });
    const ids = second.receivedMessages.map(({ ackId }) => ackId);
    call.write({ modifyDeadlineAckIds: ids, modifyDeadlineSeconds: [0] });
    expect(await next()).toMatchObject({ receivedMessages: [{ message: { data: btoa('b') } }] });
    call.end();
  });

  test('lets a subscriber hear SECRET_ROTATE', async () => {
    await pubsub('CreateTopic', { name: TOPIC });
    await pubsub('CreateSubscription', {
      name: INBOX,
      topic: TOPIC,
      filter: 'attributes.eventType = "SECRET_ROTATE"',
      deadLetterPolicy: { deadLetterTopic: TOPIC },
    });
    const rotation = { nextRotationTime: '2026-11-24T13:00:00Z', rotationPeriod: '86400s' };
    const more = { topics: [{ name: TOPIC }], rotation };
    await cloud.control('POST secrets', { project: PROJECT, secretId: 's', more });
    const { call, next } = open({ subscription: INBOX });
    const heard = next();
    await cloud.advance(3_600_000);
    const secretId = `projects/${NUMBER}/secrets/s`;
    expect(await heard).toMatchObject({
      receivedMessages: [{ deliveryAttempt: 1, message: { attributes: { eventType: 'SECRET_ROTATE', secretId } } }],
    });
    call.cancel();
  });

  test.each([
    [{ subscription: INBOX }, 5],
    [{ subscription: 'inbox' }, 3],
    [{ subscription: INBOX, streamAckDeadlineSeconds: 5 }, 5],
  ])('that opens with %j ends with code %i', async (first, code) => {
    expect(await open(first).ended).toMatchObject({ code });
  });

  test('ends when the deadline is no deadline, a fault strikes, or everything is forgotten', async () => {
    await pubsub('CreateTopic', { name: TOPIC });
    await pubsub('CreateSubscription', { name: INBOX, topic: TOPIC });
    expect(await open({ subscription: INBOX, streamAckDeadlineSeconds: 5 }).ended).toMatchObject({ code: 3 });
    await cloud.control('POST faults', { match: { path: 'StreamingPull' }, drop: true });
    expect(await open({ subscription: INBOX }).ended).toMatchObject({ code: 14 });
    const { ended, next } = open({ subscription: INBOX });
    await publish('a');
    await next();
    cloud.reset();
    expect(await ended).toMatchObject({ code: 5 });
  });
});

test('Monitoring lists time series over gRPC', async () => {
  await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
  const from = cloud.clock.now();
  await cloud.control('POST traffic', { key: STANDARD, perMinute: 3 });
  await cloud.advance(7_200_000);
  const answer = await ask('/google.monitoring.v3.MetricService/ListTimeSeries', {
    name: `projects/${PROJECT}`,
    filter: 'metric.type = "serviceruntime.googleapis.com/api/request_count" AND resource.type = "consumed_api"',
    interval: {
      startTime: new Date(from).toISOString(),
      endTime: new Date(from + 3_600_000).toISOString(),
    },
    aggregation: {
      alignmentPeriod: '3600s',
      perSeriesAligner: 'ALIGN_SUM',
      crossSeriesReducer: 'REDUCE_SUM',
      groupByFields: ['resource.labels.credential_id'],
    },
    view: 'FULL',
  });
  expect(answer).toMatchObject({ timeSeries: [{ points: [{ value: { int64Value: '180' } }] }] });
});

test('API Keys are made over gRPC, and their operation is polled', async () => {
  const restrictions = { apiTargets: [{ service: 'generativelanguage.googleapis.com' }] };
  const made = (await ask('/google.api.apikeys.v2.ApiKeys/CreateKey', {
    parent: KEYS,
    keyId: 'my-key',
    key: { displayName: 'd', restrictions },
  })) as { name: string };
  const name = `projects/${NUMBER}/locations/global/keys/my-key`;
  expect(made).toMatchObject({ done: true, response: { name, restrictions } });
  expect(await ask('/google.longrunning.Operations/GetOperation', { name: made.name })).toMatchObject({ done: true });
  const patch = { key: { name, displayName: 'new' }, updateMask: 'displayName' };
  expect(await ask('/google.api.apikeys.v2.ApiKeys/UpdateKey', patch)).toMatchObject({
    response: { displayName: 'new' },
  });
  expect(await ask('/google.api.apikeys.v2.ApiKeys/GetKeyString', { name })).toEqual({ keyString: expect.any(String) });
});

test('Scheduler keeps jobs over gRPC', async () => {
  const job = {
    name: `${JOBS}/jobs/j`,
    schedule: '0 3 * * *',
    httpTarget: { uri: 'https://a.example/', body: 'YQ==' },
  };
  const made = await ask('/google.cloud.scheduler.v1.CloudScheduler/CreateJob', { parent: JOBS, job });
  expect(made).toMatchObject({ ...job, state: 'ENABLED' });
  expect(await ask('/google.cloud.scheduler.v1.CloudScheduler/PauseJob', { name: job.name })).toMatchObject({
    state: 'PAUSED',
  });
});

test('an error carries google.rpc.Status with its details in the trailer', async () => {
  const refused = ask('/google.api.apikeys.v2.ApiKeys/ListKeys', { parent: 'projects/nowhere/locations/global' });
  const error = await refused.then(
    () => undefined,
    (reason: grpc.ServiceError) => reason,
  );
  expect(error?.code).toBe(7);
  const [bytes] = error?.metadata.get('grpc-status-details-bin') ?? [];
  const status = statusType()
    .decode(Buffer.from(bytes ?? ''))
    .toJSON();
  expect(JSON.stringify(status)).toContain('CONSUMER_INVALID');
});
