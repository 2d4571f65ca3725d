import { Buffer } from 'node:buffer';
import { ask, start } from '../../src/app/rotate.ts';
import type { Step } from '../../src/app/tick.ts';
import { DEFAULT_CARE } from '../../src/core/care.ts';
import { KeyText } from '../../src/core/key-text.ts';
import type { Asked } from '../../src/core/plan.ts';
import type { Scenario } from './schedule.ts';
import { CARE, FROM, type FaultWorld, type Worker } from './world.ts';

const REQUEST: Asked = { reason: 'request', candidate: 'minted', emergency: false, requestId: 'r-1' };

/** Begins a rotation or goes on with it: the same request, however often it is sent, is one rotation. */
async function request({ ports, order, drive }: Worker, asked: Asked, supplied?: KeyText): Promise<Step> {
  const begun = await start(ports, { ...order, asked, supplied }, () => undefined);
  return begun.outcome === 'begun' || begun.outcome === 'same' ? begun.step : drive();
}

/** Makes every key that a worker minted answer as invalid from now on. */
function spoil({ cloud, minted }: FaultWorld): void {
  for (const { keyString, project, state } of minted()) {
    if (state === 'works') cloud.keyring.put(keyString, 'invalid', { project }, cloud.clock.now());
  }
}

const IMPATIENT = { ...CARE, rotation: { ...DEFAULT_CARE.rotation, settleMinutesMax: 1 } };

export const MINTED: Scenario = { title: 'minted', command: (worker) => request(worker, REQUEST) };

/** The other ways through the table. */
export const OTHERS: readonly Scenario[] = [
  {
    title: 'supplied',
    setUp: (world) => world.newKey(),
    command: (worker, key) => request(worker, { ...REQUEST, candidate: 'supplied' }, new KeyText(key)),
  },
  {
    title: 'adopted',
    setUp(world) {
      const data = Buffer.from(world.newKey()).toString('base64');
      world.cloud.secrets.call('addSecretVersion', {}, { parent: world.secret, payload: { data } });
      return '';
    },
    command: (worker) => worker.drive(),
  },
  {
    title: 'emergency',
    command: (worker) => request(worker, { ...REQUEST, reason: 'leaked', emergency: true }),
  },
  {
    title: 'refused before it is written',
    care: IMPATIENT,
    command: (worker) => request(worker, REQUEST),
    meanwhile: spoil,
  },
  {
    title: 'refused after it was written',
    care: IMPATIENT,
    latestSpoiled: true,
    command: (worker) => request(worker, REQUEST),
    meanwhile(world) {
      const { versions = [] } = world.cloud.secrets.call('listSecretVersions', {}, { parent: world.secret }) as {
        versions?: readonly unknown[];
      };
      if (versions.length > FROM) spoil(world);
    },
  },
  {
    title: 'rolled back while draining',
    async command(worker) {
      const step = await request(worker, REQUEST);
      const { did } = step;
      const promoted = did === 'wait' && step.journal.phase === 'promoted';
      if (!promoted) return step;
      await ask(worker.ports.vault, worker.order.secret, 'rollback');
      return worker.drive();
    },
  },
];
