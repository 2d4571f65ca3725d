import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import type { Trouble } from '../../core/fleet/alike.ts';
import type { Journal } from '../../core/record/journal.ts';
import { isBeforePromotion } from '../../core/rotation/rotation.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Scope } from '../listing/gather.ts';
import type { RotationView } from './rotation-view.ts';
import type { SecretName } from '../ports/ports.ts';
import { drive, givenUp, type RotatePorts } from '../rotation/drive.ts';
import type { Halt, Step } from '../rotation/tick.ts';

export interface ReconcileOrder extends Scope {
  readonly secretPolicy: SecretPolicy;
  readonly me: string;
  /** Rotations that consumers have not got yet: at this many no further one is begun. */
  readonly rotationsMax: number;
  readonly runEveryMinutes: number;
  /** No new secret is begun after this many seconds. */
  readonly budgetSeconds: number;
}

/** Where a rotation in flight was left, or what was begun; a secret that needed nothing has no line. */
export interface ReconciledSecret {
  readonly secret: SecretName;
  /** `unknown` when trouble came before anything was done. */
  readonly phase: Journal['phase'] | 'unknown';
  readonly did: Halt['did'] | 'failed';
  readonly why?: string | undefined;
  readonly until?: Instant | undefined;
}

/** Where it was left, and why what was begun came to nothing or waits for a person. */
export interface Resumed {
  readonly line: ReconciledSecret;
  readonly trouble?: Trouble | undefined;
}

/** Goes on from what the list carried; trouble with one secret is its line and nobody else’s. */
export async function resumeFromList(
  ports: RotatePorts,
  { secretPolicy, me }: ReconcileOrder,
  { secret, project, sighting }: RotationView,
  asked?: Asked,
): Promise<Resumed> {
  let phase: ReconciledSecret['phase'] = 'unknown';
  let failure: string | undefined;
  const watch = (step: Step): void => {
    if (step.did === 'moved') phase = step.after.phase;
    failure = givenUp(step) ?? failure;
  };
  const step = await attempt(() => drive(ports, { secret, project, me, secretPolicy, asked }, watch, sighting));
  if (step instanceof Fault) return { line: { secret, phase, did: 'failed', why: step.message } };
  const { did, why, journal } = step;
  const isHeld = did === 'held' && journal !== undefined && isBeforePromotion(journal.phase);
  const cause = failure ?? (isHeld ? why : undefined);
  return {
    line: { secret, phase: journal?.phase ?? 'unknown', did, why, until: did === 'wait' ? step.until : undefined },
    ...(cause === undefined ? {} : { trouble: { secret: sighting.name, why: cause } }),
  };
}

/** Begun, and its consumers still have the old key; one that waits for a person is not counted, or it would keep others waiting. */
export function isBeginning(one: RotationView | ReconciledSecret): boolean {
  if ('did' in one) return one.phase !== 'unknown' && isBeforePromotion(one.phase) && one.did !== 'held';
  return (
    one.journal !== undefined && isBeforePromotion(one.journal.phase) && !('held' in one.journal && one.journal.held)
  );
}
