import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DAY_MS, MINUTE_MS, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';
import { deploy, fileTemplate, mayRead, PLACE, template, variable } from '../../support/consumers.ts';

const SECRET = `projects/${PROJECT}/secrets/gemini`;
const OLD = STANDARD;
const NEW = STANDARD.replace(/.$/, 'z');
const API = `${PLACE}/services/api`;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: [OLD, `${NEW}\n`], aliases: { current: 1 } });
  for (const key of [OLD, NEW]) await cloud.control('POST keys', { key, state: 'works', project: PROJECT });
});
afterEach(() => cloud.close());

async function use(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  expect((await cloud.control('POST consumers', { name, perMinute: 1, ...more })).status).toBe(200);
}

async function promote(): Promise<void> {
  await cloud.ask('PATCH', `/v1/${SECRET}?updateMask=versionAliases`, { body: { versionAliases: { current: '2' } } });
}

/** What became of the only consumer that sends traffic. */
async function tally() {
  const { consumers } = (await cloud.control('GET consumers')).json() as {
    consumers: readonly Record<string, unknown>[];
  };
  return consumers[0];
}

test('an instance keeps what it read at its start: a moved alias is seen by the next one', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', 'current')]) });
  await use(API);
  await cloud.advance(10 * MINUTE_MS);
  await promote();
  await cloud.advance(10 * MINUTE_MS);
  expect(await tally()).toMatchObject({
    sent: 21,
    refused: 0,
    instances: [{ startedAt: '2026-11-24T12:00:00.000Z', versions: { KEY: expect.stringMatching(/versions\/1$/) } }],
  });
  await cloud.advance(DAY_MS);
  expect(await tally()).toMatchObject({ instances: [{ versions: { KEY: expect.stringMatching(/versions\/2$/) } }] });
});

test('a file is fetched at every read', async () => {
  await deploy(cloud, 'api', { template: fileTemplate('gemini', 'current') });
  await use(API);
  await promote();
  await cloud.control('POST keys', { key: OLD, state: 'invalid', project: PROJECT });
  await cloud.advance(5 * MINUTE_MS);
  expect(await tally()).toMatchObject({ sent: 6, refused: 0 });
});

test('a dead key is refused until an instance starts anew, and every refusal is counted', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', 'current')]) });
  await use(API);
  await cloud.advance(0);
  await promote();
  await cloud.control('POST keys', { key: OLD, state: 'invalid', project: PROJECT });
  await cloud.advance(5 * MINUTE_MS);
  expect(await tally()).toMatchObject({ sent: 6, refused: 5 });
  await cloud.ask('PATCH', `/v2/${API}?updateMask=template.labels`, { body: { template: { labels: { a: 'b' } } } });
  await cloud.advance(5 * MINUTE_MS);
  expect(await tally()).toMatchObject({ sent: 11, refused: 5 });
});

test('a version that is disabled bites at the next start, not at once', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', '1')]) });
  await use(API);
  await cloud.advance(0);
  await cloud.ask('POST', `/v1/${SECRET}/versions/1:disable`);
  await cloud.advance(60 * MINUTE_MS);
  expect(await tally()).toMatchObject({ sent: 61, refused: 0 });
  await cloud.advance(DAY_MS);
  expect(await tally()).toMatchObject({
    refused: 61,
    lastTrouble: expect.stringMatching(
      /^Could not fetch secret ".*" for environment variable "KEY"\. Instance startup will now abort: .*DISABLED state/,
    ),
  });
});

test('what is called seldom is scaled to zero between, so each request starts an instance', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', 'current')]) });
  await use(API, { perMinute: 1 / 60 });
  await cloud.advance(0);
  await promote();
  await cloud.advance(60 * MINUTE_MS);
  expect(await tally()).toMatchObject({
    sent: 2,
    instances: [{ versions: { KEY: expect.stringMatching(/versions\/2$/) } }],
  });
});

test('traffic is met by its shares', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', '1')]) });
  const [first] = cloud.run.serving(API) ?? [];
  await cloud.ask('PATCH', `/v2/${API}?updateMask=template.containers`, {
    body: { template: template([variable('KEY', 'gemini', '2')]) },
  });
  const byName = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: first?.revision, percent: 30 };
  const rest = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 70 };
  await cloud.ask('PATCH', `/v2/${API}?updateMask=traffic`, { body: { traffic: [byName, rest] } });
  await cloud.control('POST keys', { key: OLD, state: 'invalid', project: PROJECT });
  await use(API, { perMinute: 100 });
  await cloud.advance(MINUTE_MS - 1);
  expect(await tally()).toMatchObject({ sent: 100, refused: 30 });
});

test('tasks of a job read when they start, and are executions meanwhile', async () => {
  const body = { template: { template: template([variable('KEY', 'gemini', 'latest')]) } };
  await cloud.ask('POST', `/v2/${PLACE}/jobs?jobId=nightly`, { body });
  await use(`${PLACE}/jobs/nightly`, { livesSeconds: 600 });
  await cloud.advance(25 * MINUTE_MS);
  expect(await tally()).toMatchObject({ sent: 26, refused: 0 });
  expect((await cloud.ask('GET', `/v2/${PLACE}/jobs/nightly`)).json()).toMatchObject({ executionCount: 3 });
});

test('its use is counted where Monitoring looks, at the time of each request', async () => {
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', 'current')]) });
  await use(API);
  await cloud.advance(3 * MINUTE_MS);
  const [series] = cloud.meter.between(0, cloud.clock.now() + MINUTE_MS);
  expect(series?.minutes.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
});

test('a consumer that is not there sends nothing, and no traffic ends it', async () => {
  expect((await cloud.control('POST consumers', { name: API, perMinute: 1 })).status).toBe(404);
  await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', 'current')]) });
  await use(API);
  await use(API, { perMinute: 0 });
  await cloud.advance(DAY_MS);
  expect(await tally()).toMatchObject({ sent: 1 });
});
