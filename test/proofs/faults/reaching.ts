import { only } from '../../../src/app/consumers/places.ts';
import { rollOf } from '../../../src/app/consumers/readers.ts';
import type { Reaching } from '../../../src/app/reach/following.ts';
import { reachFleet, type ReachRun } from '../../../src/app/reach/reach-fleet.ts';
import type { Clock, Vault } from '../../../src/app/ports/ports.ts';
import { GLOBAL } from '../../../src/core/google/resource-names.ts';
import { googleConsumers } from '../../../src/edge/run/consumers.ts';
import { cloudRunReviser } from '../../../src/edge/run/reviser.ts';
import { PROJECT } from '../../support/cloud.ts';
import type { Life } from './life.ts';
import type { Worker } from './world.ts';

export interface ReachingParts {
  readonly url: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly life: Life;
  readonly vault: Vault;
}

/** The consumers’ side of a worker: the edges that ship, for as long as its life lasts. */
export function reachingOf({ life, vault, ...common }: ReachingParts): Reaching & { close(): Promise<void> } {
  const [consumers, reviser] = [googleConsumers(common), cloudRunReviser(common)];
  return {
    accounts: [],
    reviser: life.mortal(reviser),
    roll: (secrets) => rollOf({ vault, consumers: life.mortal(consumers) }, secrets, only([PROJECT])),
    close: async () => void (await Promise.all([consumers.close(), reviser.close()])),
  };
}

/** One scheduled run of `reach`; does not come back where the worker dies in it. */
export function reachOnce({ ports: { vault, announcer, clock }, reaching, order }: Worker): Promise<ReachRun> {
  return reachFleet(
    { vault, announcer, clock, reach: reaching },
    {
      scopes: [{ project: PROJECT, location: GLOBAL }],
      secretPolicy: order.secretPolicy,
      concurrency: 1,
      dryRun: false,
      again: false,
      budgetSeconds: 240,
    },
  );
}
