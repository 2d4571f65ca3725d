import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isRecord, type JsonRecord } from '../../../src/core/values/json.ts';
import { NUMBER, OTHER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';
import { ACCOUNT, deploy, fileTemplate, mayRead, PLACE, template, variable } from '../../support/consumers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
  await mayRead(cloud);
  cloud.secrets.seed({ project: PROJECT, secretId: 'gemini', payloads: ['one', 'two'], aliases: { current: 1 } });
});
afterEach(() => cloud.close());

const SERVING = `/apis/serving.knative.dev/v1/namespaces/${PROJECT}`;
const RUN = `/apis/run.googleapis.com/v1/namespaces/${PROJECT}`;
const KEY = variable('KEY', 'gemini', 'current');

/** A request through the pretend cloud as a proxy, as gcloud makes it to the host of a region. */
function ask(method: string, path: string, body?: unknown, host = 'europe-west1-run.example') {
  return new Promise<{ readonly status: number; readonly json: JsonRecord }>((resolve, reject) => {
    const { hostname, port } = new URL(cloud.url);
    const sent = request({ hostname, port, method, path: `http://${host}${path}` }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, json: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? '' : JSON.stringify(body));
  });
}

function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  let found = json;
  for (const step of path) found = isRecord(found) || Array.isArray(found) ? Reflect.get(found, step) : undefined;
  return found;
}

const namesIn = ({ json }: { readonly json: JsonRecord }): unknown =>
  Array.isArray(json['items']) ? json['items'].map((one) => at(one, 'metadata', 'name')) : undefined;

describe('a service in the form of Knative', () => {
  test('says what v2 says', async () => {
    const labels = { team: 'search' };
    await deploy(cloud, 'api', { template: template([KEY], { timeout: '300s' }), labels });
    const { json } = await ask('GET', `${SERVING}/services/api`);
    expect(json).toMatchObject({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {
        name: 'api',
        namespace: NUMBER,
        generation: 1,
        labels: { team: 'search', 'cloud.googleapis.com/location': 'europe-west1' },
      },
      spec: {
        template: {
          spec: {
            serviceAccountName: ACCOUNT,
            timeoutSeconds: 300,
            containers: [
              { image: 'app', env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'gemini', key: 'current' } } }] },
            ],
          },
        },
        traffic: [{ latestRevision: true, percent: 100 }],
      },
      status: {
        observedGeneration: 1,
        conditions: [{ type: 'Ready', status: 'True' }, {}, {}],
        latestReadyRevisionName: expect.stringMatching(/^api-00001-/),
        traffic: [{ latestRevision: true, percent: 100, revisionName: expect.stringMatching(/^api-00001-/) }],
      },
    });
  });

  test('a file is a volume, and a secret of another project has an alias in an annotation', async () => {
    cloud.secrets.seed({ project: OTHER, secretId: 'far', payloads: ['one'] });
    cloud.iam.grant(OTHER, `serviceAccount:${ACCOUNT}`, 'roles/secretmanager.secretAccessor');
    const file = fileTemplate('gemini', '1');
    const container = { image: 'b', env: [variable('FAR', `projects/${OTHER}/secrets/far`, 'latest')] };
    await deploy(cloud, 'api', { template: { ...file, containers: [...file.containers, container] } });
    const { json } = await ask('GET', `${SERVING}/services/api`);
    const made = at(json, 'spec', 'template');
    expect(made).toMatchObject({
      metadata: { annotations: { 'run.googleapis.com/secrets': `far-1:projects/${OTHER}/secrets/far` } },
      spec: {
        containers: [{}, { env: [{ valueFrom: { secretKeyRef: { name: 'far-1', key: 'latest' } } }] }],
        volumes: [{ name: 'keys', secret: { secretName: 'gemini', items: [{ path: 'key', key: '1' }] } }],
      },
    });
    const put = await ask('PUT', `${SERVING}/services/api`, json);
    expect([put.status, at(put.json, 'status', 'latestCreatedRevisionName')]).toEqual([
      200,
      at(json, 'status', 'latestCreatedRevisionName'),
    ]);
  });

  test('is replaced whole by a PUT, which makes a revision', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const { json } = await ask('GET', `${SERVING}/services/api`);
    const changed = JSON.parse(JSON.stringify(json).replace('"key":"current"', '"key":"2"'));
    const dry = await ask('PUT', `${SERVING}/services/api?dryRun=all`, changed);
    expect(at(dry.json, 'metadata', 'generation')).toBe(1);
    const put = await ask('PUT', `${SERVING}/services/api`, changed);
    expect(at(put.json, 'status', 'latestReadyRevisionName')).toMatch(/^api-00002-/);
    const shown = await cloud.ask('GET', `/v2/${PLACE}/services/api`);
    expect(shown.text).toContain('"version": "2"');
    const stale = await ask('PUT', `${SERVING}/services/api`, changed);
    expect([stale.status, at(stale.json, 'error', 'message')]).toEqual([409, expect.stringContaining("'api'")]);
  });

  test('what v2 has no place for here is refused, never dropped', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    const { json } = await ask('GET', `${SERVING}/services/api`);
    const odd = {
      ...json,
      metadata: { ...Object(json['metadata']), annotations: { 'run.googleapis.com/ingress': 'all' } },
    };
    expect((await ask('PUT', `${SERVING}/services/api`, odd)).status).toBe(501);
    const spec = { template: { spec: { containers: [{ image: 'a' }], runtimeClassName: 'x' } } };
    expect((await ask('PUT', `${SERVING}/services/api`, { ...json, spec })).status).toBe(501);
  });

  test('a revision that does not get ready says why in v1’s words', async () => {
    await deploy(cloud, 'api', { template: template([variable('KEY', 'gone', '1')]) });
    const { json } = await ask('GET', `${SERVING}/services/api`);
    expect(at(json, 'status', 'conditions', 0)).toMatchObject({ status: 'False', reason: 'SecretsAccessCheckFailed' });
  });
});

describe('a list', () => {
  test('is of the region that the host names, or of all regions', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    await cloud.ask('POST', `/v2/projects/${PROJECT}/locations/us-east1/services?serviceId=far`, {
      body: { template: template([KEY]) },
    });
    expect(namesIn(await ask('GET', `${SERVING}/services`))).toEqual(['api']);
    const everywhere = await ask('GET', `/v1/projects/${PROJECT}/locations/-/services`, undefined, 'run.example');
    expect(namesIn(everywhere)).toEqual(['api', 'far']);
    expect(namesIn(await ask('GET', `/v1/projects/${PROJECT}/locations/us-east1/services`))).toEqual(['far']);
  });

  test('has pages, and takes labels that are equal', async () => {
    await deploy(cloud, 'api', { template: template([KEY]) });
    await deploy(cloud, 'web', { template: template([KEY]) });
    const first = await ask('GET', `${SERVING}/services?limit=1`);
    const next = String(at(first.json, 'metadata', 'continue'));
    expect([namesIn(first), namesIn(await ask('GET', `${SERVING}/services?limit=1&continue=${next}`))]).toEqual([
      ['api'],
      ['web'],
    ]);
    const own = await ask('GET', `${SERVING}/revisions?labelSelector=serving.knative.dev/service%20%3D%20web`);
    expect(namesIn(own)).toEqual([expect.stringMatching(/^web-00001-/)]);
    expect((await ask('GET', `${SERVING}/services?fieldSelector=a`)).status).toBe(501);
  });
});

test('a revision is found by its name', async () => {
  await deploy(cloud, 'api', { template: template([KEY]) });
  const [name] = [namesIn(await ask('GET', `${SERVING}/revisions`))].flat();
  const { json } = await ask('GET', `${SERVING}/revisions/${String(name)}`);
  expect(json).toMatchObject({
    kind: 'Revision',
    spec: { containers: [{ image: 'app' }] },
    status: { conditions: [{}] },
  });
  expect((await ask('GET', `${SERVING}/revisions/none`)).status).toBe(404);
});

test('jobs and worker pools are of the other API', async () => {
  await cloud.ask('POST', `/v2/${PLACE}/jobs?jobId=nightly`, { body: { template: { template: template([KEY]) } } });
  await cloud.ask('POST', `/v2/${PLACE}/jobs/nightly:run`, { body: {} });
  await cloud.ask('POST', `/v2/${PLACE}/workerPools?workerPoolId=pool`, { body: { template: template([KEY]) } });
  expect((await ask('GET', `${RUN}/jobs/nightly`)).json).toMatchObject({
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    spec: { template: { spec: { template: { spec: { containers: [{ env: [{ name: 'KEY' }] }] } } } } },
    status: { executionCount: 1, latestCreatedExecution: { name: expect.stringMatching(/^nightly-/) } },
  });
  expect((await ask('GET', `${RUN}/workerpools`)).json).toMatchObject({
    kind: 'WorkerPoolList',
    items: [{ kind: 'WorkerPool', status: { instanceSplits: [{ percent: 100 }] } }],
  });
  expect((await ask('GET', `${SERVING}/jobs`)).status).toBe(501);
});

test('one thing is asked of the host of its region, under the permissions of v2', async () => {
  await deploy(cloud, 'api', { template: template([KEY]) });
  expect((await ask('GET', `${SERVING}/services/api`, undefined, 'run.example')).status).toBe(400);
  expect((await ask('GET', `${SERVING}/services/none`)).status).toBe(404);
  cloud.iam.register('nobody', 'nobody@example.com');
  const refused = await cloud.ask('GET', `${SERVING}/services`, { headers: { authorization: 'Bearer nobody' } });
  expect(refused.status).toBe(403);
});
