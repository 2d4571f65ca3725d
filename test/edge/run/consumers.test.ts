import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PassThroughClient } from 'google-auth-library';
import type { Roll } from '../../../src/app/ports/consumers.ts';
import type { Consumer } from '../../../src/core/consumers/consumer.ts';
import { googleConsumers } from '../../../src/edge/run/consumers.ts';
import { bearer } from '../../support/bearer.ts';
import { NUMBER, OTHER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { ACCOUNT, deploy, fileTemplate, mayRead, PLACE, seen, template, variable } from '../../support/consumers.ts';
import { stillClock } from '../../support/still-clock.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  for (const secretId of ['gemini', 'maps'])
    cloud.secrets.seed({ project: PROJECT, secretId, payloads: ['one', 'two'], aliases: { current: 1 } });
});
afterEach(() => cloud.close());

/** Who reads `gemini`, as somebody with these roles sees it; the owner without any. */
async function roll(roles?: readonly string[], project = PROJECT): Promise<Roll> {
  const email = `worker@${PROJECT}.iam.gserviceaccount.com`;
  cloud.iam.register('worker', email);
  for (const role of roles ?? []) cloud.iam.grant(PROJECT, `serviceAccount:${email}`, role);
  const consumers = googleConsumers({
    url: cloud.url,
    clock: stillClock(),
    random: () => 0,
    authClient: roles === undefined ? new PassThroughClient() : bearer('worker'),
  });
  try {
    return await consumers.of(project, ['gemini']);
  } finally {
    await consumers.close();
  }
}

async function only(): Promise<Consumer> {
  const { consumers, notLooked } = await roll();
  expect(notLooked).toEqual([]);
  const [first, ...others] = consumers;
  if (first === undefined || others.length > 0) throw new Error(`${consumers.length} consumers`);
  return first;
}

const KEY = variable('KEY', 'gemini', 'current');
const SECRET = { project: PROJECT, location: 'global', secret: 'gemini' };

describe('a service', () => {
  test('is found in any region, with what its revision reads and since when', async () => {
    const west4 = `/v2/projects/${PROJECT}/locations/europe-west4/services?serviceId=api`;
    await cloud.ask('POST', west4, { body: { template: template([KEY]), labels: { team: 'search' } } });
    expect(await only()).toEqual({
      kind: 'service',
      name: `projects/${PROJECT}/locations/europe-west4/services/api`,
      project: PROJECT,
      region: 'europe-west4',
      labels: { team: 'search' },
      account: ACCOUNT,
      deployedBy: 'hand',
      template: [{ secret: SECRET, version: 'current', by: 'variable', at: 'KEY' }],
      running: [
        {
          name: expect.stringMatching(/^api-00001-/),
          since: Date.parse('2026-11-24T12:00:00Z'),
          share: 100,
          tag: undefined,
          reads: [{ secret: SECRET, version: 'current', by: 'variable', at: 'KEY' }],
        },
      ],
      follows: true,
    });
  });

  test('reads a file, a sidecar’s variable, and a secret of another project', async () => {
    const other = `projects/${NUMBER}/secrets/gemini`;
    const main = fileTemplate('gemini', '2');
    const containers = [...main.containers, { image: 'sidecar', env: [variable('PROXY_KEY', other, 'latest')] }];
    await deploy(cloud, 'api', { template: { ...main, containers } });
    expect((await only()).template).toEqual([
      { secret: { ...SECRET, project: NUMBER }, version: 'latest', by: 'variable', at: 'PROXY_KEY' },
      { secret: SECRET, version: '2', by: 'file', at: '/secrets/key' },
    ]);
  });

  test('a volume without items is the latest, in a file that is named like the secret', async () => {
    const volumes = [{ name: 'keys', secret: { secret: 'gemini' } }];
    await deploy(cloud, 'api', { template: { ...fileTemplate('gemini', '1'), volumes } });
    expect((await only()).template).toMatchObject([{ version: 'latest', by: 'file', at: '/secrets/gemini' }]);
  });

  test('that reads other secrets alone is not among them', async () => {
    await deploy(cloud, 'maps', { template: template([variable('KEY', 'maps', 'current')]) });
    expect(await roll()).toEqual({ consumers: [], notLooked: [], barred: false });
  });

  test('is found by the revision that serves, although its template reads no longer', async () => {
    await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', '1')]) });
    const revision = String((await seen(cloud, `/v2/${PLACE}/services/api`))['latestReadyRevision'])
      .split('/')
      .at(-1);
    const traffic = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent: 100 }];
    await cloud.ask('PATCH', `/v2/${PLACE}/services/api?updateMask=traffic`, { body: { traffic } });
    const body = { template: { containers: [{ image: 'app' }] } };
    await cloud.ask('PATCH', `/v2/${PLACE}/services/api?updateMask=template.containers`, { body });
    expect(await only()).toMatchObject({
      follows: false,
      template: [],
      running: [{ name: revision, share: 100, reads: [{ version: '1' }] }],
    });
  });

  test('is read by a revision that only a tag names, too', async () => {
    await deploy(cloud, 'api', { template: template([variable('KEY', 'gemini', '1')]) });
    const revision = String((await seen(cloud, `/v2/${PLACE}/services/api`))['latestReadyRevision'])
      .split('/')
      .at(-1);
    const traffic = [
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, tag: 'before' },
    ];
    await cloud.ask('PATCH', `/v2/${PLACE}/services/api?updateMask=traffic,template.containers`, {
      body: { traffic, template: template([KEY]) },
    });
    expect(await only()).toMatchObject({
      follows: true,
      running: [
        { share: 100, reads: [{ version: 'current' }] },
        { share: 0, tag: 'before', reads: [{ version: '1' }] },
      ],
    });
  });
});

test('a job is found, with the executions that run', async () => {
  const path = `/v2/${PLACE}/jobs`;
  await cloud.ask('POST', `${path}?jobId=nightly`, { body: { template: { template: template([KEY]) } } });
  expect(await only()).toMatchObject({
    kind: 'job',
    account: ACCOUNT,
    template: [{ version: 'current' }],
    running: [],
  });
  await cloud.ask('POST', `${path}/nightly:run`, { body: {} });
  expect(await only()).toMatchObject({
    running: [{ name: expect.stringMatching(/^nightly-/), reads: [{ at: 'KEY' }] }],
  });
  await cloud.ask('PATCH', `${path}/nightly`, { body: { template: { template: template([]) } } });
  expect(await only()).toMatchObject({ template: [], running: [{ reads: [{ version: 'current' }] }] });
  await cloud.advance(3_600_000);
  expect((await roll()).consumers).toEqual([]);
});

test('a worker pool is found', async () => {
  await cloud.ask('POST', `/v2/${PLACE}/workerPools?workerPoolId=pool`, { body: { template: template([KEY]) } });
  expect(await only()).toMatchObject({
    kind: 'workerPool',
    running: [{ share: 100, reads: [{ version: 'current' }] }],
  });
});

describe('a function', () => {
  const make = (id: string, body: unknown) => cloud.ask('POST', `/v2/${PLACE}/functions?functionId=${id}`, { body });
  const config = {
    serviceAccountEmail: ACCOUNT,
    secretEnvironmentVariables: [{ key: 'KEY', projectId: PROJECT, secret: 'gemini', version: '1' }],
  };

  test('of the second generation is one consumer, with its service', async () => {
    await make('Hello', { serviceConfig: config, labels: { 'deployment-tool': 'cli-firebase' } });
    expect(await only()).toMatchObject({
      kind: 'function',
      name: `${PLACE}/functions/Hello`,
      region: 'europe-west1',
      deployedBy: 'firebase',
      template: [{ secret: SECRET, version: '1', by: 'variable', at: 'KEY' }],
      running: [{ name: expect.stringMatching(/^hello-00001-/), share: 100, reads: [{ version: '1' }] }],
    });
  });

  test('of the first generation runs as it was deployed', async () => {
    const secretVolumes = [
      { mountPath: '/keys', projectId: PROJECT, secret: 'gemini', versions: [{ version: '2', path: 'key' }] },
    ];
    await make('old', { environment: 'GEN_1', serviceConfig: { serviceAccountEmail: ACCOUNT, secretVolumes } });
    expect(await only()).toMatchObject({
      kind: 'function',
      deployedBy: 'hand',
      running: [
        {
          name: 'deployed',
          since: Date.parse('2026-11-24T12:00:00Z'),
          reads: [{ by: 'file', at: '/keys/key', version: '2' }],
        },
      ],
    });
  });

  test('in a region that does not answer is not looked at, which is said', async () => {
    await make('hello', { serviceConfig: config });
    await cloud.control('POST pace', { unreachable: ['europe-west1'] });
    const { consumers, notLooked, barred } = await roll();
    expect(consumers).toMatchObject([{ kind: 'service' }]);
    expect(notLooked).toEqual([`functions of ${PROJECT} in europe-west1 could not be reached`]);
    expect(barred).toBe(false);
  });
});

describe('what could not be looked at is said', () => {
  beforeEach(async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
  });

  test('in a region that fails; the others are looked at', async () => {
    await cloud.control('POST faults', {
      match: { service: 'run', path: 'locations/europe-west4/jobs' },
      times: 3,
      status: 503,
    });
    const { consumers, notLooked, barred } = await roll();
    expect(consumers).toHaveLength(1);
    expect(notLooked).toEqual([expect.stringContaining(`list the jobs of Cloud Run in ${PROJECT} (europe-west4)`)]);
    expect(barred).toBe(false);
  });

  test('without a permission, once and not for every region', async () => {
    const { consumers, notLooked, barred } = await roll(['roles/cloudfunctions.viewer']);
    expect(consumers).toEqual([]);
    expect(notLooked).toEqual([expect.stringContaining('list the regions of Cloud Run')]);
    expect(barred).toBe(true);
  });

  test('for each kind that may not be listed', async () => {
    cloud.iam.defineRole('projects/test-proj/roles/some', [
      'run.locations.list',
      'run.services.list',
      'run.revisions.get',
    ]);
    const { consumers, notLooked } = await roll(['projects/test-proj/roles/some']);
    expect(consumers).toHaveLength(1);
    expect(notLooked).toEqual([
      expect.stringContaining('list the workerPools'),
      expect.stringContaining('list the jobs'),
      expect.stringContaining('list the functions'),
    ]);
    expect(notLooked.join()).toContain('run.jobs.list');
  });

  test('of a revision that cannot be read; its template is known', async () => {
    cloud.iam.defineRole('projects/test-proj/roles/some', ['run.locations.list', 'run.services.list']);
    const { consumers, notLooked } = await roll(['projects/test-proj/roles/some']);
    expect(consumers).toMatchObject([{ running: [], template: [{ version: 'current' }] }]);
    expect(notLooked).toEqual(expect.arrayContaining([expect.stringContaining('look at revision api-00001')]));
  });

  test('of the executions of a job', async () => {
    await cloud.ask('POST', `/v2/${PLACE}/jobs?jobId=nightly`, { body: { template: { template: template([KEY]) } } });
    await cloud.control('POST faults', { match: { path: 'nightly/executions' }, status: 403 });
    expect((await roll()).notLooked).toEqual([expect.stringContaining('list the executions of')]);
  });

  test.each([
    ['another project', OTHER],
    ['a project that there is not', 'no-such-project'],
    ['what is no project', 'a/b'],
  ])('of %s', async (_, project) => {
    const { consumers, notLooked, barred } = await roll(['roles/run.viewer', 'roles/cloudfunctions.viewer'], project);
    expect([consumers, barred]).toEqual([[], true]);
    expect(notLooked.length).toBeGreaterThan(0);
  });

  test('where an API is not enabled', async () => {
    cloud.iam.setApi(PROJECT, 'run', false);
    const { notLooked } = await roll();
    expect(notLooked.join('\n')).toMatch(/list the services of Cloud Run.*has not been used|disabled/s);
    expect(notLooked).toHaveLength(3);
  });
});
