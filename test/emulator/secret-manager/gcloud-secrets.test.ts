import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NUMBER, PROJECT, startRig, type Rig } from '../../support/secret-manager-rig.ts';

const run = promisify(execFile);

const installed = spawnSync('gcloud', ['--version']).status === 0;
if (!installed)
  console.warn('gcloud is not installed, so NOT RUN: gcloud secrets create, versions, update, policy, delete');
const withGcloud = installed ? test : test.skip;

let rig: Rig;
let folder: string;
beforeAll(async () => {
  rig = await startRig();
  folder = await mkdtemp(join(tmpdir(), 'gcloud-secrets-'));
});
afterAll(async () => {
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

/** One call of gcloud, about a second; answers stdout without the closing newline. */
async function secrets(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('gcloud', ['secrets', ...args], {
    env: {
      ...env,
      CLOUDSDK_CONFIG: folder,
      CLOUDSDK_CORE_PROJECT: PROJECT,
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: `${rig.url}/`,
    },
  });
  return stdout.trimEnd();
}

const read = async (path: string): Promise<unknown> =>
  (await rig.ask('GET', `projects/${PROJECT}/secrets/${path}`)).body;

withGcloud('gcloud keeps a secret from create to delete, checksums and etags included', async () => {
  const file = join(folder, 'payload');
  await writeFile(file, 'first payload\n');
  await secrets('create', 's1', `--data-file=${file}`, '--labels=team=search');
  expect(await read('s1/versions/1')).toMatchObject({ state: 'ENABLED', clientSpecifiedPayloadChecksum: true });

  await writeFile(file, 'second payload');
  await secrets('versions', 'add', 's1', `--data-file=${file}`);
  expect(await secrets('versions', 'access', 'latest', '--secret=s1')).toBe('second payload');

  await secrets(
    'update',
    's1',
    '--update-labels=tier=gold',
    '--update-version-aliases=current=2,previous=1',
    '--update-annotations=key-warden.rotation=resting',
  );
  expect(await read('s1')).toMatchObject({
    labels: { team: 'search', tier: 'gold' },
    versionAliases: { current: '2', previous: '1' },
    annotations: { 'key-warden.rotation': 'resting' },
  });
  expect(await secrets('versions', 'access', 'previous', '--secret=s1')).toBe('first payload');

  await secrets('versions', 'disable', '1', '--secret=s1');
  const listed = await secrets('versions', 'list', 's1', '--filter=state=ENABLED', '--format=value(name)');
  expect(listed).toBe('2');
  await secrets('versions', 'enable', '1', '--secret=s1');
  await secrets('versions', 'destroy', '1', '--secret=s1');
  expect(await read('s1/versions/1')).toMatchObject({ state: 'DESTROYED' });
  await expect(secrets('versions', 'access', '1', '--secret=s1')).rejects.toMatchObject({
    stderr: expect.stringContaining(`Secret Version [projects/${NUMBER}/secrets/s1/versions/1] is in DESTROYED state.`),
  });

  const member = '--member=serviceAccount:worker@test-proj.iam.gserviceaccount.com';
  await secrets('add-iam-policy-binding', 's1', member, '--role=roles/secretmanager.secretAccessor');
  expect(await read('s1:getIamPolicy')).toMatchObject({ bindings: [{ role: 'roles/secretmanager.secretAccessor' }] });

  // Here the etag needs characters that standard and URL-safe base64 write differently, and gcloud sends the latter.
  rig.clock.advance(Date.parse('2026-12-06T15:00:00Z') - rig.clock.now());
  await secrets('add-iam-policy-binding', 's1', member, '--role=roles/secretmanager.viewer');
  await secrets('remove-iam-policy-binding', 's1', member, '--role=roles/secretmanager.secretAccessor');
  expect(await read('s1:getIamPolicy')).toMatchObject({
    etag: expect.stringMatching(/[+/]/),
    bindings: [{ role: 'roles/secretmanager.viewer' }],
  });

  await secrets('delete', 's1');
  expect(await read('s1')).toMatchObject({ error: { code: 404 } });
});

withGcloud('gcloud reaches regional secrets and reads the exact refusal', async () => {
  const file = join(folder, 'regional');
  await writeFile(file, 'regional payload');
  await secrets('create', 'r1', '--location=us-east1', `--data-file=${file}`);
  expect(await secrets('versions', 'access', '1', '--secret=r1', '--location=us-east1')).toBe('regional payload');
  await expect(secrets('describe', 'r1')).rejects.toMatchObject({
    stderr: expect.stringContaining(`Secret [projects/${NUMBER}/secrets/r1] not found.`),
  });
});
