import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Reviser } from '../../../src/app/ports/reviser.ts';
import { meantBy } from '../../../src/core/consumers/meant.ts';
import { cloudRunReviser } from '../../../src/edge/run/reviser.ts';
import { START, NUMBER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { deploy, mayRead, PLACE, seen, template, variable } from '../../support/consumers.ts';
import { stillClock } from '../../support/still-clock.ts';

const API = `${PLACE}/services/api`;
const MARK = { reached: `projects/${NUMBER}/secrets/gemini=2@kw-1`, undone: undefined };
const isGemini = meantBy(`projects/${NUMBER}/secrets/gemini`, [PROJECT]);

let cloud: TestCloud;
let reviser: Reviser & { close(): Promise<void> };
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: ['one', 'two'], aliases: { current: 1 } });
  reviser = cloudRunReviser({ url: cloud.url, clock: stillClock(), random: () => 0 });
});
afterEach(async () => {
  await reviser.close();
  await cloud.close();
});

const current = template([variable('KEY', 'gemini', 'current')], { annotations: { team: 'search' } });
const service = () => seen(cloud, `/v2/${API}`);

describe('a new revision', () => {
  test('is made by the mark alone: nothing else of the service changes', async () => {
    await deploy(cloud, 'api', { template: current, annotations: { owner: 'ads' }, labels: { team: 'search' } });
    const before = await service();
    await reviser.revise(await reviser.look(API), MARK);
    const after = await service();
    expect(after['latestReadyRevision']).not.toBe(before['latestReadyRevision']);
    expect(after).toMatchObject({
      annotations: { owner: 'ads' },
      labels: { team: 'search' },
      template: { ...current, annotations: { team: 'search', 'key-warden.reached': MARK.reached } },
    });
    expect(await reviser.look(API)).toMatchObject({ ...MARK, state: 'ready', changedAt: START });
  });

  test('is none where the mark is there already', async () => {
    await deploy(cloud, 'api', { template: current });
    await reviser.revise(await reviser.look(API), MARK);
    const { latestReadyRevision } = await service();
    await reviser.revise(await reviser.look(API), MARK);
    expect(await service()).toMatchObject({ latestReadyRevision });
  });

  test('is refused where somebody deployed since', async () => {
    await deploy(cloud, 'api', { template: current });
    const old = await reviser.look(API);
    await reviser.revise(await reviser.look(API), MARK);
    await expect(reviser.revise(old, { ...MARK, reached: 'another' })).rejects.toMatchObject({ code: 'stale' });
  });

  test('is made also where the template has a name, which would be refused', async () => {
    await deploy(cloud, 'api', { template: { ...current, revision: 'api-one' } });
    await reviser.revise(await reviser.look(API), MARK);
    expect(await reviser.look(API)).toMatchObject({ ...MARK, state: 'ready' });
  });

  test('of a service that somebody deleted makes none again', async () => {
    await deploy(cloud, 'api', { template: current });
    const old = await reviser.look(API);
    await cloud.ask('DELETE', `/v2/${API}`);
    await expect(reviser.look(API)).rejects.toMatchObject({ code: 'not_found' });
    await expect(reviser.revise(old, MARK)).rejects.toMatchObject({ code: 'not_found' });
    expect((await cloud.ask('GET', `/v2/${API}`)).status).toBe(404);
  });

  test('of a worker pool is made in the same way', async () => {
    const pool = `${PLACE}/workerPools/indexer`;
    await cloud.ask('POST', `/v2/${PLACE}/workerPools?workerPoolId=indexer`, { body: { template: current } });
    expect(await reviser.look(pool)).toMatchObject({ state: 'ready', reached: undefined });
    await reviser.revise(await reviser.look(pool), MARK);
    expect(await reviser.look(pool)).toMatchObject({ ...MARK, state: 'ready' });
  });

  test('moves the numbers that are meant, and no others', async () => {
    const env = [
      variable('KEY', 'gemini', '1'),
      variable('FULL', `projects/${NUMBER}/secrets/gemini`, '1'),
      variable('NEWER', 'gemini', 'latest'),
      { name: 'PLAIN', value: '1' },
    ];
    cloud.secrets.seed({ project: PROJECT, secretId: 'other', payloads: ['x'] });
    await deploy(cloud, 'api', { template: template([...env, variable('OTHER', 'other', '1')]) });
    const pins = { isMeant: (read: Parameters<typeof isGemini>[0]) => isGemini(read) && read.version === '1', to: '2' };
    await reviser.revise(await reviser.look(API), { ...MARK, pins });
    expect(await service()).toMatchObject({
      template: {
        containers: [
          {
            env: [
              variable('KEY', 'gemini', '2'),
              variable('FULL', `projects/${NUMBER}/secrets/gemini`, '2'),
              variable('NEWER', 'gemini', 'latest'),
              { name: 'PLAIN', value: '1' },
              variable('OTHER', 'other', '1'),
            ],
          },
        ],
      },
    });
  });
});

describe('how a deployment fares', () => {
  test('it is on its way until its revision is ready', async () => {
    await deploy(cloud, 'api', { template: current });
    await cloud.control('POST pace', { readyMs: 20_000 });
    await reviser.revise(await reviser.look(API), MARK);
    expect(await reviser.look(API)).toMatchObject({ state: 'underway' });
    await cloud.advance(20_000);
    expect(await reviser.look(API)).toMatchObject({ state: 'ready' });
  });

  test('one that does not come up has failed, says why, and can be put back with a word on the service', async () => {
    await deploy(cloud, 'api', { template: current });
    await cloud.control('POST unready', { name: API, times: 1 });
    await reviser.revise(await reviser.look(API), MARK);
    const failed = await reviser.look(API);
    expect(failed).toMatchObject({ state: 'failed', why: expect.stringContaining('HEALTH_CHECK_CONTAINER_ERROR') });
    await reviser.revise(failed, { reached: undefined, undone: MARK.reached });
    expect(await reviser.look(API)).toMatchObject({ state: 'ready', reached: undefined, undone: MARK.reached });
    expect((await service())['template']).toMatchObject(current);
    await reviser.revise(await reviser.look(API), MARK);
    expect(await reviser.look(API)).toMatchObject(MARK);
  });

  test('with traffic on a revision that somebody named it is ready and has none', async () => {
    await deploy(cloud, 'api', { template: current });
    const { latestReadyRevision } = await service();
    const revision = String(latestReadyRevision).split('/').at(-1);
    const traffic = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent: 100 }];
    await cloud.ask('PATCH', `/v2/${API}?updateMask=traffic`, { body: { traffic } });
    expect(await reviser.look(API)).toMatchObject({ state: 'ready' });
    await reviser.revise(await reviser.look(API), MARK);
    expect(await reviser.look(API)).toMatchObject({ state: 'underway' });
  });

  test('no permission is said with what is missing', async () => {
    await deploy(cloud, 'api', { template: current });
    await cloud.control('POST faults', { match: { service: 'run', method: 'PATCH' }, status: 403 });
    const looked = await reviser.look(API);
    await expect(reviser.revise(looked, MARK)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('run.services.update'),
    });
  });
});

test.each(['api', 'projects/p/locations/l/jobs/j', `${API}?allowMissing=true`])(
  '%s is no name that gets into a path',
  async (name) => {
    await expect(reviser.look(name)).rejects.toMatchObject({ code: 'invalid' });
  },
);
