import type { MovableClock } from '../world/clock.ts';
import type { ControlInput } from './input.ts';
import type { FaultBoard } from '../wire/faults.ts';
import type { Oidc } from '../world/oidc.ts';
import type { RequestLog } from '../wire/request-log.ts';
import type { World } from './world.ts';

/** What the verbs of the control surface work on. */
export interface ControlParts {
  /** The present world; a reset makes another. */
  readonly world: () => World;
  readonly reset: () => void;
  readonly clock: MovableClock;
  readonly faults: FaultBoard;
  readonly requests: RequestLog;
  readonly oidc: Oidc;
  /** Settles every service and waits for pushes on their way. */
  readonly settled: () => Promise<void>;
}

/** One verb of the control surface. */
export interface Verb {
  /** Every field the body may have. */
  readonly fields: readonly string[];
  readonly act: (input: ControlInput, parts: ControlParts) => unknown;
}

/** The project that verbs mean when they name none. */
export const USUAL_PROJECT = 'demo-project';
