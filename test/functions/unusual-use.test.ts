import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { useWatch } from '../../src/app/use/watch-use.ts';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../src/core/settings/settings.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { reconcileFunction } from '../../src/functions/reconcile.ts';
import { wireTo, type Wired } from '../../src/wire.ts';
import { PROJECT, STANDARD, testCloud, timeOf, type TestCloud } from '../support/cloud.ts';
import { served } from '../support/served.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SECRET = 'projects/123456789012/secrets/app';

let cloud: TestCloud;
let wired: Wired;
let lines: string[] = [];
let uid: string;

beforeEach(async () => {
  cloud = await testCloud();
  const made = await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
  ({ uid } = made.json() as { readonly uid: string });
  cloud.secrets.seed({
    project: PROJECT,
    secretId: 'app',
    payloads: [STANDARD],
    labels: { 'key-warden': 'managed' },
    aliases: { current: 1 },
  });
  lines = [];
  const reading = readSettings(
    {
      KEY_WARDEN_EMULATOR: cloud.url,
      KEY_WARDEN_PROJECTS: PROJECT,
      KEY_WARDEN_MAX_AGE_DAYS: '0',
      KEY_WARDEN_KEY_KIND: 'standard',
    },
    { project: true, callers: false },
  );
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog((line) => lines.push(line)),
    timeOf(cloud),
  )(settings);
  const { secretPolicy, concurrency, budgetSeconds, runEveryMinutes, rotationsMax, projects } = settings;
  const scope = { scopes: scopesOf(settings), concurrency, secretPolicy };
  const use = useWatch(wired.ports, { ...scope, projects, runEveryMinutes });
  const callers = () =>
    Promise.resolve({
      allowed: true,
      caller: 'scheduler',
      by: { who: 'scheduler', is: 'verified' },
      mayEmergency: false,
    } as const);
  http(
    'reconcile',
    reconcileFunction(
      wired.ports,
      { ...scope, budgetSeconds, runEveryMinutes, rotationsMax, me: 'w' },
      { callers, use },
    ),
  );
});

afterEach(async () => {
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function reconciled() {
  await using worker = await served('reconcile');
  const answer = await fetch(worker.url, { method: 'POST' });
  return (await answer.json()) as { readonly problems: readonly string[]; readonly begun: number };
}

const traffic = (perMinute: number) => cloud.control('POST traffic', { uid, perMinute });
const told = () =>
  lines
    .map((line) => JSON.parse(line) as { readonly notice?: { readonly type: string } })
    .flatMap(({ notice }) => (notice === undefined ? [] : [notice]));

test('a key that is used twenty times as much as ever is told half an hour after the hour, once, and nothing is begun', async () => {
  await traffic(2);
  await cloud.advance(9 * 24 * HOUR_MS);
  await traffic(40);
  await cloud.advance(HOUR_MS + 30 * MINUTE_MS);
  expect(await reconciled()).toMatchObject({ problems: [] });
  expect(told()).toEqual([]);
  await cloud.advance(MINUTE_MS);
  expect(await reconciled()).toMatchObject({ problems: [], begun: 0 });
  expect(told()).toMatchObject([
    {
      type: 'key.unusual',
      secret: SECRET,
      version: 1,
      project: PROJECT,
      use: { requests: 2_400, usual: 120, most: 360 },
      why: expect.stringContaining('lately by GenerateContent'),
    },
  ]);
  for (let run = 0; run < 3; run += 1) {
    await cloud.advance(HOUR_MS);
    expect(await reconciled()).toMatchObject({ problems: [], begun: 0 });
  }
  expect(told()).toHaveLength(1);
});

test('a secret’s own policy may have a planned rotation begin, which the next run does', async () => {
  const annotations = { 'key-warden.policy': '{"v":1,"rotateWhenUnusual":1}' };
  cloud.secrets.call('updateSecret', {}, { secret: { name: SECRET, annotations }, updateMask: 'annotations' });
  await traffic(2);
  await cloud.advance(9 * 24 * HOUR_MS);
  await traffic(40);
  await cloud.advance(HOUR_MS + 31 * MINUTE_MS);
  expect(await reconciled()).toMatchObject({ problems: [], begun: 0 });
  expect(told()).toMatchObject([{ type: 'key.unusual', why: expect.stringContaining('a planned rotation begins') }]);
  await cloud.advance(10 * MINUTE_MS);
  expect(await reconciled()).toMatchObject({ begun: 1 });
  expect(told()).toMatchObject([{}, { type: 'rotation.opened', reason: 'request: its key was used as never before' }]);
});

test('what Monitoring does not tell is said, and is no quiet hour', async () => {
  await cloud.advance(31 * MINUTE_MS);
  const reply = { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } };
  cloud.faults.plant({ method: 'GET', pathPattern: /timeSeries/ }, 1, { act: 'answer', reply });
  expect((await reconciled()).problems).toEqual([
    expect.stringContaining(`how the keys of project ${PROJECT} are used is not known: `),
  ]);
  expect(lines.join('\n')).toContain('"severity":"WARNING"');
  expect((await reconciled()).problems).toEqual([]);
});
