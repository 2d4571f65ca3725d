import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ORGANIZATION } from '../../../src/emulator/world/hierarchy.ts';
import { NUMBER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';
import { deploy, mayRead, PLACE, template } from '../../support/consumers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
});
afterEach(() => cloud.close());

const search = async (query = '', scope = ORGANIZATION) => cloud.ask('GET', `/v1/${scope}:searchAllResources${query}`);
const results = async (query?: string, scope?: string): Promise<unknown> => {
  const answer = (await search(query, scope)).json() as { readonly results?: unknown };
  return answer.results ?? [];
};

test('a service is found with its place and labels, and without its settings', async () => {
  await cloud.control('POST projects', { project: PROJECT, number: NUMBER, folder: 'folders/7' });
  await deploy(cloud, 'api', { template: template([]), labels: { team: 'search' } });
  expect(await results('?assetTypes=run.googleapis.com/Service')).toEqual([
    {
      name: `//run.googleapis.com/${PLACE}/services/api`,
      assetType: 'run.googleapis.com/Service',
      project: `projects/${NUMBER}`,
      folders: ['folders/7'],
      organization: ORGANIZATION,
      displayName: 'api',
      location: 'europe-west1',
      labels: { team: 'search' },
      createTime: '2026-11-24T12:00:00Z',
      parentFullResourceName: `//cloudresourcemanager.googleapis.com/projects/${PROJECT}`,
      parentAssetType: 'cloudresourcemanager.googleapis.com/Project',
    },
  ]);
});

test('types are regular expressions over the whole, several are or-ed, and one about nothing is refused', async () => {
  await deploy(cloud, 'api', { template: template([]) });
  await cloud.ask('POST', `/v2/${PLACE}/functions?functionId=old`, { body: { environment: 'GEN_1' } });
  await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
  const types = async (query: string) =>
    ((await results(query)) as readonly { readonly assetType: string }[]).map(({ assetType }) => assetType);
  expect(await types('?assetTypes=run.googleapis.com.*&assetTypes=apikeys.googleapis.com/Key')).toEqual([
    'run.googleapis.com/Service',
    'apikeys.googleapis.com/Key',
  ]);
  expect(await types('?asset_types=cloudfunctions.*')).toEqual([
    'cloudfunctions.googleapis.com/CloudFunction',
    'cloudfunctions.googleapis.com/Function',
  ]);
  expect((await types('')).length).toBe(7);
  for (const odd of ['no.googleapis.com/Such', 'Service', '(']) {
    expect((await search(`?assetTypes=${odd}`)).status).toBe(400);
  }
});

test('a mask leaves some fields, and pages have tokens', async () => {
  const first = (await search('?readMask=name,asset_type&pageSize=1')).json();
  expect(first).toEqual({
    results: [{ name: expect.any(String), assetType: 'cloudresourcemanager.googleapis.com/Project' }],
    nextPageToken: expect.any(String),
  });
});

test('a project is a scope of its own', async () => {
  expect(await results('', `projects/${PROJECT}`)).toMatchObject([
    { assetType: 'cloudresourcemanager.googleapis.com/Project', additionalAttributes: { projectId: PROJECT } },
  ]);
});

test('a query and an order are said to be missing here, and so are the other methods', async () => {
  expect((await search('?query=name:x')).status).toBe(501);
  expect((await search('?orderBy=name')).status).toBe(501);
  expect((await cloud.ask('GET', `/v1/${ORGANIZATION}/assets`)).status).toBe(501);
});

test('a seed file puts projects into their folders again, and grants on the organisation', async () => {
  const member = 'user:ann@example.com';
  await cloud.control('POST projects', { project: PROJECT, folder: 'folders/7' });
  await cloud.control('POST grants', { project: ORGANIZATION, member, role: 'roles/cloudasset.viewer' });
  expect((await cloud.control('GET seed')).json()).toMatchObject({
    calls: expect.arrayContaining([
      ['POST /_emulator/projects', { project: PROJECT, number: NUMBER, folder: 'folders/7' }],
      ['POST /_emulator/grants', { project: ORGANIZATION, member, role: 'roles/cloudasset.viewer' }],
    ]),
  });
  expect((await cloud.control('POST projects', { project: PROJECT, folder: 'seven' })).status).toBe(400);
});

test('whoever may do something on a folder may do it in its projects', async () => {
  await cloud.control('POST projects', { project: PROJECT, folder: 'folders/7' });
  const { accessToken } = (await cloud.control('POST token', { email: 'ann@example.com' })).json() as {
    readonly accessToken: string;
  };
  const headers = { authorization: `Bearer ${accessToken}` };
  const list = () => cloud.ask('GET', `/v2/${PLACE}/services`, { headers });
  expect((await list()).status).toBe(403);
  await cloud.control('POST grants', {
    project: 'folders/7',
    member: 'user:ann@example.com',
    role: 'roles/run.viewer',
  });
  expect((await list()).status).toBe(200);
});
