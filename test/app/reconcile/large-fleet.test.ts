import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { WHOLE_AT_REST_MAX } from '../../../src/app/reconcile/listed-view.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal, writeRetired } from '../../support/annotations.ts';
import { ahead, HOUR_MS, inFlight, NOW } from '../../support/journals.ts';
import { largeFleet } from '../../support/large-fleet.ts';
import { rotationStage } from '../../support/rotation-stage.ts';
import { GOOD_KEY, MANAGED, SCOPE } from '../../support/stage.ts';

const MINUTES = 5;
/** A turn is 150 secrets, so that all had theirs after eight runs. */
const TURNS = Math.ceil((WHOLE_AT_REST_MAX + 101) / 150);

async function largeStage() {
  const on = await rotationStage();
  const { vault, order } = on;
  const { secretPolicy } = order();
  const settings = {
    scopes: [SCOPE],
    concurrency: 16,
    me: 'worker-1',
    secretPolicy: { ...secretPolicy, rotation: { ...secretPolicy.rotation, destroyAfterDays: 1 } },
    rotationsMax: 5,
    runEveryMinutes: MINUTES,
    budgetSeconds: 3600,
  };
  return { ...on, settings, vault };
}

describe('of a fleet of 20,000 secrets at rest a run', () => {
  test('keeps a thousand and what is in flight, and counts the others', async () => {
    const { ports, settings } = await largeStage();
    const waits = writeJournal(inFlight({ phase: 'promoted', notBefore: ahead(999), promotedAt: NOW }));
    const kept = writeRetired([
      { version: 1, at: NOW, rotation: 'kw-0', key: { name: 'projects/7/locations/global/keys/a', uid: 'u' } },
    ]);
    const { vault, held } = largeFleet(20_000, (at) => ({
      ...(at % 1000 === 0 ? { [ROTATION_ANNOTATION]: `${waits}` } : {}),
      [RETIRED_ANNOTATION]: `${kept}`,
    }));
    const run = await reconcile({ ...ports, vault: { ...ports.vault, ...vault } }, { ...settings, rotationsMax: 0 });
    expect(run).toMatchObject({ secrets: 20_000, inFlight: 20, begun: 0 });
    expect(run.problems.join()).toContain('20000 secrets have 40020 of the 300 keys that a project holds');
    expect(run.problems.join()).toContain('20000 secrets need 28445 keys at a time');
    expect(held()).toBeGreaterThan(WHOLE_AT_REST_MAX);
    expect(held()).toBeLessThan(WHOLE_AT_REST_MAX + 30);
  });
});

describe('of a secret that was not kept', () => {
  async function lastOfMany() {
    const on = await largeStage();
    const { vault, ports, settings, clock } = on;
    const secretPolicy = { ...settings.secretPolicy, mint: { keyKind: 'standard' as const } };
    const scopes = Array.from({ length: 10 }, (_, at) => ({ ...SCOPE, project: `${1000 + at}` }));
    for (let at = 0; at < WHOLE_AT_REST_MAX + 100; at += 1)
      vault.create(scopes[at % 10] ?? SCOPE, `s${at}`, { labels: MANAGED });
    const last = vault.create(SCOPE, 'zz', {
      labels: MANAGED,
      annotations: { 'key-warden.policy': '{"v":1,"maxAgeDays":1,"destroyAfterDays":1}' },
    });
    await vault.add(last, new TextEncoder().encode(GOOD_KEY));
    await clock.sleep(48 * HOUR_MS);
    const runs = async (over = ports) => {
      const lines = [];
      for (let turn = 0; turn < TURNS; turn += 1) {
        lines.push(...(await reconcile(over, { ...settings, secretPolicy, scopes: [...scopes, SCOPE] })).lines);
        await clock.sleep(MINUTES * 60_000);
      }
      return lines;
    };
    return { ...on, last, runs };
  }

  test('the rotation begins in its turn all the same, after another look', async () => {
    const { last, runs } = await lastOfMany();
    expect(await runs()).toContainEqual(expect.objectContaining({ secret: last, phase: 'minted' }));
  });

  test('and that cannot be looked at, its line says so', async () => {
    const { vault, runs, last, ports } = await lastOfMany();
    const look = (name: string) =>
      name === last ? Promise.reject(new Fault('denied', 'you may not')) : vault.look(name);
    expect(await runs({ ...ports, vault: { ...vault, look } })).toEqual([
      { secret: last, phase: 'unknown', did: 'failed', why: 'you may not' },
    ]);
  });
});
