import { expect, test } from '@jest/globals';
import { SMOKE_CALLS } from '../../build/smoke-calls.ts';
import { IDENTITIES } from '../../src/core/google/permissions-of-deployment.ts';
import { readSettings } from '../../src/core/settings/read-settings.ts';
import { showcaseEnvironment, showcaseSigning, SHOWCASE_PROJECT } from '../../src/emulator/showcase/showcase.ts';
import { pretendCloud } from '../support/cloud.ts';

test('the smoke step starts and calls every entry point that is deployed', () => {
  const entries = Object.values(IDENTITIES).flatMap(({ runs }) => runs);
  expect(Object.keys(SMOKE_CALLS).toSorted()).toEqual([...entries].toSorted());
});

test('`npm start` sets all that any entry point needs, the topics of notify too', async () => {
  const cloud = await pretendCloud();
  try {
    const needs = {
      project: true,
      callers: true,
      deliveries: true,
      acknowledgements: true,
      leakReports: true,
      inventory: true,
    };
    cloud.names.add(SHOWCASE_PROJECT);
    const environment = { ...showcaseEnvironment(cloud), ...showcaseSigning(cloud) };
    expect(readSettings(environment, needs)).toHaveProperty('settings');
  } finally {
    await cloud.close();
  }
});
