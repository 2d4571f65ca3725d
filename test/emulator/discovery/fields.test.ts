import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isRecord } from '../../../src/core/values/json.ts';
import { notServedInMarkdown } from '../../../src/emulator/wire/not-served.ts';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { DOCUMENTS, departures, methodOf, settablePaths } from './documents.ts';

/** Every field of every message that Google's own schema lets a caller set is kept and shown, or stands in the list. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
  await cloud.ask('PUT', `/v1/${TOPIC}`);
});
afterAll(() => cloud.close());

const TOPIC = `projects/${PROJECT}/topics/orders`;
const kms = (place: string) => ({ kmsKeyName: `projects/p/locations/${place}/keyRings/r/cryptoKeys/k` });
const JOBS = `projects/${PROJECT}/locations/us-east1/jobs`;
const EMAIL = 'caller@test-proj.iam.gserviceaccount.com';
const job = (id: string, target: object) => ({
  document: 'cloudscheduler:v1',
  schema: 'Job',
  make: ['POST', `/v1/${JOBS}`],
  read: `/v1/${JOBS}/${id}`,
  sent: {
    name: `${JOBS}/${id}`,
    description: 'd',
    schedule: '0 3 * * *',
    timeZone: 'Europe/Zurich',
    retryConfig: {
      retryCount: 2,
      maxRetryDuration: '60s',
      minBackoffDuration: '6s',
      maxBackoffDuration: '7s',
      maxDoublings: 1,
    },
    ...target,
  },
});
const key = (id: string, clients: object) => ({
  document: 'apikeys:v2',
  schema: 'V2Key',
  make: ['POST', `/v2/projects/${PROJECT}/locations/global/keys?keyId=${id}`],
  read: `/v2/projects/${PROJECT}/locations/global/keys/${id}`,
  sent: {
    displayName: 'd',
    annotations: { a: 'b' },
    serviceAccountEmail: EMAIL,
    restrictions: { apiTargets: [{ service: 'generativelanguage.googleapis.com', methods: ['Get*'] }], ...clients },
  },
});
const secret = (place: string, id: string, sent: object) => ({
  document: 'secretmanager:v1',
  schema: 'Secret',
  make: ['POST', `/v1/projects/${PROJECT}${place}/secrets?secretId=${id}`],
  read: `/v1/projects/${PROJECT}${place}/secrets/${id}`,
  sent,
});

const SAMPLES: readonly {
  readonly document: string;
  readonly schema: string;
  readonly make: readonly string[];
  readonly read: string;
  readonly sent: object;
}[] = [
  secret('', 'automatic', {
    replication: { automatic: { customerManagedEncryption: kms('global') } },
    labels: { a: 'b' },
    annotations: { c: 'd' },
    topics: [{ name: TOPIC }],
    expireTime: '2027-01-01T00:00:00Z',
    rotation: { nextRotationTime: '2026-12-01T00:00:00Z', rotationPeriod: '86400s' },
    versionDestroyTtl: '86400s',
    secretType: 'OTHER',
  }),
  secret('', 'managed', {
    replication: { userManaged: { replicas: [{ location: 'us-east1', customerManagedEncryption: kms('us-east1') }] } },
  }),
  secret('/locations/us-east1', 'regional', { customerManagedEncryption: kms('us-east1') }),
  key('key-server', { serverKeyRestrictions: { allowedIps: ['192.0.2.0/24'] } }),
  key('key-browser', { browserKeyRestrictions: { allowedReferrers: ['https://example.com/*'] } }),
  key('key-ios', { iosKeyRestrictions: { allowedBundleIds: ['com.example'] } }),
  key('key-android', {
    androidKeyRestrictions: {
      allowedApplications: [{ packageName: 'com.example', sha1Fingerprint: 'AB'.repeat(20) }],
    },
  }),
  {
    document: 'pubsub:v1',
    schema: 'Topic',
    make: ['PUT', `/v1/projects/${PROJECT}/topics/full`],
    read: `/v1/projects/${PROJECT}/topics/full`,
    sent: {
      name: `projects/${PROJECT}/topics/full`,
      labels: { a: 'b' },
      kmsKeyName: kms('global').kmsKeyName,
      messageRetentionDuration: '600s',
      messageStoragePolicy: { allowedPersistenceRegions: ['us-east1'], enforceInTransit: true },
    },
  },
  {
    document: 'pubsub:v1',
    schema: 'Subscription',
    make: ['PUT', `/v1/projects/${PROJECT}/subscriptions/full`],
    read: `/v1/projects/${PROJECT}/subscriptions/full`,
    sent: {
      name: `projects/${PROJECT}/subscriptions/full`,
      topic: TOPIC,
      pushConfig: {
        pushEndpoint: 'https://receiver.example.com/',
        attributes: { 'x-goog-version': 'v1' },
        oidcToken: { serviceAccountEmail: EMAIL, audience: 'https://a.example' },
        noWrapper: { writeMetadata: true },
      },
      ackDeadlineSeconds: 20,
      retainAckedMessages: true,
      messageRetentionDuration: '1200s',
      labels: { a: 'b' },
      enableMessageOrdering: true,
      expirationPolicy: { ttl: '86400s' },
      filter: 'attributes:a',
      deadLetterPolicy: { deadLetterTopic: TOPIC, maxDeliveryAttempts: 9 },
      retryPolicy: { minimumBackoff: '11s', maximumBackoff: '12s' },
      enableExactlyOnceDelivery: true,
    },
  },
  {
    document: 'pubsub:v1',
    schema: 'Subscription',
    make: ['PUT', `/v1/projects/${PROJECT}/subscriptions/wrapped`],
    read: `/v1/projects/${PROJECT}/subscriptions/wrapped`,
    sent: { topic: TOPIC, pushConfig: { pushEndpoint: 'https://receiver.example.com/', pubsubWrapper: {} } },
  },
  job('http', {
    attemptDeadline: '30s',
    httpTarget: {
      uri: 'https://receiver.example.com/',
      httpMethod: 'PUT',
      headers: { a: 'b' },
      body: 'Ym9keQ==',
      oidcToken: { serviceAccountEmail: EMAIL, audience: 'https://a.example' },
    },
  }),
  job('oauth', {
    httpTarget: {
      uri: 'https://receiver.example.com/',
      httpMethod: 'GET',
      oauthToken: { serviceAccountEmail: EMAIL, scope: 'https://a.example/scope' },
    },
  }),
  job('pubsub', { pubsubTarget: { topicName: TOPIC, data: 'Ym9keQ==', attributes: { a: 'b' } } }),
  job('app-engine', {
    appEngineHttpTarget: {
      httpMethod: 'PATCH',
      relativeUri: '/x',
      headers: { a: 'b' },
      body: 'Ym9keQ==',
      appEngineRouting: { service: 's', version: 'v', instance: 'i' },
    },
  }),
];

/** Settable, and shown by Google as something else, or tested where it has a consequence. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  // `ttl` is shown as `expireTime`, aliases need versions, etags guard.
  Secret: ['etag', 'ttl', 'versionAliases'],
  // A key is named by its id, and guarded by its etag.
  V2Key: ['etag', 'name'],
  // Set by Google, though its schema does not say so.
  Topic: ['satisfiesPzs'],
  Subscription: ['detached'],
};

test.each(SAMPLES.map((sample) => [sample.make[1] ?? '', sample] as const))(
  'what is sent to %s is kept and shown, in the form that Google’s schema has',
  async (_, { document, schema, make: [method = '', path = ''], read, sent }) => {
    const made = await cloud.ask(method, path, { body: sent });
    expect(made.status).toBe(200);
    const shown = (await cloud.ask('GET', read)).json();
    expect(shown).toMatchObject(sent);
    const found = DOCUMENTS.find(({ id }) => id === document);
    expect(found && departures(found, { $ref: schema }, shown)).toEqual([]);
  },
);

describe('every field of', () => {
  test.each(['Secret', 'V2Key', 'Topic', 'Subscription', 'Job'])('%s is sent above, or is listed', (schema) => {
    const document = DOCUMENTS.find(({ schemas }) => schemas[schema] !== undefined);
    const sent = SAMPLES.filter((sample) => sample.schema === schema).flatMap((sample) => pathsIn(sample.sent));
    const listed = notServedInMarkdown();
    const missing = (document === undefined ? [] : settablePaths(document, schema)).filter(
      (path) =>
        !sent.includes(path) &&
        !ELSEWHERE[schema]?.includes(path) &&
        !listed.includes(`\`${schema}.${path.split('.')[0]}\``),
    );
    expect(missing).toEqual([]);
  });

  test('a message that nobody sends would be told', () => {
    expect(pathsIn({ a: [{ b: 1 }], c: {} })).toEqual(['a', 'a.b', 'c']);
  });
});

function pathsIn(value: object, prefix = ''): readonly string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): readonly string[] => {
    const path = `${prefix}${name}`;
    const inside = (Array.isArray(inner) ? inner : [inner]).filter(isRecord);
    return [path, ...inside.flatMap((one) => pathsIn(one, `${path}.`))];
  });
}

test.each(DOCUMENTS.flatMap(({ methods }) => methods).map(({ id, ...method }) => [id, method] as const))(
  '%s is answered in Google’s form',
  async (_, { httpMethod, path }) => {
    const asked = path
      .replace('{projectsId}', PROJECT)
      .replace('{locationsId}', path.includes('/keys') ? 'global' : 'us-east1')
      .replace('{operationsId}', 'akmf.p7-123456789012-x')
      .replace(/\{\w+\}/g, 'some-id');
    const body = httpMethod === 'GET' || httpMethod === 'DELETE' ? {} : { body: {} };
    const heard = await cloud.ask(httpMethod, asked, body);
    expect(heard.headers.get('content-type')).toContain('application/json');
    expect(methodOf(httpMethod, asked)).toBeDefined();
  },
);
