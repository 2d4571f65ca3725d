import { Fault } from '../../../src/app/ports/fault.ts';
import { start } from '../../../src/app/rotation/start.ts';
import type { Step } from '../../../src/app/rotation/tick.ts';
import type { RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import type { Request } from '../../../src/emulator/wire/http.ts';
import type { SecretPolicy } from '../../../src/core/settings/secret-policy.ts';
import { breakNext, deployByHand, serviceName } from './crowd.ts';
import { reachOnce } from './reaching.ts';
import { REQUEST, ROTATED, TAKEN_BACK } from './scenarios.ts';
import type { Scenario } from './schedule.ts';
import { CARE, FROM, type FaultWorld, type Worker } from './world.ts';

/** Everybody is brought along, and a drain is over in an hour where all are known to be. */
const reaching = (more: Partial<RotationPolicy> = {}): SecretPolicy => ({
  ...CARE,
  rotation: { ...CARE.rotation, reachConsumers: 2, reachPinned: 1, drainHoursReached: 1, ...more },
});

/** What both scheduled jobs do in one turn: the rotation, and the consumers after it. */
async function turn(worker: Worker): Promise<Step> {
  const { ports, reaching: reach, order } = worker;
  const begun = await start({ ...ports, reach }, { ...order, asked: REQUEST }, () => undefined);
  const isOn = begun.outcome === 'begun' || begun.outcome === 'same';
  const step = isOn ? begun.step : await worker.drive({}, reach);
  if (step.did === 'wait') await reached(worker);
  return step;
}

/** One run of `reach`. Rejects with whatever it could not look at or change. */
async function reached(worker: Worker): Promise<void> {
  const run = await reachOnce(worker);
  const left = run.reached.flatMap(({ consumers }) => consumers).filter(({ is }) => is === 'left');
  const trouble = [...run.problems, ...left.map(({ why = '' }) => why)];
  if (trouble.length > 0) throw new Fault('unavailable', trouble.join('; '));
}

/** Just before the first change of one, a person deploys it. */
function deployedMeanwhile(world: FaultWorld, { method, path }: Request): boolean {
  if (method === 'PATCH' && path === `/v2/${serviceName('deployed')}`) deployByHand(world, 'deployed', 'current');
  return false;
}

const crowd = { works: 'current', pinned: String(FROM), deployed: 'current' };

export const REACHED: Scenario = {
  title: 'consumers are brought along, one that a person deploys meanwhile',
  ends: `${ROTATED} | works on 3 marked 3, pinned on 3 marked 3, deployed on 3 marked 3`,
  secretPolicy: reaching(),
  drainHours: 1,
  crowd,
  command: turn,
  meanwhile: deployedMeanwhile,
};

export const KEPT: Scenario = {
  title: 'a consumer does not come up with the new key, and keeps the old one',
  ends:
    `${ROTATED.replace('2 key2 disabled', '2 key2 enabled').replace(/retired .*/, 'retired none | history none | promoted held')}` +
    // After a day its one instance is started anew, of the old revision, and reads the alias.
    ' | broken on 3 undone 3, works on 3 marked 3',
  secretPolicy: reaching(),
  crowd: { broken: 'current', works: 'current' },
  setUp(world) {
    breakNext(world, 'broken', 99);
    return '';
  },
  command: turn,
};

export const SPOILT: Scenario = {
  title: 'too many consumers do not come up, and all get the old key back',
  ends: `${TAKEN_BACK} | works on 2 marked 2, broken on 2 marked 2, pinned on 2 marked 2`,
  secretPolicy: reaching({ reachFailuresMax: 0 }),
  crowd: { works: 'current', broken: 'current', pinned: String(FROM) },
  setUp(world) {
    breakNext(world, 'broken', 1);
    return '';
  },
  command: turn,
};
