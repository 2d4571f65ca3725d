import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import process from 'node:process';
import { attempt, Fault } from '../../../src/app/ports/fault.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { answerWithStatus } from '../../../src/emulator/wire/faults.ts';
import type { HeardRequest } from '../../../src/emulator/wire/request-log.ts';
import { REACHED } from './reach-scenarios.ts';
import { MINTED, REFUSED_LATE, ROLLED_BACK } from './scenarios.ts';
import { crowdWitness, deployCrowd } from './crowd.ts';
import { endOf, run, type Scenario } from './schedule.ts';
import { witness } from './witness.ts';
import { faultWorld, type FaultWorld } from './world.ts';
import { JANE } from '../../support/journals.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());

/** Every call that a worker makes of Google but those of the Gemini API, and what it takes; of looks at consumers no role is named. */
const NEEDED: readonly (readonly [RegExp, string, string])[] = [
  [/^GET .*\/secrets\/[^/]+$/, 'secretmanager.secrets.get', 'roles/secretmanager.viewer'],
  [/^GET .*\/secrets$/, 'secretmanager.secrets.list', 'roles/secretmanager.viewer'],
  [/^PATCH .*\/secrets\/[^/]+$/, 'secretmanager.secrets.update', 'roles/secretmanager.admin'],
  [/^GET .*\/versions$/, 'secretmanager.versions.list', 'roles/secretmanager.secretVersionManager'],
  [/^GET .*\/versions\/\w+$/, 'secretmanager.versions.get', 'roles/secretmanager.secretVersionManager'],
  [/^GET .*:access$/, 'secretmanager.versions.access', 'roles/secretmanager.secretAccessor'],
  [/^POST .*:addVersion$/, 'secretmanager.versions.add', 'roles/secretmanager.secretVersionAdder'],
  [/^POST .*:disable$/, 'secretmanager.versions.disable', 'roles/secretmanager.secretVersionManager'],
  [/^POST .*:enable$/, 'secretmanager.versions.enable', 'roles/secretmanager.secretVersionManager'],
  [/^GET .*\/keys$/, 'apikeys.keys.list', 'roles/serviceusage.apiKeysViewer'],
  [/^GET .*\/keyString$/, 'apikeys.keys.getKeyString', 'roles/serviceusage.apiKeysViewer'],
  [/^GET .*\/keys\/[^/]+$/, 'apikeys.keys.get', 'roles/serviceusage.apiKeysViewer'],
  [/^POST .*\/keys$/, 'apikeys.keys.create', 'roles/serviceusage.apiKeysAdmin'],
  [/^DELETE .*\/keys\/[^/]+$/, 'apikeys.keys.delete', 'roles/serviceusage.apiKeysAdmin'],
  [/^PATCH .*\/keys\/[^/]+$/, 'apikeys.keys.update', 'roles/serviceusage.apiKeysAdmin'],
  [/^GET .*\/locations$/, 'run.locations.list', ''],
  [/^GET .*\/locations\/[^/]+\/services$/, 'run.services.list', ''],
  [/^GET .*\/locations\/[^/]+\/workerPools$/, 'run.workerpools.list', ''],
  [/^GET .*\/locations\/[^/]+\/jobs$/, 'run.jobs.list', ''],
  [/^GET .*\/locations\/-\/functions$/, 'cloudfunctions.functions.list', ''],
  [/^GET .*\/revisions\/[^/]+$/, 'run.revisions.get', ''],
  [/^GET .*\/services\/[^/]+$/, 'run.services.get', 'roles/run.viewer'],
  [/^PATCH .*\/services\/[^/]+$/, 'run.services.update', 'roles/run.developer'],
  [/^GET .*\/timeSeries$/, 'monitoring.timeSeries.list', 'roles/monitoring.viewer'],
];

/** The mark on a key whose rotation is given up is gone without: what it was for stays, and nobody is told. */
const isTold = (scenario: Scenario, permission: string) =>
  scenario !== REFUSED_LATE || permission !== 'apikeys.keys.update';

const ofGemini = ({ api }: HeardRequest) => api === 'gemini';
const rowOf = ({ method, path }: HeardRequest) => NEEDED.find(([call]) => call.test(`${method} ${path}`));

describe('without one permission it says which and which role has it, and goes on once that is granted', () => {
  test.each([MINTED, REFUSED_LATE, ROLLED_BACK, REACHED])('$title', async (scenario) => {
    const calm = await run(world, scenario);
    const calls = calm.calls.filter((call) => !ofGemini(call));
    expect(calls.filter((call) => rowOf(call) === undefined)).toEqual([]);
    const rows = NEEDED.filter((row) => calls.some((call) => rowOf(call) === row));
    for (const [call, permission, role] of rows) {
      const { told, state, violations } = await denied(scenario, call);
      expect({ permission, violations, state }).toEqual({ permission, violations: [], state: scenario.ends });
      if (!isTold(scenario, permission)) continue;
      expect({ permission, told }).toMatchObject({ told: expect.stringContaining(`Grant ${permission} on it`) });
      expect(told).toMatch(/Cannot .*: Google says "The caller does not have permission"/);
      expect(told).toContain(role);
    }
    process.stdout.write(`faults: ${scenario.title}: ${rows.length} permissions, each missing once\n`);
    expect(rows.length).toBeGreaterThan(8);
  });
});

const REFUSAL = answerWithStatus(403, 'The caller does not have permission');

/** Runs with one permission missing until somebody says so; then it is granted, and what is held is resumed. */
async function denied(scenario: Scenario, call: RegExp) {
  await world.startOver();
  deployCrowd(world, scenario.crowd ?? {});
  const given = scenario.setUp?.(world) ?? '';
  const watcher = witness(world, scenario);
  const crowded: string[] = [];
  const crowd = crowdWitness(world, scenario.crowd ?? {}, (sentence) => crowded.push(sentence));
  const { faults, requests } = world.cloud;
  world.watch((request) => {
    watcher.before(request, true);
    crowd.look();
    scenario.meanwhile?.(world, request);
  });
  const [method = '', ...path] = call.source.slice(1).split(' ');
  faults.plant({ method, pathPattern: new RegExp(`^${path.join(' ')}`) }, 1_000_000, { act: 'answer', reply: REFUSAL });
  const worker = world.worker(scenario.secretPolicy);
  let told = '';
  for (let turns = 0; turns < 60; turns += 1) {
    const step = await attempt(() => scenario.command(worker, given));
    const why = step instanceof Fault ? step.message : 'why' in step ? step.why : '';
    if (why.includes('Grant')) {
      told = why;
      faults.clear();
    }
    if (step instanceof Fault) continue;
    if (step.did === 'held') {
      expect(world.announced.at(-1)).toMatchObject({ type: 'rotation.held', why });
      expect(await ask(worker.ports.vault, world.secret, { to: 'resume', by: JANE })).toEqual({ outcome: 'noted' });
    } else if (step.did === 'wait') await world.clock.sleep(step.until - world.clock.now());
    else break;
  }
  watcher.look();
  expect(requests().some(({ status }) => status === 403)).toBe(true);
  return { told, violations: [...watcher.violations, ...crowded], state: endOf(world, watcher.seen(), crowd) };
}
