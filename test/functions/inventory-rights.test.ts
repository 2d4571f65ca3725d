import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { http } from '@google-cloud/functions-framework';
import { IDENTITIES } from '../../src/core/google/permissions-of-deployment.ts';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { scopesOf } from '../../src/core/settings/settings.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { callerCheck } from '../../src/edge/process/callers.ts';
import type { PretendCloud } from '../../src/emulator/server/server.ts';
import { inventoryFunction } from '../../src/functions/inventory.ts';
import { parseRecord } from '../../src/core/values/json.ts';
import { wireTo, type Wired } from '../../src/wire.ts';
import { AUTH, DAY_MS, NUMBER, pretendCloud, PROJECT, timeOf } from '../support/cloud.ts';
import { served } from '../support/served.ts';

const ACCOUNT = `app-runner@${PROJECT}.iam.gserviceaccount.com`;
const MEMORY = `projects/${PROJECT}/secrets/inventory`;
const SURVEYOR = `surveyor@${PROJECT}.iam.gserviceaccount.com`;
const NEEDS = IDENTITIES.surveyor.grants.map(({ needs }) => needs);

let cloud: PretendCloud;
let wired: Wired;

/** A pretend cloud in which whoever calls is the surveyor, and nobody is the owner. */
beforeEach(async () => {
  cloud = await pretendCloud({
    projects: { [PROJECT]: NUMBER },
    services: [
      {
        title: 'who calls',
        answer({ headers }) {
          Object.assign(headers, { authorization: 'Bearer surveyor' });
          return undefined;
        },
      },
    ],
  });
  cloud.iam.register('surveyor', SURVEYOR);
  const made = { project: NUMBER, kind: 'auth', serviceAccountEmail: ACCOUNT } as const;
  cloud.keyring.put(AUTH, 'works', made, cloud.clock.now() - 20 * DAY_MS);
  cloud.accounts.setState(ACCOUNT, 'disabled');
  const seed = (secretId: string, payloads: readonly string[], labels = {}) =>
    cloud.secrets.seed({ project: PROJECT, secretId, payloads, labels });
  seed('app', [AUTH], { 'key-warden': 'managed' });
  seed('inventory', []);
  const environment = {
    KEY_WARDEN_EMULATOR: cloud.url,
    KEY_WARDEN_PROJECTS: PROJECT,
    KEY_WARDEN_VERIFY_CALLERS: 'off',
    KEY_WARDEN_INVENTORY_MEMORY: MEMORY,
  };
  const reading = readSettings(environment, { project: true, callers: true, inventory: true });
  if ('problems' in reading) throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  wired = wireTo(
    structuredLog(() => undefined),
    timeOf(cloud),
  )(settings);
  const projects = [PROJECT];
  const order = { ...settings, scopes: scopesOf(settings), projects, keyProjects: projects, memory: MEMORY };
  const callers = callerCheck(settings.callers, settings.endpoints.oidc, () => wired.ports.clock.now());
  http('inventory', inventoryFunction({ ...wired.ports, reader: wired.reader }, order, callers));
});
afterEach(async () => {
  await wired[Symbol.asyncDispose]();
  await cloud.close();
});

async function runWith(permissions: readonly string[]) {
  const role = `projects/${PROJECT}/roles/surveyor`;
  cloud.iam.defineRole(role, permissions);
  cloud.iam.grant(PROJECT, `serviceAccount:${SURVEYOR}`, role);
  await using worker = await served('inventory');
  const answer = await fetch(worker.url, { method: 'POST' });
  return { status: answer.status, says: parseRecord(await answer.text()) ?? {} };
}

describe('under the rights of the surveyor and no others', () => {
  test('an inventory misses nothing, and remembers', async () => {
    expect(await runWith(NEEDS)).toMatchObject({
      status: 200,
      says: { notLooked: [], counts: { account_disabled: 1 }, messages: 1 },
    });
    expect(await runWith(NEEDS)).toMatchObject({ status: 200, says: { memory: 'known', messages: 0 } });
  });

  test.each(NEEDS.filter((one) => !/^pubsub|timeSeries/.test(one)))('each is needed: without %s', async (missing) => {
    const { status, says } = await runWith(NEEDS.filter((one) => one !== missing));
    expect(status === 500 || (status === 200 && Number(says['gaps']) > 0)).toBe(true);
  });
});
