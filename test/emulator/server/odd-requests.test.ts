import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AUTH, MINUTE_MS, NUMBER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

const RUNS = 400;

/** Names that the APIs know, so that odd values get past the check for unknown ones. */
const FIELDS = [
  'name etag labels annotations topics replication automatic userManaged replicas rotation',
  'nextRotationTime rotationPeriod ttl expireTime versionAliases versionDestroyTtl httpTarget uri',
  'payload data dataCrc32c policy bindings role members condition permissions version displayName',
  'restrictions apiTargets service methods serverKeyRestrictions allowedIps serviceAccountEmail contents',
  'parts text generationConfig maxOutputTokens model topic subscription updateMask pushConfig',
  'pushEndpoint ackDeadlineSeconds filter retryPolicy minimumBackoff deadLetterPolicy deadLetterTopic',
  'maxDeliveryAttempts messages attributes orderingKey ackIds maxMessages time snapshot key state',
  'project match times status delayMs body headers contentType perMinute secretId payloads aliases',
  'member email constructor __proto__ toString hasOwnProperty',
].flatMap((line) => line.split(' '));
const QUERIES = [
  'filter updateMask pageToken pageSize secretId keyId etag showDeleted keyString alt checkExistingUsage',
  'fields interval.startTime interval.endTime aggregation.perSeriesAligner $alt view',
  'aggregation.alignmentPeriod aggregation.crossSeriesReducer aggregation.groupByFields prettyPrint',
  'constructor',
].flatMap((line) => line.split(' '));
const WORDS = [
  'latest',
  '1',
  '-1',
  '0',
  '99999999999999999999',
  '1e400',
  'true',
  'null',
  '',
  ' ',
  '*',
  'labels',
  'a.b.c',
  '3600s',
  '2026-11-24T12:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '0001-01-01T00:00:00Z',
  '-62135596801s',
  'constructor',
  `projects/${PROJECT}/topics/odd`,
  `projects/${PROJECT}/subscriptions/odd`,
  'roles/owner',
  'constructor',
  'ALIGN_SUM',
  'attributes.constructor = "a"',
  'hasPrefix(attributes.constructor, "a")',
  'NOT',
  '((',
  'labels.a=b',
  'state:ENABLED',
  'metric.type = "serviceruntime.googleapis.com/api/request_count"',
  '\u0000',
  '\ud800',
  'é',
  'http://127.0.0.1:1/',
];
const PATHS = [
  `/v1/projects/${PROJECT}/secrets`,
  `/v1/projects/${PROJECT}/locations/us-east1/secrets`,
  `/v1/projects/${PROJECT}/secrets/odd`,
  `/v1/projects/${PROJECT}/secrets/odd/versions`,
  `/v1/projects/${PROJECT}/secrets/odd/versions/1`,
  `/v1/projects/${PROJECT}/secrets/odd/versions/latest`,
  `/v1/projects/${PROJECT}/locations`,
  `/v1/projects/${PROJECT}/topics`,
  `/v1/projects/${PROJECT}/topics/odd`,
  `/v1/projects/${PROJECT}/topics/odd/subscriptions`,
  `/v1/projects/${PROJECT}/subscriptions`,
  `/v1/projects/${PROJECT}/subscriptions/odd`,
  `/v2/projects/${NUMBER}/locations/global/keys`,
  `/v2/projects/${NUMBER}/locations/global/keys/odd-key`,
  `/v2/projects/${NUMBER}/locations/global/keys/odd-key/keyString`,
  '/v2/keys',
  '/v2/operations/x',
  `/v3/projects/${PROJECT}/timeSeries`,
  `/v1/projects/${PROJECT}/locations/us-east1/jobs`,
  `/v1/projects/${PROJECT}/locations/us-east1/jobs/odd`,
  '/v1beta/models',
  '/v1beta/models/gemini-2.5-flash',
  '/v1beta/models/constructor',
  '/v1beta/openai/chat/completions',
  '/v1beta/openai/models',
  '/computeMetadata/v1/instance/service-accounts/default/token',
  '/_receivers/pagerduty/v2/enqueue',
  '/_receivers/google-chat/x',
  '/_receivers/slack/x',
  ...['keys', 'faults', 'traffic', 'secrets', 'lag', 'grants', 'roles', 'forbid', 'token', 'constructor'].map(
    (verb) => `/_emulator/${verb}`,
  ),
];
const VERBS = [
  '  ',
  ':access :addVersion :enable :disable :destroy :getIamPolicy :setIamPolicy :testIamPermissions',
  ':undelete :lookupKey :publish :pull :acknowledge :modifyAckDeadline :modifyPushConfig :seek :run',
  ':pause :generateContent :streamGenerateContent :countTokens :constructor :',
].flatMap((line) => line.split(' '));

const word = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 12 }));
const { value: odd } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    word,
    fc.constantFrom(null, true, 0, -1, 1, 10, 1.5, 1e300, 2 ** 53),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS), word), tie('value'), { maxKeys: 4 }),
  ),
}));
const body = fc.oneof(
  { weight: 8, arbitrary: odd.map((value) => JSON.stringify(value)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{', '[]', 'null', '"x"', '{"a":1,"a":2}', '\ufeff{}', '['.repeat(20_000)),
  },
  { weight: 1, arbitrary: fc.string() },
);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterAll(() => cloud.close());

test(
  'no request, however odd, is answered with a server error or not at all',
  async () => {
    cloud.keyring.put(STANDARD, 'works', { project: NUMBER }, cloud.clock.now());
    cloud.pubsub.store.createTopic({ name: `projects/${PROJECT}/topics/odd`, labels: {} });
    cloud.secrets.seed({ project: PROJECT, secretId: 'odd', payloads: ['one'] });
    cloud.keyring.issue(
      { keyId: 'odd-key', project: NUMBER, kind: 'standard', annotations: {}, restrictions: { apiTargets: [] } },
      0,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
        fc.constantFrom(...PATHS),
        fc.constantFrom(...VERBS),
        fc.dictionary(fc.constantFrom(...QUERIES), word, { maxKeys: 3 }),
        fc.constantFrom({ 'x-goog-api-key': STANDARD }, { 'x-goog-api-key': AUTH }, { authorization: 'Bearer x' }, {}),
        body,
        async (method, path, verb, query, headers, text) => {
          cloud.faults.clear();
          const suffix = new URLSearchParams(query).toString();
          const heard = await cloud.ask(method, `${path}${verb}?${suffix}`, {
            headers: { ...headers, 'metadata-flavor': 'Google' },
            ...(method === 'GET' ? {} : { body: text }),
          });
          // The pretend cloud says itself what of Google's it does not have.
          expect([500, 502, 503, 504]).not.toContain(heard.status);
        },
      ),
      { numRuns: RUNS },
    );
    expect((await cloud.control('GET state')).status).toBe(200);
  },
  MINUTE_MS,
);
