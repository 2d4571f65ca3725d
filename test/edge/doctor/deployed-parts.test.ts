import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeployedParts } from '../../../src/app/doctor/deployed-parts.ts';
import { googleDeployedParts } from '../../../src/edge/doctor/deployed-parts.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';
import { stillClock } from '../../support/still-clock.ts';

const TOPIC = 'projects/demo-project/topics/alerts';
const MISSING = refusal(404, 'NOT_FOUND', 'Resource not found (resource=alerts).');
const DENIED = refusal(403, 'PERMISSION_DENIED', 'No.');
const BUSY = refusal(503, 'UNAVAILABLE', 'Later.');

function looking<T>(script: readonly Line[], look: (deployedParts: DeployedParts) => Promise<T>) {
  return scriptedGoogle(script, async ({ url, clock, random }) => {
    const deployedParts = googleDeployedParts({ pubsubUrl: url, schedulerUrl: url, clock, random });
    try {
      return await look(deployedParts);
    } finally {
      await deployedParts.close();
    }
  });
}

describe('a topic', () => {
  const topic = (script: readonly Line[]) => looking(script, (deployedParts) => deployedParts.topic(TOPIC));

  test('that may be published to costs one call', async () => {
    const { outcome, heard } = await topic([{ body: { permissions: ['pubsub.topics.publish'] } }]);
    expect(outcome).toBe('publishable');
    expect(heard).toMatchObject([
      { method: 'POST', path: `/v1/${TOPIC}:testIamPermissions`, body: { permissions: ['pubsub.topics.publish'] } },
    ]);
  });

  test.each<[string, readonly Line[], string]>([
    ['is there', [{ body: {} }, { body: { name: TOPIC } }], 'not_permitted'],
    ['is not there, though Google only says that nothing is permitted', [{ body: {} }, MISSING], 'missing'],
    ['is not there, and Google says so at once', [MISSING, MISSING], 'missing'],
    ['may not be looked at', [{ body: {} }, DENIED], 'hidden'],
    ['answers at the second try', [BUSY, { body: {} }, BUSY, MISSING], 'missing'],
  ])('that %s', async (_, script, state) => {
    expect((await topic(script)).outcome).toBe(state);
  });

  test.each<[string, readonly Line[]]>([
    ['of the permissions', [BUSY, BUSY, BUSY]],
    ['of the topic', [{ body: {} }, BUSY, BUSY, BUSY]],
    [
      'that makes sense',
      [{ body: { permissions: 'all' } }, { body: { permissions: 'all' } }, { body: { permissions: 1 } }],
    ],
  ])('without an answer %s is left open', async (_, script) => {
    expect((await topic(script)).outcome).toMatchObject({ name: 'Fault', code: 'unavailable' });
  });

  test('that is no topic is not asked about', async () => {
    const { outcome, heard } = await looking([], (deployedParts) => deployedParts.topic('alerts'));
    expect(outcome).toMatchObject({ code: 'invalid', message: expect.stringContaining('is not the name of a topic') });
    expect(heard).toEqual([]);
  });
});

describe('the jobs', () => {
  const jobs = (script: readonly Line[], project = 'demo-project', region = 'europe-west1') =>
    looking(script, (deployedParts) => deployedParts.jobs(project, region));

  test('come with the end of their last attempt, from all pages', async () => {
    const name = 'projects/demo-project/locations/europe-west1/jobs/kw-purge';
    const { outcome, heard } = await jobs([
      {
        body: {
          jobs: [{ name, state: 'ENABLED', lastAttemptTime: '2026-11-24T12:00:00Z', status: {} }],
          nextPageToken: 'two',
        },
      },
      { body: { jobs: [{ name, state: 'PAUSED', status: { code: 7 } }, { name }, null, {}] } },
    ]);
    expect(outcome).toEqual([
      { id: 'kw-purge', state: 'ENABLED', lastAttempt: Date.UTC(2026, 10, 24, 12), lastCode: 0 },
      { id: 'kw-purge', state: 'PAUSED', lastAttempt: undefined, lastCode: 7 },
      { id: 'kw-purge', state: 'in an unknown state', lastAttempt: undefined, lastCode: 0 },
    ]);
    expect(heard).toMatchObject([
      { path: '/v1/projects/demo-project/locations/europe-west1/jobs', query: { pageSize: '500' } },
      { query: { pageSize: '500', pageToken: 'two' } },
    ]);
  });

  test('that may not be listed say what to grant', async () => {
    expect((await jobs([DENIED])).outcome).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('cloudscheduler.jobs.list'),
    });
  });

  test.each([
    ['europe', 'a region'],
    ['../x', 'a region'],
  ])('of %s are not asked for: it is not %s', async (region) => {
    const { outcome, heard } = await jobs([], 'demo-project', region);
    expect(outcome).toMatchObject({ code: 'invalid' });
    expect(heard).toEqual([]);
  });
});

test('Google itself is the default', async () => {
  await googleDeployedParts({ clock: stillClock(), random: () => 0 }).close();
});

describe('with the pretend cloud', () => {
  let cloud: TestCloud;
  let deployedParts: ReturnType<typeof googleDeployedParts>;

  beforeEach(async () => {
    cloud = await testCloud();
    const { url } = cloud;
    deployedParts = googleDeployedParts({ pubsubUrl: url, schedulerUrl: url, clock: stillClock(), random: () => 0 });
  });

  afterEach(async () => {
    await deployedParts.close();
    await cloud.close();
  });

  test('topics are as they were made', async () => {
    const topic = 'projects/test-proj/topics/alerts';
    expect(await deployedParts.topic(topic)).toBe('missing');
    await cloud.ask('PUT', `/v1/${topic}`, { body: {} });
    expect(await deployedParts.topic(topic)).toBe('publishable');
  });

  test('jobs are as they ran', async () => {
    expect(await deployedParts.jobs('test-proj', 'europe-west1')).toEqual([]);
    const parent = 'projects/test-proj/locations/europe-west1';
    const body = {
      name: `${parent}/jobs/kw-purge`,
      schedule: '0 3 * * *',
      httpTarget: { uri: `${cloud.url}/nowhere` },
    };
    await cloud.ask('POST', `/v1/${parent}/jobs`, { body });
    await cloud.ask('POST', `/v1/${parent}/jobs/kw-purge:run`);
    expect(await deployedParts.jobs('test-proj', 'europe-west1')).toMatchObject([
      { id: 'kw-purge', state: 'ENABLED', lastCode: 5 },
    ]);
  });
});
