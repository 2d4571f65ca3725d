import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OTHER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { ACCOUNT, deploy, mayRead, PLACE, seen, template, variable } from '../../support/consumers.ts';

const API = `/v2/${PLACE}/services/api`;
const KEY = variable('KEY', 'gemini', 'current');
const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const BY_NAME = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: ['one', 'two'], aliases: { current: 1 } });
});
afterEach(() => cloud.close());

async function patch(mask: string, body: unknown, more = '') {
  return (await cloud.ask('PATCH', `${API}?updateMask=${mask}${more}`, { body })).json();
}

describe('a service', () => {
  test('is made with a revision, which serves once its secrets could be read', async () => {
    expect((await deploy(cloud, 'api', { template: template([KEY]) })).json()).toMatchObject({
      done: true,
      response: { '@type': 'type.googleapis.com/google.cloud.run.v2.Service', name: `${PLACE}/services/api` },
    });
    const service = await seen(cloud, API);
    expect(service).toMatchObject({
      generation: '1',
      observedGeneration: '1',
      terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
      trafficStatuses: [{ type: LATEST, percent: 100 }],
      latestReadyRevision: service['latestCreatedRevision'],
    });
    expect(await seen(cloud, `/v2/${String(service['latestReadyRevision'])}`)).toMatchObject({ service: 'api' });
  });

  test('is listed in its region alone; Run takes no wildcard for it', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    expect(await seen(cloud, `/v2/${PLACE}/services`)).toMatchObject({ services: [{ name: `${PLACE}/services/api` }] });
    expect(await seen(cloud, `/v2/projects/${PROJECT}/locations/europe-west4/services`)).toEqual({});
    expect((await cloud.ask('GET', `/v2/projects/${PROJECT}/locations/-/services`)).status).toBe(400);
  });

  test('is listed page by page', async () => {
    for (const id of ['a', 'b', 'c']) await deploy(cloud, id, { template: template([]) });
    const first = await seen(cloud, `/v2/${PLACE}/services?pageSize=2`);
    expect(first['services']).toHaveLength(2);
    const next = await seen(cloud, `/v2/${PLACE}/services?pageSize=2&pageToken=${String(first['nextPageToken'])}`);
    expect(next['services']).toHaveLength(1);
  });

  test('gets no revision of an equal template, and one where it is forced or an annotation differs', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const { latestCreatedRevision: first } = await seen(cloud, API);
    await patch('template', { template: template([KEY]) });
    expect(await seen(cloud, API)).toMatchObject({ latestCreatedRevision: first, generation: '1' });
    await patch('template.annotations', { template: { annotations: { 'key-warden/rotation': 'r1' } } });
    const { latestReadyRevision: second } = await seen(cloud, API);
    expect(second).not.toBe(first);
    await patch('template', { template: template([KEY]) }, '&forceNewRevision=true');
    expect((await seen(cloud, API))['latestReadyRevision']).not.toBe(second);
  });

  test('a mask replaces a list whole, and leaves the rest', async () => {
    await deploy(cloud, 'api', { template: template([KEY]), labels: { team: 'a' } });
    await patch('template.containers', { template: { containers: [{ image: 'new' }] } });
    expect(await seen(cloud, API)).toMatchObject({
      labels: { team: 'a' },
      template: { serviceAccount: ACCOUNT, containers: [{ image: 'new' }] },
    });
  });

  test('with a name in its template refuses every change until the name is taken out by the mask', async () => {
    await deploy(cloud, 'api', { template: template([KEY], { revision: 'api-one' }) });
    const service = await seen(cloud, API);
    expect(await patch('traffic', { ...service })).toMatchObject({
      error: {
        status: 'ALREADY_EXISTS',
        message: "Revision named 'api-one' with different configuration already exists.",
      },
    });
    const unnamed = template([KEY], { labels: { a: 'b' } });
    expect(await patch('template.revision,template.labels', { template: unnamed })).toMatchObject({ done: true });
    expect((await seen(cloud, API))['latestReadyRevision']).not.toContain('api-one');
  });

  test('a stale etag is refused, a fresh one is taken', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const { etag } = await seen(cloud, API);
    expect(await patch('labels', { labels: { a: '1' }, etag })).toMatchObject({ done: true });
    expect(await patch('labels', { labels: { a: '2' }, etag })).toMatchObject({
      error: { code: 409, status: 'ABORTED' },
    });
  });

  test('traffic that is pinned by name leaves a new revision without any', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const first = String((await seen(cloud, API))['latestReadyRevision'])
      .split('/')
      .at(-1);
    await patch('traffic', { traffic: [{ type: BY_NAME, revision: first, percent: 100 }] });
    await patch('template.labels', { template: { labels: { a: 'b' } } });
    const service = await seen(cloud, API);
    expect(service).toMatchObject({
      terminalCondition: { state: 'CONDITION_SUCCEEDED' },
      trafficStatuses: [{ type: BY_NAME, revision: first, percent: 100 }],
    });
    expect(String(service['latestReadyRevision'])).not.toContain(String(first));
    expect(cloud.run.serving(`${PLACE}/services/api`)).toMatchObject([{ revision: first, share: 100 }]);
  });

  test.each([
    ['that does not sum to 100', { traffic: [{ type: LATEST, percent: 50 }] }],
    ['of a revision that there is not', { traffic: [{ type: BY_NAME, revision: 'nothing', percent: 100 }] }],
  ])('a split %s is refused', async (_, body) => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    expect(await patch('traffic', body)).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  });

  test.each([
    ['an account without the right', 'other', 'Permission denied on secret: '],
    ['a secret that is not there', 'none', 'was not found'],
    ['a version that is disabled', 'off', 'is in DISABLED state'],
  ])('%s fails the deploy, the template stays, the old revision serves', async (_, kind, words) => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const { latestReadyRevision: first, template: old } = await seen(cloud, API);
    cloud.secrets.seed({ project: PROJECT, secretId: 'off', payloads: ['one'] });
    await cloud.ask('POST', `/v1/projects/${PROJECT}/secrets/off/versions/1:disable`);
    const bad =
      kind === 'other'
        ? template([KEY], { serviceAccount: `other@${PROJECT}.iam.gserviceaccount.com` })
        : template([variable('KEY', kind === 'none' ? 'nothing' : 'off', '1')]);
    expect(await patch('template', { template: bad })).toMatchObject({ done: true, error: { code: 13 } });
    const service = await seen(cloud, API);
    expect(service).toMatchObject({
      latestReadyRevision: first,
      observedGeneration: '1',
      generation: '2',
      terminalCondition: { state: 'CONDITION_FAILED', reason: 'SECRETS_ACCESS_CHECK_FAILED' },
    });
    expect(JSON.stringify(service)).toContain(words);
    expect(service['template']).not.toEqual(old);
    await patch('template', { template: old });
    expect(await seen(cloud, API)).toMatchObject({ terminalCondition: { state: 'CONDITION_SUCCEEDED' } });
  });

  test('a revision takes its time by the clock, and the operation with it', async () => {
    await cloud.control('POST pace', { readyMs: 30_000 });
    const started = (await deploy(cloud, 'api', { template: template([KEY]) })).json();
    expect(started).not.toHaveProperty('done');
    expect(await seen(cloud, API)).toMatchObject({
      reconciling: true,
      terminalCondition: { state: 'CONDITION_RECONCILING' },
    });
    await cloud.advance(30_000);
    const { name } = started as { name: string };
    expect(await seen(cloud, `/v2/${name}`)).toMatchObject({ done: true, response: { observedGeneration: '1' } });
    expect(await seen(cloud, `/v2/${PLACE}/operations`)).toMatchObject({ operations: [{ name }] });
  });

  test('a revision that is told to fail never gets the traffic', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const { latestReadyRevision: first } = await seen(cloud, API);
    await cloud.control('POST unready', { name: `${PLACE}/services/api` });
    expect(await patch('template.labels', { template: { labels: { a: 'b' } } })).toMatchObject({ error: { code: 9 } });
    expect(await seen(cloud, API)).toMatchObject({
      latestReadyRevision: first,
      terminalCondition: { revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' },
    });
  });

  test('traffic for a revision that failed wedges the service: the old one serves on', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    await cloud.control('POST unready', { name: `${PLACE}/services/api` });
    await patch('template.labels', { template: { labels: { a: 'b' } } });
    const failed = String((await seen(cloud, API))['latestCreatedRevision'])
      .split('/')
      .at(-1);
    await patch('traffic', { traffic: [{ type: BY_NAME, revision: failed, percent: 100 }] });
    expect(await seen(cloud, API)).toMatchObject({
      trafficStatuses: [{ type: LATEST, percent: 100 }],
      terminalCondition: { state: 'CONDITION_FAILED' },
    });
  });

  test('a trial writes nothing; one that is missing is made only where that is allowed', async () => {
    await patch('template', { template: template([KEY]) }, '&validateOnly=true');
    expect((await cloud.ask('GET', API)).json()).toMatchObject({
      error: {
        code: 404,
        message: `Resource 'api' of kind 'SERVICE' in region 'europe-west1' in project '${PROJECT}' does not exist.`,
      },
    });
    expect(await patch('template', { template: template([KEY]) }, '&allowMissing=true')).toMatchObject({ done: true });
    expect(await seen(cloud, API)).toMatchObject({ name: `${PLACE}/services/api` });
  });

  test('is deleted, and gone', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    expect((await cloud.ask('DELETE', API)).json()).toMatchObject({ done: true });
    expect((await cloud.ask('GET', API)).status).toBe(404);
  });

  test.each([
    ['an unknown field', { templates: {} }],
    ['a label of Google’s own', { template: { ...template([]), labels: { 'run.googleapis.com/x': 'y' } } }],
    ['no container', { template: {} }],
  ])('%s is refused', async (_, body) => {
    expect((await deploy(cloud, 'api', body)).json()).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  });
});

describe('a worker pool', () => {
  test('splits its instances, and has revisions', async () => {
    const path = `/v2/${PLACE}/workerPools`;
    await cloud.ask('POST', `${path}?workerPoolId=pool`, { body: { template: template([KEY]) } });
    expect(await seen(cloud, `${path}/pool`)).toMatchObject({
      instanceSplitStatuses: [{ type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST', percent: 100 }],
    });
    expect((await seen(cloud, `${path}/pool/revisions`))['revisions']).toHaveLength(1);
  });
});

describe('a job', () => {
  const path = `/v2/${PLACE}/jobs`;
  const job = (version: string) => ({ template: { template: template([variable('KEY', 'gemini', version)]) } });

  test('takes no mask: the whole of it is replaced', async () => {
    await cloud.ask('POST', `${path}?jobId=nightly`, { body: { ...job('1'), labels: { a: 'b' } } });
    expect((await cloud.ask('PATCH', `${path}/nightly?updateMask=template`, { body: job('2') })).status).toBe(400);
    await cloud.ask('PATCH', `${path}/nightly`, { body: job('2') });
    const after = await seen(cloud, `${path}/nightly`);
    expect(after).not.toHaveProperty('labels');
    expect(cloud.run.serving(`${PLACE}/jobs/nightly`)).toMatchObject([
      { reads: [{ version: expect.stringMatching(/2$/) }] },
    ]);
  });

  test('runs, also where a token of its own is sent back', async () => {
    await cloud.ask('POST', `${path}?jobId=nightly`, { body: job('1') });
    const ran = (await cloud.ask('POST', `${path}/nightly:run`, { body: {} })).json();
    expect(ran).toMatchObject({ metadata: { '@type': 'type.googleapis.com/google.cloud.run.v2.Execution' } });
    expect(ran).not.toHaveProperty('done');
    await cloud.ask('PATCH', `${path}/nightly`, { body: { ...job('2'), startExecutionToken: 'again' } });
    expect(await seen(cloud, `${path}/nightly`)).toMatchObject({ executionCount: 2 });
    const { executions } = await seen(cloud, `${path}/nightly/executions`);
    expect(executions).toMatchObject([{ runningCount: 1 }, { runningCount: 1 }]);
  });

  test('whose secret cannot be read is refused by the operation', async () => {
    expect((await cloud.ask('POST', `${path}?jobId=nightly`, { body: job('7') })).json()).toMatchObject({
      error: { code: 13, message: expect.stringContaining('was not found') },
    });
  });
});

describe('permissions', () => {
  const READER = `reader@${PROJECT}.iam.gserviceaccount.com`;
  const asReader = async (method: string, path: string, body?: unknown) =>
    (
      await cloud.ask(method, path, {
        headers: { authorization: 'Bearer reader' },
        ...(body === undefined ? {} : { body }),
      })
    ).json();
  beforeEach(async () => {
    cloud.iam.register('reader', READER);
    await deploy(cloud, 'api', { template: template([KEY]) });
  });

  test('absent and forbidden look alike to who may not look', async () => {
    expect(await asReader('GET', API)).toMatchObject({
      error: {
        status: 'PERMISSION_DENIED',
        message: `Permission 'run.services.get' denied on resource '${PLACE}/services/api' (or resource may not exist).`,
      },
    });
  });

  test('a viewer sees regions and all kinds, and changes nothing', async () => {
    cloud.iam.grant(PROJECT, `serviceAccount:${READER}`, 'roles/run.viewer');
    for (const kind of ['services', 'jobs', 'workerPools', `services/api/revisions`])
      expect(await asReader('GET', `/v2/${PLACE}/${kind}`)).not.toHaveProperty('error');
    expect(await asReader('GET', `/v1/projects/${PROJECT}/locations`)).toMatchObject({
      locations: expect.arrayContaining([{ name: PLACE, locationId: 'europe-west1' }]),
    });
    expect(await asReader('PATCH', `${API}?updateMask=labels`, { labels: {} })).toMatchObject({ error: { code: 403 } });
    expect(await asReader('GET', `/v2/projects/${OTHER}/locations/europe-west1/services`)).toMatchObject({
      error: { code: 403 },
    });
  });

  test('who changes a service must be able to act as its account, also where that stays', async () => {
    cloud.iam.grant(PROJECT, `serviceAccount:${READER}`, 'roles/run.developer');
    expect(await asReader('PATCH', `${API}?updateMask=labels`, { labels: { a: 'b' } })).toMatchObject({
      error: {
        status: 'PERMISSION_DENIED',
        message: `Permission 'iam.serviceaccounts.actAs' denied on service account ${ACCOUNT} (or it may not exist).`,
      },
    });
    cloud.accounts.grant(ACCOUNT, `serviceAccount:${READER}`, 'roles/iam.serviceAccountUser');
    expect(await asReader('PATCH', `${API}?updateMask=labels`, { labels: { a: 'b' } })).toMatchObject({ done: true });
  });
});
