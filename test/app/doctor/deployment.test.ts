import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEPLOYMENT_ROWS, lookAtDeployment } from '../../../src/app/doctor/deployment/deployment.ts';
import { LOOKS } from '../../../src/app/doctor/deployment/looks.ts';
import type { Deployment } from '../../../src/app/doctor/deployment/place.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { GoogleReader, Look, Seen } from '../../../src/app/ports/google-reader.ts';
import { googleReader } from '../../../src/edge/doctor/google-reader.ts';
import { loadSeedFile } from '../../../src/emulator/control/seed-file.ts';
import { OTHER, PROJECT, type TestCloud } from '../../support/cloud.ts';
import {
  agent,
  bound,
  DEPLOYED,
  deployedCloud,
  ENVIRONMENT,
  EVIDENCE,
  EVIDENCE_BUCKET,
  EVIDENCE_SINK,
  FUNCTION,
  functionJson,
  granted,
  HERE,
  KEYS_ACCOUNT,
  KMS_KEY,
  made,
  memberOf,
  policySet,
  roleOf,
  shelved,
} from '../../support/deployed-stage.ts';
import { stillClock } from '../../support/still-clock.ts';

const NAME = DEPLOYED.name;
const EVERY_TITLE = Object.values(DEPLOYMENT_ROWS).flatMap((row) => ('title' in row ? [row.title] : []));

let cloud: TestCloud;
let reader: GoogleReader & { close(): Promise<void> };
let seed: unknown;
beforeAll(async () => {
  cloud = await deployedCloud();
  seed = (await cloud.ask('GET', '/_emulator/seed')).json();
  reader = googleReader({ url: cloud.url, clock: stillClock(), random: () => 0 });
});
beforeEach(async () => {
  cloud.reset();
  await loadSeedFile(seed, cloud.answer, () => cloud.clock.now());
});
afterAll(async () => {
  await reader.close();
  await cloud.close();
});

const deploymentChecks = async (by: GoogleReader, where: Deployment) => (await lookAtDeployment(by, where)).checks;
const checks = (where: Deployment = DEPLOYED) => deploymentChecks(reader, where);

test('where keys are made is told, for what else is to be looked at there', async () => {
  expect((await lookAtDeployment(reader, DEPLOYED)).keyProjects).toEqual([PROJECT]);
});

/** What differs from a deployment in which everything is there. */
const trouble = async (where = DEPLOYED) => (await checks(where)).filter(({ state }) => state !== 'yes');

test('everything that the module makes is seen, each thing with one call', async () => {
  const before = cloud.requests().length;
  const all = await checks();
  expect(all.map(({ title }) => title)).toEqual(EVERY_TITLE);
  expect(all.filter(({ state }) => state !== 'yes')).toEqual([]);
  const calls = cloud
    .requests()
    .slice(before)
    .map(({ method, path }) => `${method} ${path}`);
  expect(calls.toSorted()).toEqual([...new Set(calls)].toSorted());
});

test('nothing of it is changed', async () => {
  const before = cloud.requests().length;
  await checks();
  for (const { method, path } of cloud.requests().slice(before))
    expect(`${method} ${path}`).toMatch(/^(?:GET \/|POST \S+:getIamPolicy$)/);
});

const account = (identity: string) => `/v1/projects/${PROJECT}/serviceAccounts/${memberOf(identity).slice(15)}`;
const topic = (id: string) => `projects/${PROJECT}/topics/${NAME}-${id}`;
const subscription = (id: string) => `projects/${PROJECT}/subscriptions/${NAME}-${id}`;
const gone = (path: string) => () => shelved(cloud, path);
const revoked = (member: string, role: string, on: object = { project: PROJECT }) =>
  granted(cloud, member, role, { ...on, revoke: true });

describe('what is not there, or not as it should be, is named with the way out:', () => {
  test.each<readonly [title: string, broken: () => Promise<unknown>, says: string]>([
    [
      'APIs',
      gone(`/v1/projects/${PROJECT}/services/run.googleapis.com`),
      `run.googleapis.com is not turned on in ${PROJECT}. To mend it: gcloud services enable run.googleapis.com --project=${PROJECT}`,
    ],
    [
      'what the build may do in the project',
      () => revoked(memberOf('build'), 'roles/logging.logWriter'),
      `is not granted roles/logging.logWriter for ${memberOf('build')}. To mend it: apply the module again`,
    ],
    [
      'accounts of the worker',
      gone(account('purger')),
      `${NAME}-purger@${PROJECT}.iam.gserviceaccount.com is not there`,
    ],
    [
      'accounts of the worker',
      () => shelved(cloud, account('purger'), { disabled: true }),
      `${NAME}-purger@${PROJECT}.iam.gserviceaccount.com is disabled. To mend it: apply the module again; a disabled one: gcloud iam service-accounts enable ${NAME}-purger@${PROJECT}.iam.gserviceaccount.com`,
    ],
    [
      'who may bind keys to them',
      () => revoked(memberOf('rotator'), 'roles/iam.serviceAccountApiKeyBindingAdmin', { account: KEYS_ACCOUNT }),
      `policy of ${KEYS_ACCOUNT} is not granted roles/iam.serviceAccountApiKeyBindingAdmin for ${memberOf('rotator')}`,
    ],
    [
      'who signs the tokens of pushes',
      () =>
        revoked(agent('gcp-sa-pubsub'), 'roles/iam.serviceAccountTokenCreator', {
          account: memberOf('push').slice(15),
        }),
      'is not granted roles/iam.serviceAccountTokenCreator',
    ],
    [
      'custom roles',
      () =>
        made(cloud, 'POST /_emulator/roles', {
          name: roleOf('purger', 'keys'),
          permissions: ['apikeys.keys.get', 'apikeys.keys.list'],
        }),
      'role KeyWardenPurgerKeys of test-proj lacks apikeys.keys.getKeyString, apikeys.keys.delete, serviceusage.operations.get',
    ],
    [
      'who has them on projects',
      () => revoked(memberOf('checker'), roleOf('checker', 'project')),
      `is not granted ${roleOf('checker', 'project')} for ${memberOf('checker')}`,
    ],
    [
      'what the worker may do on each secret',
      () => policySet(cloud, `projects/${PROJECT}/secrets/app`, [roleOf('checker', 'secret'), memberOf('checker')]),
      `policy of app in ${PROJECT} is not granted ${roleOf('rotator', 'secret')} for ${memberOf('rotator')}`,
    ],
    [
      'what it may do on each regional secret',
      () => policySet(cloud, `${HERE}/secrets/eu`),
      "To mend it: name the secret in the module's existing_secrets, and apply the module again",
    ],
    [
      'who reads addresses of channels',
      () => policySet(cloud, `projects/${PROJECT}/secrets/hook`),
      `is not granted roles/secretmanager.secretAccessor for ${memberOf('notifier')}`,
    ],
    [
      'who may use the keys of secrets',
      gone(`/v1/${KMS_KEY}:getIamPolicy`),
      'is not granted roles/cloudkms.cryptoKeyEncrypterDecrypter',
    ],
    [
      'topics',
      () => made(cloud, `DELETE /v1/${topic('deliveries')}`, undefined),
      'topic key-warden-deliveries is not there',
    ],
    [
      'who may announce',
      () => policySet(cloud, topic('alerts'), ['roles/pubsub.publisher', memberOf('checker')]),
      `is not granted roles/pubsub.publisher for ${memberOf('rotator')}`,
    ],
    [
      'whether Secret Manager may publish to secret-events',
      () => policySet(cloud, topic('secret-events'), ['roles/pubsub.viewer', agent('gcp-sa-secretmanager')]),
      'is not granted roles/pubsub.publisher',
    ],
    [
      'subscriptions that push',
      () => made(cloud, `DELETE /v1/${topic('alerts')}`, undefined),
      'subscription key-warden-alerts-push is attached to _deleted-topic_',
    ],
    [
      'subscription of dead letters',
      () => made(cloud, `DELETE /v1/${subscription('dead-letters')}`, undefined),
      'subscription key-warden-dead-letters is not there',
    ],
    [
      'who puts dead letters aside',
      () => policySet(cloud, subscription('alerts-push')),
      'policy of key-warden-alerts-push is not granted roles/pubsub.subscriber',
    ],
    [
      'jobs of Cloud Scheduler',
      () => made(cloud, `POST /v1/${HERE}/jobs/${NAME}-purge:pause`, {}),
      'job key-warden-purge is PAUSED: it does not run. To mend it: apply the module again; a paused one: gcloud',
    ],
    [
      'bucket of the archive',
      gone(`/storage/v1/b/${PROJECT}-${NAME}-source`),
      'bucket test-proj-key-warden-source is not there',
    ],
    [
      'archive that is deployed',
      gone(`/storage/v1/b/${PROJECT}-${NAME}-source/o/worker-1a.zip`),
      'object worker-1a.zip is not there',
    ],
    [
      'repository of images',
      () => shelved(cloud, `/v1/${HERE}/repositories/${NAME}-images`, {}),
      'has no policy that cleans it up',
    ],
    [
      'who stores images there',
      gone(`/v1/${HERE}/repositories/${NAME}-images:getIamPolicy`),
      'is not granted roles/artifactregistry.writer',
    ],
    [
      'function that is built first',
      () => shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', ENVIRONMENT, 'FAILED')),
      'function key-warden-health-check is FAILED. To mend it: apply the module again; after a 409, terraform/way-out',
    ],
    ['functions', gone(`${FUNCTION}-purge`), 'function key-warden-purge is not there'],
    [
      'who may call them',
      () =>
        shelved(cloud, `/v2/${HERE}/services/${NAME}-purge:getIamPolicy`, bound('roles/run.invoker', memberOf('push'))),
      `policy of key-warden-purge is not granted roles/run.invoker for ${memberOf('scheduler')}`,
    ],
    [
      'metrics from its log',
      gone(`/v2/projects/${PROJECT}/metrics/key_warden_crashes`),
      'metric key_warden_crashes is not there',
    ],
    [
      'log bucket of evidence',
      gone(EVIDENCE_BUCKET),
      'log bucket key-warden-evidence is not there. To mend it: apply the module again',
    ],
    [
      'log bucket of evidence',
      () => shelved(cloud, EVIDENCE_BUCKET, { lifecycleState: 'DELETE_REQUESTED' }),
      'log bucket key-warden-evidence was deleted',
    ],
    [
      'what copies evidence there',
      () => shelved(cloud, EVIDENCE_SINK, { destination: EVIDENCE, disabled: true }),
      'sink key-warden-evidence is turned off',
    ],
    [
      'what copies evidence there',
      () => shelved(cloud, EVIDENCE_SINK, { destination: `logging.googleapis.com/projects/${PROJECT}` }),
      'sink key-warden-evidence does not write to locations/europe-west1/buckets/key-warden-evidence',
    ],
    [
      'alarms',
      gone(`/v3/projects/${PROJECT}/alertPolicies/unseen`),
      'alarm "key-warden: secrets are not seen" is not there',
    ],
    [
      'alarms',
      () =>
        shelved(cloud, `/v3/projects/${PROJECT}/alertPolicies/unseen`, {
          displayName: 'key-warden: secrets are not seen',
          enabled: false,
        }),
      'alarm "key-warden: secrets are not seen" is turned off',
    ],
    [
      'who hears the alarms',
      () =>
        shelved(cloud, `/v3/projects/${PROJECT}/alertPolicies/silent`, {
          displayName: 'key-warden: the check is silent',
        }),
      'the alarms reach nobody. To mend it: set alerts.emails or alerts.notification_channels, and apply',
    ],
    [
      'who hears the alarms',
      gone(`/v3/projects/${PROJECT}/notificationChannels/1`),
      `their notification channels are not all there: projects/${PROJECT}/notificationChannels/1`,
    ],
    ['dashboard', gone(`/v1/projects/${PROJECT}/dashboards/1`), 'dashboard key-warden is not there'],
  ])('%s', async (title, broken, says) => {
    await broken();
    const found = await trouble();
    expect(found).toContainEqual({ state: 'no', title, says: expect.stringContaining(says) });
  });

  test('but not the evidence that nobody asked to be kept for longer', async () => {
    await gone(EVIDENCE_SINK)();
    const titles = (await checks()).map(({ title }) => title);
    expect(EVERY_TITLE.filter((title) => !titles.includes(title))).toEqual([
      'log bucket of evidence',
      'what copies evidence there',
    ]);
    expect(await trouble()).toEqual([]);
  });

  test('a custom role that was deleted is still shown for a while', async () => {
    const role = LOOKS.role(PROJECT, 'KeyWardenCheckerSecret').path;
    const shown: GoogleReader = {
      read: async (look) => (look.path === role ? { json: { deleted: true } } : reader.read(look)),
    };
    expect(await deploymentChecks(shown, DEPLOYED)).toContainEqual({
      state: 'no',
      title: 'custom roles',
      says: expect.stringContaining('role KeyWardenCheckerSecret of test-proj is deleted'),
    });
  });

  test('no managed secret at all', async () => {
    await made(cloud, `DELETE /v1/projects/${PROJECT}/secrets/app`, undefined);
    await made(cloud, `DELETE /v1/${HERE}/secrets/eu`, undefined);
    expect(await trouble()).toEqual([
      {
        state: 'no',
        title: 'watched secrets',
        says: expect.stringContaining(
          `a secret labelled key-warden=managed is nowhere in ${PROJECT}. To mend it: put a secret`,
        ),
      },
    ]);
  });

  test('a deployment of which nothing is there', async () => {
    const found = await checks({ ...DEPLOYED, name: 'other-warden' });
    expect(found.filter(({ state }) => state === 'yes').map(({ title }) => title)).toEqual([
      'APIs',
      'audit logs of Secret Manager',
      'watched secrets',
    ]);
    expect(found).toContainEqual({
      state: 'no',
      title: 'function that is built first',
      says: expect.stringContaining('function other-warden-health-check is not there'),
    });
  });
});

describe('what cannot be told is not guessed:', () => {
  test('an agent that is granted nothing may be there all the same', async () => {
    await revoked(agent('serverless-robot-prod'), 'roles/any.serviceAgent');
    expect(await trouble()).toEqual([
      {
        state: 'not_looked',
        title: 'agents of Google’s APIs',
        says: 'agent of run.googleapis.com is granted nothing, and shows by its grants alone',
      },
    ]);
  });

  test('audit logs may be left alone on purpose', async () => {
    await shelved(cloud, `/v3/projects/${PROJECT}`, {});
    expect(await trouble()).toEqual([
      {
        state: 'not_looked',
        title: 'audit logs of Secret Manager',
        says: expect.stringContaining('which is right where guards.audit_logs is false'),
      },
    ]);
  });

  test('the agent of another project is not known by its number', async () => {
    await made(cloud, 'POST /_emulator/secrets', {
      project: OTHER,
      secretId: 'far',
      labels: { 'key-warden': 'managed' },
      more: {
        replication: {
          automatic: {
            customerManagedEncryption: { kmsKeyName: KMS_KEY.replace(HERE, `projects/${OTHER}/locations/global`) },
          },
        },
      },
    });
    await shelved(
      cloud,
      `${FUNCTION}-health-check`,
      functionJson('health-check', { ...ENVIRONMENT, KEY_WARDEN_PROJECTS: `${PROJECT}, ${OTHER}` }),
    );
    expect(await trouble()).toContainEqual({
      state: 'not_looked',
      title: 'who may use the keys of secrets',
      says: expect.stringContaining('is for the agent of another project'),
    });
  });

  test('the worker’s own secrets, and who may write in them, are looked at where the settings name them', async () => {
    const [silences, approvals] = ['silences', 'approvals'].map((id) => `projects/${PROJECT}/secrets/${id}`);
    const told = { ...ENVIRONMENT, KEY_WARDEN_SILENCES: silences, KEY_WARDEN_APPROVALS: approvals };
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', told));
    const title = 'what the worker may do on each secret';
    expect(await trouble()).toEqual([
      {
        state: 'no',
        title,
        says: expect.stringMatching(
          /^policy of silences in test-proj is not there; policy of approvals in test-proj is not there\. To mend it: where it is not there, gcloud secrets create silences .*; apply the module again$/,
        ),
      },
    ]);
    for (const secretId of ['silences', 'approvals'])
      await made(cloud, 'POST /_emulator/secrets', { project: PROJECT, secretId, payloads: [] });
    await policySet(cloud, String(approvals), [roleOf('rotator', 'secret'), memberOf('rotator')]);
    const [left] = await trouble();
    expect(left?.says).toContain('policy of silences in test-proj is not granted');
    expect(left?.says).not.toContain('approvals');
  });

  test('settings without the project’s number leave open what names an agent', async () => {
    const { KEY_WARDEN_AUDIENCE: _, ...rest } = ENVIRONMENT;
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', rest));
    const found = await trouble();
    expect(found.map(({ state, title }) => [state, title])).toEqual([
      ['not_looked', 'agents of Google’s APIs'],
      ['not_looked', 'who signs the tokens of pushes'],
      ['not_looked', 'who may use the keys of secrets'],
      ['not_looked', 'whether Secret Manager may publish to secret-events'],
      ['not_looked', 'whether Pub/Sub may publish to dead-letters'],
      ['not_looked', 'who puts dead letters aside'],
      ['not_looked', 'who may call them'],
    ]);
    for (const { says } of found) expect(says).toContain('the settings of health-check say the number of the project');
  });

  test('an archive whose name is none is not asked for', async () => {
    const shown = functionJson('health-check', ENVIRONMENT);
    const storageSource = { bucket: '../x', object: 'worker-1a.zip' };
    await shelved(cloud, `${FUNCTION}-health-check`, { ...shown, buildConfig: { source: { storageSource } } });
    expect(await trouble()).toEqual([
      { state: 'not_looked', title: 'archive that is deployed', says: expect.stringContaining('is not known by name') },
    ]);
  });

  test('channels that cannot be read are not looked after', async () => {
    await shelved(
      cloud,
      `${FUNCTION}-health-check`,
      functionJson('health-check', { ...ENVIRONMENT, KEY_WARDEN_CHANNELS: 'none', KEY_WARDEN_PING: 'none' }),
    );
    await shelved(cloud, `${FUNCTION}-acknowledge`, functionJson('acknowledge', {}));
    await shelved(cloud, `${FUNCTION}-leak-reports`, functionJson('leak-reports', {}));
    expect((await checks()).map(({ title }) => title)).not.toContain('who reads addresses of channels');
  });

  test('an API that is turned off', async () => {
    await made(cloud, 'POST /_emulator/apis', { project: PROJECT, api: 'secretmanager', enabled: false });
    const found = await trouble();
    expect(found.map(({ title }) => title)).toEqual([
      'watched secrets',
      'watched regional secrets',
      'what the worker may do on each secret',
      'who reads addresses of channels',
    ]);
    for (const { says } of found) expect(says).toContain('Enable the API in that project');
  });
});

describe('what a deployment has none of is not listed:', () => {
  test('accounts that keys are bound to, channels, keys of one’s own, regional secrets, a function that nobody calls, a page, acknowledgements', async () => {
    const { KEY_WARDEN_AUDIENCE } = ENVIRONMENT;
    await shelved(cloud, `${FUNCTION}-health-check`, functionJson('health-check', { KEY_WARDEN_AUDIENCE }));
    await shelved(cloud, `${FUNCTION}-rotate`);
    await shelved(cloud, `${FUNCTION}-status-page`);
    await shelved(cloud, `${FUNCTION}-reach`);
    await shelved(cloud, account('viewer'));
    await shelved(cloud, `${FUNCTION}-acknowledge`);
    await shelved(cloud, account('listener'));
    await shelved(cloud, `${FUNCTION}-leak-reports`);
    await shelved(cloud, account('finder'));
    await shelved(cloud, `${FUNCTION}-inventory`);
    await shelved(cloud, `${FUNCTION}-survey`);
    await shelved(cloud, account('looker'));
    await shelved(cloud, account('surveyor'));
    await made(cloud, `DELETE /v1/projects/${PROJECT}/secrets/app`, undefined);
    await made(cloud, 'POST /_emulator/secrets', {
      project: PROJECT,
      secretId: 'plain',
      labels: { 'key-warden': 'managed' },
    });
    await policySet(
      cloud,
      `projects/${PROJECT}/secrets/plain`,
      ...['checker', 'rotator', 'purger', 'notifier'].map((one) => [roleOf(one, 'secret'), memberOf(one)] as const),
    );
    const all = await checks();
    expect(all.filter(({ state }) => state !== 'yes')).toEqual([]);
    const listed = all.map(({ title }) => title);
    expect(EVERY_TITLE.filter((title) => !listed.includes(title))).toEqual([
      'accounts that keys are bound to',
      'who may bind keys to them',
      'who may act as consumers',
      'watched regional secrets',
      'what it may do on each regional secret',
      'who reads addresses of channels',
      'who may use the keys of secrets',
    ]);
  });
});

describe('without a permission,', () => {
  const rows = Object.values(DEPLOYMENT_ROWS).flatMap((row) => ('title' in row ? [row] : []));

  test('nothing is called missing: each row names the permissions of the looks that it is shown by', async () => {
    const refused: Look[] = [];
    const nobody: GoogleReader = {
      async read(look) {
        const known = await reader.read(look);
        if (look.path.includes('/functions/') || look.list === 'secrets') return known;
        refused.push(look);
        return 'denied';
      },
    };
    for (const { title, says, state } of await deploymentChecks(nobody, DEPLOYED)) {
      const row = rows.find((one) => one.title === title);
      const read = row?.shownBy.some((look) => ['deployedFunction', 'secrets'].includes(look)) ?? false;
      expect([title, state]).toEqual([title, read ? 'yes' : 'not_looked']);
      if (!read) expect(says).toContain('may not be looked at by you: you lack ');
    }
    expect(refused.length).toBeGreaterThan(20);
  });

  test('a caller in the pretend cloud is refused as by Google, and each row says what is lacking', async () => {
    const email = 'nobody@example.com';
    const token = (await cloud.control('POST token', { email })).json() as { readonly accessToken: string };
    const authorized: GoogleReader = {
      async read({ method, path, permission, query }) {
        const search = new URLSearchParams({ ...query }).toString();
        const { status } = await cloud.ask(method, `${path}${search === '' ? '' : `?${search}`}`, {
          headers: { authorization: `Bearer ${token.accessToken}` },
          ...(method === 'POST' && { body: {} }),
        });
        expect([permission, status]).toEqual([permission, 403]);
        return 'denied';
      },
    };
    const found = await deploymentChecks(authorized, DEPLOYED);
    expect(found.filter(({ state }) => state !== 'not_looked')).toEqual([]);
  });

  test('a list that is not there says so, and trouble is told as it is', async () => {
    const answers = (seen: Seen | Fault): GoogleReader => ({
      async read(look) {
        if (look.list !== 'secrets') return reader.read(look);
        if (seen instanceof Fault) throw seen;
        return seen;
      },
    });
    const saying = async (seen: Seen | Fault) =>
      (await deploymentChecks(answers(seen), DEPLOYED)).find(({ title }) => title === 'watched secrets')?.says;
    expect(await saying('missing')).toContain(`the list of secrets of ${PROJECT} is not there`);
    expect(await saying('denied')).toContain('you lack secretmanager.secrets.list');
    expect(await saying(new Fault('timeout', 'No answer came.'))).toContain('could not be looked at: No answer came.');
  });
});
