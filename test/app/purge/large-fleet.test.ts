import { expect, test } from '@jest/globals';
import { purgeFleet } from '../../../src/app/purge/purge-fleet.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { writeRetired } from '../../support/annotations.ts';
import { NOW } from '../../support/journals.ts';
import { largeFleet } from '../../support/large-fleet.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { SCOPE } from '../../support/stage.ts';

test('a purge of 20,000 secrets with old keys that wait keeps no sighting of them', async () => {
  const { ports, order } = await rotationStage();
  const key = { name: 'projects/7/locations/global/keys/a', uid: 'u' };
  const waits = { [RETIRED_ANNOTATION]: `${writeRetired([{ version: 1, at: NOW, rotation: 'kw-0', key }])}` };
  const { vault, held } = largeFleet(20_000, () => waits);
  const { secretPolicy } = order();
  const run = await purgeFleet(
    { ...ports, vault: { ...ports.vault, ...vault } },
    { scopes: [SCOPE], concurrency: 16, secretPolicy, dryRun: false },
  );
  expect(run).toMatchObject({ secrets: 20_000, problems: [], unreached: 0 });
  expect([run.purged.length, new Set(run.purged.map(({ outcome }) => outcome))]).toEqual([
    20_000,
    new Set(['waiting']),
  ]);
  expect(held()).toBeLessThan(10);
});
