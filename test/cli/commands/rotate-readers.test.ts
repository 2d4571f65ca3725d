import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { beginRotation } from '../../../src/functions/begin-rotation.ts';
import { rotateRequest } from '../../../src/functions/rotate-request.ts';
import { readSettings } from '../../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../../src/core/settings/settings.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../../src/emulator/showcase/showcase.ts';
import { wireTo } from '../../../src/wire.ts';
import { run } from '../../support/captured.ts';
import { testCloud, type TestCloud } from '../../support/cloud.ts';
import { variable } from '../../support/consumers.ts';

const SECRET = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
const ACCOUNT = `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  cloud.iam.grant(SHOWCASE_PROJECT, `serviceAccount:${ACCOUNT}`, 'roles/secretmanager.secretAccessor');
  cloud.run.deploy(`projects/${SHOWCASE_PROJECT}/locations/europe-west1/services/web`, {
    template: { serviceAccount: ACCOUNT, containers: [{ image: 'web', env: [variable('KEY', 'search-app', '1')] }] },
  });
});
afterEach(() => cloud.close());

const environment = (lookAtConsumers: number) => ({
  KEY_WARDEN_EMULATOR: cloud.url,
  KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
  KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
  KEY_WARDEN_KEY_SERVICE_ACCOUNT: ACCOUNT,
  KEY_WARDEN_LOOK_AT_CONSUMERS: String(lookAtConsumers),
});
/** Where consumers are brought along that have the label. */
const REACHING = { KEY_WARDEN_CONSUMER_PROJECTS: SHOWCASE_PROJECT, KEY_WARDEN_REACH_CONSUMERS: '1' };
const rotate = (lookAtConsumers: number, ...more: readonly string[]) =>
  run(['rotate', 'search-app', ...more], { environment: environment(lookAtConsumers) });
const LEFT = `service web in europe-west1 (${SHOWCASE_PROJECT}) names version 1 in the variable KEY`;

test('a dry run shows who reads the secret, whatever the policy says', async () => {
  const { code, out } = await rotate(0, '--dry-run');
  expect(code).toBe(0);
  expect(out).toContain('readers  1 consumer; a new version is seen never by 1\n');
  expect(out).toContain(`left  ${LEFT}`);
  const json = JSON.parse((await rotate(0, '--dry-run', '--json')).out) as Readonly<Record<string, unknown>>;
  expect(json).toMatchObject({
    consumers: { readers: [{ sees: 'never' }], left: [expect.stringContaining(LEFT)], notLooked: [] },
    problems: [expect.stringContaining('the organisation policy')],
  });
});

test('a dry run says who would be brought along, who is left alone and who is never reached, and JSON the same', async () => {
  const service = (id: string, labels: Readonly<Record<string, string>>) =>
    cloud.run.deploy(`projects/${SHOWCASE_PROJECT}/locations/europe-west1/services/${id}`, {
      labels,
      template: {
        serviceAccount: ACCOUNT,
        containers: [{ image: id, env: [variable('KEY', 'search-app', 'current')] }],
      },
    });
  service('api', { 'key-warden-reach': 'on' });
  service('bff', { 'key-warden-reach': 'on' });
  service('old', {});
  const words = ['rotate', 'search-app', '--dry-run'];
  const { code, out } = await run(words, { environment: { ...environment(0), ...REACHING } });
  expect(code).toBe(0);
  expect(out).toContain('brought  api in europe-west1, bff in europe-west1: a new revision after the promotion\n');
  expect(out).toContain('left  old in europe-west1: it has no label key-warden-reach=on\n');
  expect(out).toContain('never  web in europe-west1: it names version 1 in the variable KEY');
  expect(out.match(/names version 1/g)).toHaveLength(1);
  const json = JSON.parse(
    (await run([...words, '--json'], { environment: { ...environment(0), ...REACHING } })).out,
  ) as unknown;
  expect(json).toMatchObject({
    reach: {
      consumers: [{ is: 'brought' }, { is: 'brought' }, { is: 'never', why: expect.any(String) }, { is: 'left' }],
      notLooked: [],
    },
  });
});

test('with 1 a dry run names who is left behind once, beside the others', async () => {
  const { out } = await rotate(1, '--dry-run');
  expect(out.split(LEFT)).toHaveLength(2);
});

test('with 1 who is left behind is named, and the rotation begins', async () => {
  const { code, err } = await rotate(1);
  expect(code).not.toBe(5);
  expect(err).toContain(LEFT);
});

test('with 2 it does not begin, and its dry run says so', async () => {
  const { code, out, err } = await rotate(2);
  expect([code, `${out}${err}`]).toEqual([5, expect.stringContaining('1 reading would stay with the old key')]);
  expect((await rotate(2, '--dry-run')).out).toContain('held');
});

test('an emergency waits for nobody', async () => {
  expect(`${(await rotate(3, '--emergency')).out}`).not.toContain('lookAtConsumers');
});

test('with 3 what could not be looked at stops it too', async () => {
  await cloud.ask('DELETE', `/v2/projects/${SHOWCASE_PROJECT}/locations/europe-west1/services/web`);
  await cloud.control('POST faults', { match: { service: 'functions' }, status: 403, times: 9 });
  const { code, out, err } = await rotate(3);
  expect([code, `${out}${err}`]).toEqual([
    5,
    expect.stringContaining('who reads it could not be looked up in 1 place'),
  ]);
});

test('the function looks where its settings let it, and answers the same', async () => {
  const dryRun = async (lookAtConsumers: number) => {
    const reading = readSettings(environment(lookAtConsumers), { project: true, callers: false });
    if (!('settings' in reading)) throw new Error(reading.problems.join());
    const { settings } = reading;
    await using wired = wireTo({ write: () => undefined })(settings);
    const asked = rotateRequest(JSON.stringify({ secret: SECRET, dryRun: true }));
    if ('problems' in asked) throw new Error(asked.problems.join());
    const order = { ...settings, me: 'worker', scopes: scopesOf(settings) };
    const by = { who: 'ann@example.com', is: 'verified' } as const;
    return await beginRotation(wired.ports, order, asked, { caller: 'ann@example.com', by, mayEmergency: false });
  };
  expect(await dryRun(0)).not.toHaveProperty('body.consumers');
  expect(await dryRun(2)).toMatchObject({
    body: { outcome: 'held', consumers: { left: [expect.stringContaining(LEFT)], readers: [{ version: '1' }] } },
  });
});
