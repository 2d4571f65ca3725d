import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NUMBER, PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

const run = promisify(execFile);

const installed = spawnSync('gcloud', ['--version']).status === 0;
if (!installed) console.warn('gcloud is not installed, so NOT RUN: gcloud services api-keys, gcloud pubsub');
const withGcloud = installed ? test : test.skip;

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  cloud = await testCloud();
  folder = await mkdtemp(join(tmpdir(), 'gcloud-keys-'));
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

/** One call of gcloud, about a second; answers stdout without the closing newline. */
async function gcloud(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('gcloud', [...args], {
    env: {
      ...env,
      CLOUDSDK_CONFIG: folder,
      CLOUDSDK_CORE_PROJECT: PROJECT,
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_APIKEYS: `${cloud.url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${cloud.url}/`,
    },
  });
  return stdout.trimEnd();
}

withGcloud('gcloud mints a bound key, reads its string, finds it again, restricts it and deletes it', async () => {
  const account = `gemini@${PROJECT}.iam.gserviceaccount.com`;
  const target = '--api-target=service=generativelanguage.googleapis.com';
  await gcloud('services', 'api-keys', 'create', '--key-id=my-key', `--service-account=${account}`, target);
  const name = `projects/${NUMBER}/locations/global/keys/my-key`;
  expect(cloud.keyring.all()).toMatchObject([{ kind: 'auth', keyId: 'my-key', serviceAccountEmail: account }]);
  const read = ['services', 'api-keys', 'get-key-string', name, '--format=value(keyString)'];
  const keyString = await gcloud(...read);
  expect(cloud.keyring.byString(keyString)?.keyId).toBe('my-key');
  expect(await gcloud('services', 'api-keys', 'lookup', keyString, '--format=value(name)')).toBe(name);
  // gcloud names the parts of the restrictions one by one in its mask
  await gcloud('services', 'api-keys', 'update', name, '--allowed-ips=10.0.0.1,10.0.0.2');
  await gcloud('services', 'api-keys', 'update', name, '--api-target=service=translate.googleapis.com');
  expect(cloud.keyring.byString(keyString)?.restrictions).toEqual({
    apiTargets: [{ service: 'translate.googleapis.com' }],
    allowedIps: ['10.0.0.1', '10.0.0.2'],
  });
  await gcloud('services', 'api-keys', 'delete', name);
  expect(await gcloud('services', 'api-keys', 'list', '--format=value(name)')).toBe('');
});

withGcloud('gcloud makes a topic and a filtered subscription, publishes and pulls', async () => {
  await gcloud('pubsub', 'topics', 'create', 'orders');
  await gcloud('pubsub', 'subscriptions', 'create', 'inbox', '--topic=orders', '--message-filter=attributes:type');
  await gcloud('pubsub', 'topics', 'publish', 'orders', '--message=dropped');
  await gcloud('pubsub', 'topics', 'publish', 'orders', '--message=kept', '--attribute=type=x');
  await gcloud('pubsub', 'subscriptions', 'update', 'inbox', '--ack-deadline=30', '--update-labels=team=a');
  await gcloud(
    'pubsub',
    'topics',
    'add-iam-policy-binding',
    'orders',
    '--member=user:a@b.example',
    '--role=roles/pubsub.publisher',
  );
  const format = '--format=value(message.data.decode(base64),message.attributes.type)';
  expect(await gcloud('pubsub', 'subscriptions', 'pull', 'inbox', '--auto-ack', format)).toBe('kept\tx');
});
