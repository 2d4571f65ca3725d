import type { Asked } from '../../../src/core/rotation/plan.ts';
import { DEFAULT_ROTATION_POLICY, type RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import { HOUR_MS } from '../../../src/core/values/time.ts';
import type { Call, Effect } from './calls.ts';
import type { Terms } from './invariants.ts';
import type { Others } from './people.ts';
import type { Job, World } from './world.ts';

/** From where, with whom, and with which troubles worlds are explored. */
export interface Search extends Others {
  readonly first: World;
  readonly asked?: Asked;
  readonly policy?: Partial<RotationPolicy>;
  /** The policy that invariants are held against, where a planted fault lies to the workers. */
  readonly truth?: RotationPolicy;
  /** A broken service or worker: what it does instead of the honest effect. */
  readonly effect?: (world: World, call: Call) => Effect;
  /** How much time passes at once; longer than a lease, a pause and a drain unless told. */
  readonly stepMs?: number;
  /** What idle workers may begin; a tick unless told. */
  readonly jobs?: readonly Job[];
  /** Whether time may run past a lease while its holder is still at a call. */
  readonly slowWorkers?: boolean;
  readonly worldsMax: number;
}

/** Time that one step lets pass: longer than a lease and than any pause, so that every wait can end. */
export const STEP_MS = 8 * HOUR_MS;

/** How the workers behave, and what they are held against. */
export function rulesOf(search: Search): { readonly policy: RotationPolicy; readonly terms: Terms } {
  const policy = { ...DEFAULT_ROTATION_POLICY, maxAgeDays: 0, ...search.policy };
  return { policy, terms: { policy: search.truth ?? policy, leasesAreKept: search.slowWorkers !== true } };
}
