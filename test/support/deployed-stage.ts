import { BUILD_ROLES } from '../../src/app/doctor/deployment/project-rows.ts';
import type { Deployment } from '../../src/app/doctor/deployment/place.ts';
import type { JsonRecord } from '../../src/core/values/json.ts';
import { listOf, localOf, moduleFiles, permissionsOf, recordOf } from '../terraform/module.ts';
import { NUMBER, PROJECT, testCloud, type TestCloud } from './cloud.ts';

const files = await moduleFiles();
const keysOf = (name: string) => Object.keys(recordOf(localOf(files, name)));

/** What stands on the stage: the module's names, in the project of the tests. */
export const DEPLOYED: Deployment = {
  name: 'key-warden',
  project: PROJECT,
  region: 'europe-west1',
  schedulerRegion: 'europe-west1',
};
const { name: NAME, region: REGION } = DEPLOYED;
export const HERE = `projects/${PROJECT}/locations/${REGION}`;
export const FUNCTION = `/v2/${HERE}/functions/${NAME}`;
export const KEYS_ACCOUNT = `${NAME}-keys@${PROJECT}.iam.gserviceaccount.com`;
/** What a consumer runs as. */
const APP_ACCOUNT = `search-app@${PROJECT}.iam.gserviceaccount.com`;
export const KMS_KEY = `${HERE}/keyRings/ring/cryptoKeys/key`;
export const EVIDENCE_BUCKET = `/v2/${HERE}/buckets/${NAME}-evidence`;
export const EVIDENCE_SINK = `/v2/projects/${PROJECT}/sinks/${NAME}-evidence`;
export const EVIDENCE = `logging.googleapis.com/${EVIDENCE_BUCKET.slice(4)}`;
const HOOK = `projects/${PROJECT}/secrets/hook`;
const PING = `projects/${PROJECT}/secrets/ping`;
const SIGNING = `projects/${PROJECT}/secrets/pagerduty-webhook`;
const LEAKS = `projects/${PROJECT}/secrets/github-leaks`;
const MEMORY = `projects/${PROJECT}/secrets/inventory`;

/** The account of an identity, as policies name it. */
export const memberOf = (identity: string) => `serviceAccount:${NAME}-${identity}@${PROJECT}.iam.gserviceaccount.com`;
export const agent = (domain: string) => `serviceAccount:service-${NUMBER}@${domain}.iam.gserviceaccount.com`;

/** What health-check is told, as functions.tf has it. */
export const ENVIRONMENT: JsonRecord = {
  KEY_WARDEN_PROJECTS: PROJECT,
  KEY_WARDEN_LOCATIONS: `global,${REGION}`,
  KEY_WARDEN_AUDIENCE: `https://${NAME}-health-check-${NUMBER}.${REGION}.run.app`,
  KEY_WARDEN_CALLERS: `${NAME}-scheduler@${PROJECT}.iam.gserviceaccount.com,deployer@${PROJECT}.iam.gserviceaccount.com`,
  KEY_WARDEN_KEY_SERVICE_ACCOUNT: KEYS_ACCOUNT,
  KEY_WARDEN_REACH_ACCOUNTS: APP_ACCOUNT,
  KEY_WARDEN_CHANNELS: JSON.stringify([{ name: 'ops', kind: 'slack', credential: HOOK }]),
  KEY_WARDEN_PING: PING,
};

/** A function as Google shows it. */
export function functionJson(id: string, environmentVariables: JsonRecord, state = 'ACTIVE'): JsonRecord {
  return {
    name: `${HERE}/functions/${NAME}-${id}`,
    state,
    buildConfig: { source: { storageSource: { bucket: `${PROJECT}-${NAME}-source`, object: 'worker-1a.zip' } } },
    serviceConfig: { environmentVariables },
  };
}

/** Makes calls of the control surface and of Google's APIs; one that is refused fails the test. */
export async function made(cloud: TestCloud, call: string, body: unknown): Promise<void> {
  const [method = '', path = ''] = call.split(' ');
  const { status, text } = await cloud.ask(method, path, { body });
  if (status !== 200) throw new Error(`${call}: ${status} ${text}`);
}

export const shelved = (cloud: TestCloud, path: string, resource?: JsonRecord) =>
  made(cloud, 'POST /_emulator/resources', { path, resource });

export const granted = (cloud: TestCloud, member: string, role: string, on: JsonRecord = { project: PROJECT }) =>
  made(cloud, 'POST /_emulator/grants', { ...on, member, role });

export const policySet = (cloud: TestCloud, name: string, ...bindings: readonly (readonly [string, ...string[]])[]) =>
  made(cloud, `POST /v1/${name}:setIamPolicy`, {
    policy: { bindings: bindings.map(([role, ...members]) => ({ role, members })) },
  });

/** A pretend cloud in which everything is that the module makes, by the module's own lists. */
export async function deployedCloud(): Promise<TestCloud> {
  const cloud = await testCloud();
  await projectMade(cloud);
  await identitiesMade(cloud);
  await eventsMade(cloud);
  await functionsMade(cloud);
  await secretsMade(cloud);
  await watchingMade(cloud);
  return cloud;
}

async function projectMade(cloud: TestCloud): Promise<void> {
  const text = files.find(({ name }) => name === 'project.tf')?.text ?? '';
  const apis = new Set([...text.matchAll(/^ {4}"([a-z]+)\.googleapis\.com"/gm)].map(([, api = '']) => api));
  for (const api of apis)
    await shelved(cloud, `/v1/projects/${PROJECT}/services/${api}.googleapis.com`, {
      name: `projects/${NUMBER}/services/${api}.googleapis.com`,
      state: 'ENABLED',
    });
  await made(cloud, 'POST /_emulator/roles', { name: 'roles/any.serviceAgent', permissions: [] });
  const domains = ['gcp-sa-artifactregistry', 'gcp-sa-cloudbuild', 'gcf-admin-robot', 'gcp-sa-cloudscheduler'];
  for (const domain of [...domains, 'serverless-robot-prod'])
    await granted(cloud, agent(domain), 'roles/any.serviceAgent');
  await shelved(cloud, `/v3/projects/${PROJECT}`, {
    auditConfigs: [
      {
        service: 'secretmanager.googleapis.com',
        auditLogConfigs: [{ logType: 'DATA_READ' }, { logType: 'DATA_WRITE' }],
      },
    ],
  });
  for (const role of BUILD_ROLES) await granted(cloud, memberOf('build'), role);
}

async function identitiesMade(cloud: TestCloud): Promise<void> {
  for (const identity of [...keysOf('identities'), 'keys']) {
    const email = memberOf(identity).slice('serviceAccount:'.length);
    await shelved(cloud, `/v1/projects/${PROJECT}/serviceAccounts/${email}`, { email });
  }
  await shelved(cloud, `/v1/projects/${PROJECT}/serviceAccounts/${APP_ACCOUNT}`, { email: APP_ACCOUNT });
  const on = (account: string) => ({ account });
  for (const binder of listOf(localOf(files, 'binders')))
    await granted(cloud, memberOf(String(binder)), 'roles/iam.serviceAccountApiKeyBindingAdmin', on(KEYS_ACCOUNT));
  await granted(cloud, memberOf('reacher'), 'roles/iam.serviceAccountUser', on(APP_ACCOUNT));
  const pusher = memberOf('push').slice('serviceAccount:'.length);
  await granted(cloud, agent('gcp-sa-pubsub'), 'roles/iam.serviceAccountTokenCreator', on(pusher));
  for (const [identity, levels] of Object.entries(permissionsOf(files)))
    for (const [level, permissions] of Object.entries(levels)) {
      await made(cloud, 'POST /_emulator/roles', { name: roleOf(identity, level), permissions });
      if (level !== 'secret' && level !== 'memory') await granted(cloud, memberOf(identity), roleOf(identity, level));
    }
}

/** The custom role of an identity at a level: `title()` of Terraform, without its dashes. */
export function roleOf(identity: string, level: string): string {
  const id = `${NAME}-${identity}-${level}`.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `projects/${PROJECT}/roles/${id}`;
}

async function eventsMade(cloud: TestCloud): Promise<void> {
  const named = (kind: string, id: string) => `projects/${PROJECT}/${kind}/${NAME}-${id}`;
  for (const topic of keysOf('topics')) {
    await made(cloud, `PUT /v1/${named('topics', topic)}`, {});
    const publishers = Object.values(recordOf(localOf(files, 'publishers'))).map(recordOf);
    const own = publishers.filter((one) => one['topic'] === topic).map(({ identity }) => memberOf(String(identity)));
    const agents = { 'dead-letters': [agent('gcp-sa-pubsub')], 'secret-events': [agent('gcp-sa-secretmanager')] };
    const all = [...own, ...(new Map<string, string[]>(Object.entries(agents)).get(topic) ?? [])];
    await policySet(cloud, named('topics', topic), ['roles/pubsub.publisher', ...all]);
  }
  for (const topic of keysOf('pushes')) {
    const subscription = named('subscriptions', `${topic}-push`);
    await made(cloud, `PUT /v1/${subscription}`, { topic: named('topics', topic) });
    await policySet(cloud, subscription, ['roles/pubsub.subscriber', agent('gcp-sa-pubsub')]);
  }
  await made(cloud, `PUT /v1/${named('subscriptions', 'dead-letters')}`, { topic: named('topics', 'dead-letters') });
  for (const job of keysOf('jobs')) {
    const name = `${HERE}/jobs/${NAME}-${job}`;
    const httpTarget = { uri: `${cloud.url}/healthz`, httpMethod: 'GET' };
    await made(cloud, `POST /v1/${HERE}/jobs`, { name, schedule: '0 * * * *', httpTarget });
    await made(cloud, `POST /v1/${name}:run`, {});
  }
}

async function functionsMade(cloud: TestCloud): Promise<void> {
  const bucket = `/storage/v1/b/${PROJECT}-${NAME}-source`;
  await shelved(cloud, bucket, { name: `${PROJECT}-${NAME}-source`, projectNumber: NUMBER });
  await shelved(cloud, `${bucket}/o/worker-1a.zip`, { name: 'worker-1a.zip' });
  const images = `/v1/${HERE}/repositories/${NAME}-images`;
  await shelved(cloud, images, { name: images.slice(4), cleanupPolicies: { 'keep-the-newest': {} } });
  await shelved(cloud, `${images}:getIamPolicy`, bound('roles/artifactregistry.writer', memberOf('build')));
  const callers: Readonly<Record<string, readonly string[]>> = {
    'health-check': [memberOf('scheduler'), `serviceAccount:deployer@${PROJECT}.iam.gserviceaccount.com`],
    rotate: [`serviceAccount:deployer@${PROJECT}.iam.gserviceaccount.com`],
    reconcile: [memberOf('scheduler')],
    reach: [memberOf('scheduler')],
    purge: [memberOf('scheduler')],
    inventory: [memberOf('scheduler')],
    'on-secret-event': [memberOf('push')],
    notify: [memberOf('push')],
    'status-page': [agent('gcp-sa-iap')],
    acknowledge: ['allUsers'],
    'leak-reports': ['allUsers'],
    survey: [memberOf('checker')],
  };
  const environments: Readonly<Record<string, JsonRecord>> = {
    'health-check': ENVIRONMENT,
    acknowledge: { KEY_WARDEN_PAGERDUTY_SIGNING: SIGNING },
    'leak-reports': { KEY_WARDEN_LEAK_SIGNING: `github=${LEAKS}` },
    inventory: { KEY_WARDEN_INVENTORY_MEMORY: MEMORY },
  };
  for (const id of keysOf('all_functions')) {
    const members = callers[id] ?? [];
    const emails = members.map((member) => member.slice('serviceAccount:'.length)).join(',');
    const environment = environments[id] ?? { KEY_WARDEN_CALLERS: emails };
    await shelved(cloud, `${FUNCTION}-${id}`, functionJson(id, environment));
    const service = `/v2/${HERE}/services/${NAME}-${id}`;
    await shelved(cloud, service, { name: service.slice(4) });
    await shelved(cloud, `${service}:getIamPolicy`, bound('roles/run.invoker', ...members));
  }
}

/** A policy with one binding. */
export function bound(role: string, ...members: readonly string[]): JsonRecord {
  return { version: 1, etag: 'ACAB', bindings: [{ role, members }] };
}

async function secretsMade(cloud: TestCloud): Promise<void> {
  const managed = { project: PROJECT, labels: { 'key-warden': 'managed' }, payloads: ['x'] };
  const customerManagedEncryption = { kmsKeyName: KMS_KEY };
  const replicas = [{ location: REGION, customerManagedEncryption }];
  await made(cloud, 'POST /_emulator/secrets', {
    ...managed,
    secretId: 'app',
    more: { replication: { userManaged: { replicas } } },
  });
  await made(cloud, 'POST /_emulator/secrets', { ...managed, secretId: 'eu', location: REGION });
  const workers = ['checker', 'looker', 'rotator', 'purger', 'reacher', 'notifier', 'listener', 'finder', 'surveyor'];
  const held = workers.map((identity) => [roleOf(identity, 'secret'), memberOf(identity)] as const);
  await policySet(cloud, `projects/${PROJECT}/secrets/app`, ...held);
  await policySet(cloud, `${HERE}/secrets/eu`, ...held);
  await made(cloud, 'POST /_emulator/secrets', { project: PROJECT, secretId: 'inventory', payloads: [] });
  await policySet(cloud, MEMORY, [roleOf('surveyor', 'memory'), memberOf('surveyor')]);
  await shelved(cloud, `/v1/${KMS_KEY}`, { name: KMS_KEY });
  const uses = bound('roles/cloudkms.cryptoKeyEncrypterDecrypter', agent('gcp-sa-secretmanager'));
  await shelved(cloud, `/v1/${KMS_KEY}:getIamPolicy`, uses);
  for (const [secret, reader] of [
    [HOOK, 'notifier'],
    [PING, 'checker'],
    [SIGNING, 'listener'],
    [LEAKS, 'finder'],
  ] as const) {
    const secretId = secret.replace(/^.*\//, '');
    await made(cloud, 'POST /_emulator/secrets', { project: PROJECT, secretId, payloads: ['https://a.example'] });
    await policySet(cloud, secret, ['roles/secretmanager.secretAccessor', memberOf(reader)]);
  }
}

async function watchingMade(cloud: TestCloud): Promise<void> {
  for (const metric of keysOf('metrics')) {
    const name = `${NAME.replaceAll('-', '_')}_${metric}`;
    await shelved(cloud, `/v2/projects/${PROJECT}/metrics/${name}`, { name });
  }
  await shelved(cloud, EVIDENCE_BUCKET, {
    name: EVIDENCE_BUCKET.slice(4),
    retentionDays: 400,
    lifecycleState: 'ACTIVE',
  });
  await shelved(cloud, EVIDENCE_SINK, { name: `${NAME}-evidence`, destination: EVIDENCE });
  const channel = `projects/${PROJECT}/notificationChannels/1`;
  await shelved(cloud, `/v3/${channel}`, { name: channel, type: 'email' });
  for (const [id, alarm] of ['policies', 'events'].flatMap((all) => Object.entries(recordOf(localOf(files, all))))) {
    const name = `projects/${PROJECT}/alertPolicies/${id}`;
    const displayName = `${NAME}: ${String(recordOf(alarm)['title'])}`;
    await shelved(cloud, `/v3/${name}`, { name, displayName, enabled: true, notificationChannels: [channel] });
  }
  const dashboard = `projects/${PROJECT}/dashboards/1`;
  await shelved(cloud, `/v1/${dashboard}`, { name: dashboard, displayName: NAME });
}
