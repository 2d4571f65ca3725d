import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PROJECT, type TestCloud } from '../support/cloud.ts';
import { run } from '../support/captured.ts';
import { deployedCloud, HERE, made, shelved } from '../support/deployed-stage.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await deployedCloud();
});
afterAll(() => cloud.close());

const doctor = (...words: readonly string[]) =>
  run(['doctor', '--dotenv', '/nowhere/.env', ...words], { environment: { KEY_WARDEN_EMULATOR: cloud.url } });
const HERE_IT_IS = ['--project', PROJECT, '--region', 'europe-west1'];

test('a deployment in which everything is there ends with 0, with a ✓ for each part', async () => {
  const { code, out } = await doctor('--deployment', ...HERE_IT_IS);
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringMatching(/✓ +alarms +all 18 are as they should be/),
  });
  // A key of the caller's own was not asked about: what of it is not there is no ✗, and stands below.
  expect(out).not.toContain('✗');
  expect(out).toMatch(/^✓ +APIs +[\s\S]*\nPLACE[\s\S]*– +a key is there +not looked: /);
  expect(out.match(/✓/g)?.length).toBeGreaterThan(30);
  expect(out).toMatch(/well +job key-warden-purge +ran at/);
  expect(out).toMatch(/well +policy iam\.managed\.disableServiceAccountApiKeyCreation in test-proj +is enforced/);
});

test('it says ✗, what is missing and what to do, and ends with 4; in JSON, too', async () => {
  await shelved(cloud, `/v2/projects/${PROJECT}/metrics/key_warden_crashes`);
  const { code, out } = await doctor('--deployment', ...HERE_IT_IS);
  expect(code).toBe(4);
  expect(out).toMatch(
    /✗ +metrics from its log +metric key_warden_crashes is not there\. To mend it: apply the module again/,
  );
  const json = JSON.parse((await doctor('--deployment', 'key-warden', ...HERE_IT_IS, '--json')).out);
  expect(json.deployment).toContainEqual({ state: 'no', title: 'metrics from its log', says: expect.any(String) });
  await shelved(cloud, `/v2/projects/${PROJECT}/metrics/key_warden_crashes`, { name: 'key_warden_crashes' });
});

test('what could not be looked at is – and ends with 3', async () => {
  await shelved(cloud, `/v3/projects/${PROJECT}`, {});
  const { code, out } = await doctor('--deployment', ...HERE_IT_IS);
  expect(code).toBe(3);
  expect(out).toMatch(/– +audit logs of Secret Manager +not looked: /);
});

test('jobs are looked for where they are', async () => {
  const { code, out } = await doctor('--deployment', ...HERE_IT_IS, '--scheduler-region', 'europe-west4');
  expect(code).toBe(4);
  expect(out).toMatch(/✗ +jobs of Cloud Scheduler +job key-warden-health-check is not there/);
  await made(cloud, `DELETE /v1/${HERE}/jobs/key-warden-purge`, undefined);
  expect((await doctor('--deployment', ...HERE_IT_IS)).out).toMatch(/✗ +jobs of Cloud Scheduler +job key-warden-purge/);
});

test('without --deployment nothing of it is looked for', async () => {
  const before = cloud.requests().length;
  await doctor(...HERE_IT_IS);
  const paths = cloud
    .requests()
    .slice(before)
    .map(({ path }) => path);
  expect(paths.filter((path) => path.includes('/functions/'))).toEqual([]);
});

test.each([
  [['--deployment'], 'add --region REGION'],
  [['--deployment', 'X', '--region', 'europe-west1'], '"X" is no name of a deployment'],
  [['--deployment', '--region', 'europe'], '"europe" is not a region'],
  [['--deployment', '--region', 'europe-west1', '--scheduler-region', '../x'], '"../x" is not a region'],
  [['--deployment', '--region', 'europe-west1', '--project', 'another'], 'name that one with --project'],
])('%j is refused with 2', async (words, says) => {
  const { code, err } = await doctor('--project', PROJECT, ...words);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(says) });
});
