import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { isCompleted, type InFlight } from '../../core/record/journal.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import { leavesLeak } from '../../core/rotation/make-emergency.ts';
import type { RotationDue } from '../../core/alerts/notices/rotation-notices.ts';
import { unprovenNotice, type Unproven } from '../../core/alerts/unproven-name.ts';
import type { SecretRisk } from '../../core/health/secret-risk.ts';
import type { Holders } from '../listing/holders.ts';
import { Fault } from '../ports/fault.ts';
import type { Announcer, Log, SecretName, SecretSighting } from '../ports/ports.ts';
import type { ActPorts } from './acts/act-input.ts';
import { logApproval, type ApprovedBegin } from './approval-gate.ts';
import { runMemory } from './run-memory.ts';
import { outboxOf } from './outbox.ts';
import { warnOf } from './warn.ts';
import { leaveTo, tick, type Halt, type Step, type TickOrder } from './tick.ts';
import { projectOf } from './view-of.ts';

export interface RotatePorts extends ActPorts {
  /** Names consumers that would keep the old key, one a line; the log without it. */
  readonly nameReaders?: ((lines: readonly string[]) => void) | undefined;
  readonly announcer: Announcer;
  readonly log: Log;
  /**
   * Deletes leaked keys of a secret at once, as far as nobody else serves them, which a run over many secrets knows already;
   * answers its troubles. The purge's own work, which a rotation does not import.
   */
  readonly purgeLeaked: (
    ports: ActPorts & Pick<RotatePorts, 'announcer' | 'log'>,
    secret: SecretName,
    secretPolicy: SecretPolicy,
    known?: Holders,
  ) => Promise<readonly string[]>;
}

/** Steps that one call may take, and races it may lose in a row, before something is wrong. */
const STEPS_MAX = 60;
const RACES_MAX = 5;

/**
 * Takes a secret's rotation as far as it goes now: until it must wait, is held, or is at rest. Trouble that may pass is
 * a wait as well; `denied` and the like reject, because only a person ends them. `watch` sees every step.
 */
export async function drive(
  ports: RotatePorts,
  order: TickOrder,
  watch: (step: Step) => void,
  found?: SecretSighting,
): Promise<Halt> {
  const run = { ...ports, memory: runMemory(ports.vault) };
  const project = projectOf(order);
  const outbox = outboxOf(ports, project);
  const notice = (secret: SecretName, unproven: Unproven) =>
    ports.announcer.announce(unprovenNotice(secret, project, unproven));
  const warn = (risk: SecretRisk, secret: SecretName) => warnOf(ports, { secret, project }, risk);
  const due = (waits: RotationDue) => ports.announcer.announce(waits);
  const approval = (approved: ApprovedBegin): void => logApproval(ports.log, approved);
  const logged = (lines: readonly string[]): void => {
    for (const line of lines) ports.log.write('WARNING', `${order.secret}: ${line}`, { secret: order.secret });
  };
  const named = ports.nameReaders ?? logged;
  let asked = order.asked;
  let seen = found;
  let lost = 0;
  let hasEnded = false;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const sighting: SecretSighting = seen ?? (await ports.vault.look(order.secret));
    const telling = { told: outbox.told(), notice, warn, named, due, approval };
    const step = await tick(run, { ...order, asked }, sighting, telling);
    watch(step);
    seen = undefined;
    if (step.did === 'moved') {
      asked = undefined;
      lost = 0;
      hasEnded = step.before.phase !== 'resting' && step.after.phase === 'resting';
      await outbox.afterStep(step);
      if (step.before.phase === 'drained' && step.after.phase === 'resting' && step.before.emergency) {
        await ports.purgeLeaked(ports, order.secret, order.secretPolicy);
        asked = successorOf(step.before);
        continue;
      }
      seen = step.left;
      if (ports.leaving?.() === true && step.after.phase !== 'resting')
        return leaveTo(ports, order.me, await outbox.settle(seen), step.after);
    } else if (step.did === 'lost') {
      lost += 1;
      if (lost < RACES_MAX) continue;
      const why = `somebody else wrote ${order.secret} ${RACES_MAX} times in a row: its audit log names who`;
      await warn({ because: 'unwritable', why }, sighting.name);
      throw new Fault('stale', `${why}. Nothing is lost; try again`);
    } else if (step.did === 'refused') {
      await warn({ because: 'unwritable', why: step.refusal.message }, sighting.name);
      throw step.refusal;
    } else {
      await outbox.settle(sighting);
      return hasEnded ? restOf(step) : step;
    }
  }
  throw new Fault('wrong_state', `the rotation of ${order.secret} took ${STEPS_MAX} steps without coming to a rest`);
}

/** A rotation that came to its end here has begun, whatever keeps another one from it. */
function restOf(halt: Halt): Halt {
  return halt.did === 'held' ? { ...halt, did: 'rest', why: `it came to its end; ${halt.why}` } : halt;
}

/**
 * What follows an emergency whose new key died: nobody goes back to the leaked one, so another is made, whatever the policy says of
 * dead keys. Whoever has begun the emergency wants consumers to have a key.
 */
function successorOf({ drain, id }: InFlight): Asked | undefined {
  if (drain?.deadSince === undefined) return undefined;
  const note = `the new key of the emergency ${id} is dead`;
  return { reason: 'dead', note, candidate: 'minted', emergency: false };
}

/** The ends of rotations that were seen on the way, and that are no success: why one was given up, and which leaked key is alive. */
export interface BadEnds {
  readonly failures: string[];
  readonly leaks: string[];
}

/** Notes what a step ended. */
export function noteEnd({ failures, leaks }: BadEnds, step: Step): void {
  const [failure, leak] = [givenUp(step), leakLeft(step)];
  if (failure !== undefined) failures.push(failure);
  if (leak !== undefined) leaks.push(leak);
}

/** A rotation that ended by being given up is no success, although the secret is at rest. */
export function givenUp(step: Step): string | undefined {
  if (step.did !== 'moved' || step.after.phase !== 'resting' || step.before.phase === 'resting') return undefined;
  return isCompleted(step.before) ? undefined : (step.before.why ?? 'it was aborted');
}

/** Why an emergency that ended is no success either: the leaked key is alive, and only a person can delete it. */
export function leakLeft(step: Step): string | undefined {
  if (step.did !== 'moved' || step.after.phase !== 'resting' || step.before.phase === 'resting') return undefined;
  if (!leavesLeak(step.before)) return undefined;
  const { from, fromKey, fromKeyUnknown = 'where it was made is not known' } = step.before;
  return `the key of version ${from} is alive until somebody deletes it: ${fromKey?.name ?? fromKeyUnknown}`;
}
