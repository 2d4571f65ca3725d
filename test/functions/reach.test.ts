import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../src/core/settings/settings.ts';
import { callerCheck } from '../../src/edge/process/callers.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { setUpShowcase, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { reachFunction } from '../../src/functions/reach.ts';
import { wireTo, type Wired } from '../../src/wire.ts';
import { run } from '../support/captured.ts';
import { pretendCloud, timeOf } from '../support/cloud.ts';
import { variable } from '../support/consumers.ts';
import { served } from '../support/served.ts';

const AUDIENCE = 'https://reach.example';
const CALLER = 'release@demo-project.iam.gserviceaccount.com';
const SEARCH = `projects/${SHOWCASE_PROJECT}/secrets/search-app`;
const ACCOUNT = `search-app@${SHOWCASE_PROJECT}.iam.gserviceaccount.com`;

let cloud: PretendCloud;
let wired: Wired;
let lines: string[] = [];

/** One key has been rotated, and a service still holds the old one. */
beforeEach(async () => {
  cloud = await pretendCloud({ propagation: { newKeyMs: 0 } });
  setUpShowcase(cloud);
  cloud.iam.grant(SHOWCASE_PROJECT, `serviceAccount:${ACCOUNT}`, 'roles/secretmanager.secretAccessor');
  cloud.run.deploy(`projects/${SHOWCASE_PROJECT}/locations/europe-west1/services/api`, {
    template: {
      serviceAccount: ACCOUNT,
      containers: [{ image: 'api', env: [variable('KEY', 'search-app', 'current')] }],
    },
  });
  lines = [];
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_CONSUMER_PROJECTS: SHOWCASE_PROJECT,
    KEY_WARDEN_REACH_CONSUMERS: '2',
    KEY_WARDEN_CONFIRM_SPACING_SECONDS: '0',
    KEY_WARDEN_KEY_SERVICE_ACCOUNT: ACCOUNT,
    KEY_WARDEN_AUDIENCE: AUDIENCE,
    KEY_WARDEN_CALLERS: CALLER,
  };
  await run(['rotate', 'search-app'], { environment });
  const reading = readSettings(environment, { project: true, callers: true });
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog((line) => lines.push(line)),
    timeOf(cloud),
  )(settings);
  const callers = callerCheck(settings.callers, settings.endpoints.oidc, () => wired.ports.clock.now());
  http('reach', reachFunction(wired.ports, { ...settings, scopes: scopesOf(settings) }, callers));
});

afterEach(async () => {
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function post(body: object | string) {
  await using worker = await served('reach');
  const answer = await fetch(worker.url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${cloud.oidc.idToken(CALLER, AUDIENCE)}`,
      'content-type': 'application/json',
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

describe('reach', () => {
  test('says how consumers stand, brings the key to them, and says by whom it was asked', async () => {
    expect(await post({ dryRun: true, secrets: [SEARCH] })).toMatchObject({
      status: 200,
      body: { schema: 'key-warden/reach/v1', dryRun: true, counts: { due: 1, on: 0 } },
    });
    expect(await post('')).toMatchObject({ body: { dryRun: false, counts: { due: 0, on: 1 } } });
    expect(await post({ again: true })).toMatchObject({ body: { counts: { on: 1 }, reached: [{ revised: 0 }] } });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ reached: expect.objectContaining({ on: 1 }), caller: CALLER }),
    );
  });

  test('refuses a body that it does not understand', async () => {
    for (const body of [{ dryRun: 'yes' }, { drain: true }, { secrets: 'gemini' }, { secrets: ['gemini'] }, '[]'])
      expect(await post(body)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('dryRun and again') } },
      });
  });

  test('touches no consumer of a secret outside its projects', async () => {
    expect(await post({ secrets: ['projects/attacker-1/secrets/x'] })).toMatchObject({ status: 422 });
  });
});
