import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { run } from '../support/captured.ts';
import { pretendCloud } from '../support/cloud.ts';

const PROJECT = 'ops-project';
const TOPIC = `projects/${PROJECT}/topics/alerts`;
const JOBS = `projects/${PROJECT}/locations/europe-west1/jobs`;
let cloud: PretendCloud;

beforeAll(async () => {
  cloud = await pretendCloud({ projects: { [PROJECT]: '123456789012' } });
});
afterAll(() => cloud.close());

async function send(method: string, path: string, body: object = {}): Promise<void> {
  const { status } = await fetch(`${cloud.url}/v1/${path}`, { method, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

const doctor = (...words: readonly string[]) =>
  run(['doctor', '--dotenv', '/nowhere/.env', '--project', PROJECT, ...words], {
    environment: { KEY_WARDEN_EMULATOR: cloud.url, KEY_WARDEN_ALERT_TOPIC: TOPIC },
  });

test('doctor tells of a topic and of jobs that are not there, and ends with 4', async () => {
  const { code, out } = await doctor('--region', 'europe-west1');
  expect(code).toBe(4);
  expect(out).toContain(`broken  topic ${TOPIC}  does not exist`);
  expect(out).toMatch(/broken {2}job …-purge +does not exist in ops-project \(europe-west1\): nothing starts it/);
});

test('doctor tells how each job ran last; one that has not run yet leaves it open', async () => {
  await send('PUT', TOPIC);
  for (const id of ['kw-health-check', 'kw-reconcile', 'kw-purge'])
    await send('POST', JOBS, {
      name: `${JOBS}/${id}`,
      schedule: '0 * * * *',
      httpTarget: { uri: `${cloud.url}/_emulator/reset-nothing` },
    });
  const fresh = await doctor('--region', 'europe-west1');
  expect(fresh.code).toBe(3);
  expect(fresh.out).toMatch(/unknown +job kw-purge +has not run yet/);
  await send('POST', `${JOBS}/kw-purge:run`);
  await send('POST', `${JOBS}/kw-reconcile:pause`);
  const { code, out } = await doctor('--region', 'europe-west1', '--json');
  expect(code).toBe(4);
  expect(JSON.parse(out)).toMatchObject({
    schema: 'key-warden/doctor/v1',
    parts: [
      { title: `topic ${TOPIC}`, state: 'well' },
      { title: 'job kw-health-check', state: 'unknown' },
      { title: 'job kw-reconcile', state: 'broken', says: 'is PAUSED: it does not run' },
      { title: 'job kw-purge', state: 'broken', says: expect.stringContaining('NOT_FOUND') },
    ],
  });
});

test('doctor without a region leaves the jobs alone', async () => {
  const before = cloud.requests().length;
  const { code, out } = await doctor();
  expect(code).toBe(4); // no key is there either, and nothing else was asked about
  expect(out).toMatch(/✗ +a key is there/);
  expect(
    cloud
      .requests()
      .slice(before)
      .filter(({ path }) => path.includes('/jobs')),
  ).toEqual([]);
});

test('doctor looks whether keys can be made for the account that is named or set', async () => {
  const account = `app-keys@${PROJECT}.iam.gserviceaccount.com`;
  cloud.organisation.enforce(PROJECT, 'iam.managed.disableServiceAccountApiKeyCreation', false);
  const { code, out } = await doctor('--service-account', account);
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('is there, and you may bind keys to it'),
  });
  expect(out).toMatch(/well +policy iam\.managed\.disableServiceAccountApiKeyCreation in ops-project +is not enforced/);
  const set = await run(['doctor', '--dotenv', '/nowhere/.env', '--project', PROJECT], {
    environment: {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_KEY_SERVICE_ACCOUNT: account,
      KEY_WARDEN_KEY_PROJECT: PROJECT,
    },
  });
  expect(set.out).toContain(`account ${account}`);
});
