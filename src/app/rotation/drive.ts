import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { isCompleted, type Journal } from '../../core/record/journal.ts';
import { leavesLeak } from '../../core/rotation/make-emergency.ts';
import { unprovenNotice } from '../../core/alerts/unproven-name.ts';
import { secretWarnings } from '../../core/alerts/secret-warning.ts';
import type { SecretRisk } from '../../core/health/secret-risk.ts';
import { rotationNotice } from '../../core/alerts/rotation-notice.ts';
import type { Holders } from '../listing/holders.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Log, SecretName, SecretSighting } from '../ports/ports.ts';
import type { ActPorts } from './acts/act-input.ts';
import { runMemory } from './run-memory.ts';
import { leaveTo, projectOf, tick, type Halt, type Step, type Tell, type TickOrder } from './tick.ts';

export interface RotatePorts extends ActPorts {
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
  let asked = order.asked;
  let seen = found;
  let lost = 0;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const told: Tell = async (before, after, at, unproven) => {
      await tell(ports, projectOf(order), at, before, after);
      if (unproven !== undefined) await ports.announcer.announce(unprovenNotice(at.name, projectOf(order), unproven));
    };
    const step = await tick(run, { ...order, asked }, told, seen, (risk, at) =>
      warn(ports, projectOf(order), at, risk),
    );
    watch(step);
    seen = step.did === 'moved' ? step.left : undefined;
    if (step.did === 'moved') {
      asked = undefined;
      lost = 0;
      if (step.before.phase === 'drained' && step.after.phase === 'resting' && step.before.emergency) {
        await ports.purgeLeaked(ports, order.secret, order.secretPolicy);
        seen = undefined;
      } else if (ports.leaving?.() === true && step.after.phase !== 'resting') {
        return leaveTo(ports, order.me, step.left, step.after);
      }
    } else if (step.did === 'lost') {
      lost += 1;
      if (lost >= RACES_MAX)
        throw new Fault(
          'stale',
          `somebody else wrote ${order.secret} ${RACES_MAX} times in a row: its audit log names who. Nothing is lost; try again`,
        );
    } else return step;
  }
  throw new Fault('wrong_state', `the rotation of ${order.secret} took ${STEPS_MAX} steps without coming to a rest`);
}

/** Publish first, record second. A hold that nobody was told of is not entered; anything else is worth a log line. */
async function tell(
  { announcer, log }: RotatePorts,
  project: string,
  { name: secret, aliases }: Parameters<Tell>[2],
  before: Journal,
  after: Journal,
): Promise<void> {
  const notice = rotationNotice(secret, project, before, after, aliases);
  if (notice === undefined) return;
  const told = await attempt(() => announcer.announce(notice));
  if (!(told instanceof Fault)) return;
  if (notice.type === 'rotation.held') throw told;
  log.write('WARNING', `${notice.type} could not be announced: ${told.message}`, { secret });
}

/** What becomes of the alias `current` is told where it can be; a check tells what lasts once more, every day. */
async function warn(
  { announcer, clock, log }: RotatePorts,
  project: string,
  secret: SecretName,
  risk: SecretRisk,
): Promise<void> {
  for (const warning of secretWarnings(project, [{ secret, risk }], clock.now())) {
    const told = await attempt(() => announcer.announce(warning));
    if (told instanceof Fault)
      log.write('WARNING', `${warning.because} could not be announced: ${told.message}`, { secret });
  }
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
