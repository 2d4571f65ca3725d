import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PassThroughClient } from 'google-auth-library';
import { ANY_PROJECT, type EstateQuestion } from '../../../src/app/ports/estate.ts';
import { assetInventory } from '../../../src/edge/assets/asset-inventory.ts';
import { ORGANIZATION } from '../../../src/emulator/world/hierarchy.ts';
import { bearer } from '../../support/bearer.ts';
import { MINUTE_MS, NUMBER, OTHER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { deploy, mayRead, template } from '../../support/consumers.ts';
import { stillClock } from '../../support/still-clock.ts';

const SERVICE = 'run.googleapis.com/Service';
const TEST = { number: NUMBER, id: PROJECT };
const SECOND = { number: '210987654321', id: OTHER };
const DEMO = 'demo-project';
const ORG = ORGANIZATION;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
});
afterEach(() => cloud.close());

async function found(question: Partial<EstateQuestion> = {}, token?: string) {
  const estate = assetInventory({
    url: cloud.url,
    clock: stillClock(),
    random: () => 0,
    authClient: token === undefined ? new PassThroughClient() : bearer(token),
  });
  try {
    return await estate.projects({ scope: ORG, holding: [SERVICE], chargedTo: PROJECT, ...question });
  } finally {
    await estate.close();
  }
}

test('projects of the organisation are those that hold something of a type, each once, by number and id', async () => {
  await deploy(cloud, 'api', { template: template([]) });
  await deploy(cloud, 'web', { template: template([]) });
  expect(await found()).toEqual({ projects: [TEST], notLooked: [], barred: false });
  expect((await found({ holding: ['run.googleapis.com/Job', 'run.googleapis.com/WorkerPool'] })).projects).toEqual([]);
});

test('all of them are found by their own type', async () => {
  const { projects } = await found({ holding: [ANY_PROJECT] });
  expect(projects).toEqual([TEST, SECOND, { number: expect.any(String), id: DEMO }]);
});

test('below a folder are its own alone', async () => {
  await cloud.control('POST projects', { project: OTHER, folder: 'folders/7' });
  expect((await found({ scope: 'folders/7', holding: [ANY_PROJECT] })).projects).toEqual([SECOND]);
  expect((await found({ holding: [ANY_PROJECT] })).projects).toContainEqual(SECOND);
});

test('pages are followed to the last', async () => {
  for (let at = 0; at < 600; at += 1) cloud.names.add(`web-${String(at).padStart(4, '0')}`);
  const { projects } = await found({ holding: [ANY_PROJECT] });
  expect(projects.length).toBe(603);
  expect(cloud.requests().filter(({ path }) => path.endsWith(':searchAllResources')).length).toBe(2);
});

test('what was found before a page fails is kept, and the gap is said', async () => {
  for (let at = 0; at < 600; at += 1) cloud.names.add(`web-${String(at).padStart(4, '0')}`);
  await cloud.control('POST faults', { match: { service: 'assets', nth: 2 }, times: 5, status: 503 });
  const gap = await found({ holding: [ANY_PROJECT] });
  expect(gap.projects.length).toBe(500);
  expect(gap).toMatchObject({ notLooked: [expect.stringContaining(`Cannot search ${ORG}`)], barred: false });
});

test('a refusal for the rate is waited out', async () => {
  await cloud.control('POST faults', { match: { service: 'assets' }, times: 4, status: 429 });
  expect((await found({ holding: [ANY_PROJECT] })).projects.length).toBe(3);
});

test('whoever may not search is told what to have granted, which is not the same as no projects', async () => {
  const email = `worker@${PROJECT}.iam.gserviceaccount.com`;
  cloud.iam.register('worker', email);
  const refused = await found({}, 'worker');
  expect(refused).toMatchObject({ projects: [], barred: true });
  expect(refused.notLooked.join()).toContain('cloudasset.assets.searchAllResources');
  cloud.iam.grant(ORG, `serviceAccount:${email}`, 'roles/cloudasset.viewer');
  expect(await found({ holding: [ANY_PROJECT] }, 'worker')).toMatchObject({ notLooked: [], barred: false });
  cloud.iam.revoke(ORG, `serviceAccount:${email}`, 'roles/cloudasset.viewer');
  expect(await found({}, 'worker')).toMatchObject({ barred: true });
});

test('an organisation that there is not is a refusal', async () => {
  expect(await found({ scope: 'organizations/2' })).toMatchObject({ projects: [], barred: true });
});

test('the inventory lags: what was made a moment ago is not in it yet', async () => {
  await cloud.control('POST lag', { inventoryLagMs: 60 * MINUTE_MS });
  await deploy(cloud, 'api', { template: template([]) });
  expect((await found()).projects).toEqual([]);
  await cloud.advance(61 * MINUTE_MS);
  expect((await found()).projects).toEqual([TEST]);
});

test('one that is being deleted is left out, and one whose id is told nowhere is known by its number', async () => {
  const all = [
    { assetType: ANY_PROJECT, name: '//x/projects/gone-proj', project: 'projects/111', state: 'DELETE_REQUESTED' },
    { assetType: ANY_PROJECT, name: '//x/projects/222', project: 'projects/222' },
    { assetType: ANY_PROJECT, name: '//x/projects/named-proj', project: 'projects/333' },
    { assetType: SERVICE, project: 'projects/111' },
    { assetType: SERVICE, project: 'projects/222' },
    { assetType: SERVICE, project: 'projects/333' },
    { assetType: SERVICE },
  ];
  await cloud.control('POST faults', { match: { service: 'assets' }, status: 200, body: { results: all } });
  expect((await found()).projects).toEqual([
    { number: '222', id: undefined },
    { number: '333', id: 'named-proj' },
  ]);
});
