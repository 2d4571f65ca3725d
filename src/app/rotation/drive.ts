import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { INIT, RESUME, ROLLBACK } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { asEmergency } from '../../core/rotation/make-emergency.ts';
import { isCompleted, type Journal, type Wish } from '../../core/record/journal.ts';
import { afterAbort, type Asked } from '../../core/rotation/plan.ts';
import { rotationNotice } from '../../core/alerts/rotation-notice.ts';
import { isoOf } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import type { Announcer, Log, SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import type { ActPorts } from './acts/act-input.ts';
import { leaveTo, projectOf, tick, type Halt, type Step, type TickOrder } from './tick.ts';

export interface RotatePorts extends ActPorts {
  readonly announcer: Announcer;
  readonly log: Log;
  /** Deletes leaked keys of a secret at once; answers its troubles. The purge's own work, which a rotation does not import. */
  readonly purgeLeaked: (
    ports: ActPorts & { readonly log: Log },
    secret: SecretName,
    secretPolicy: SecretPolicy,
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
  let asked = order.asked;
  let seen = found;
  let lost = 0;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const told = (before: Journal, after: Journal, secret: SecretName) =>
      tell(ports, { secret, project: projectOf(order) }, before, after);
    const step = await tick(ports, { ...order, asked }, told, seen);
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
  { secret, project }: { readonly secret: SecretName; readonly project: string },
  before: Journal,
  after: Journal,
): Promise<void> {
  const notice = rotationNotice(secret, project, before, after);
  if (notice === undefined) return;
  const told = await attempt(() => announcer.announce(notice));
  if (!(told instanceof Fault)) return;
  if (notice.type === 'rotation.held') throw told;
  log.write('WARNING', `${notice.type} could not be announced: ${told.message}`, { secret });
}

/** A rotation that ended by being given up is no success, although the secret is at rest. */
export function givenUp(step: Step): string | undefined {
  if (step.did !== 'moved' || step.after.phase !== 'resting' || step.before.phase === 'resting') return undefined;
  return isCompleted(step.before) ? undefined : (step.before.why ?? 'it was aborted');
}

/** What became of a request to rotate. The same request gives the same rotation, however often it is delivered. */
export type Started =
  | { readonly outcome: 'begun' | 'same' | 'hurried'; readonly step: Halt }
  | { readonly outcome: 'finished'; readonly rotation: string; readonly why: string }
  | { readonly outcome: 'busy'; readonly why: string; readonly journal: Journal }
  | { readonly outcome: 'unmanaged'; readonly why: string };

/** Begins a rotation and takes it as far as it goes now. One in flight is left to itself, but an emergency hurries it. */
export async function start(
  ports: RotatePorts,
  order: TickOrder & { readonly asked: Asked },
  watch: (step: Step) => void,
): Promise<Started> {
  const sighting = await ports.vault.look(order.secret);
  const { record, labels } = sighting;
  if (labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value)
    return { outcome: 'unmanaged', why: `it is not under care: ${lineFor(INIT, order.secret)}` };
  const journal = valueOf(record.rotation);
  const { requestId } = order.asked;
  const past = (valueOf(record.history) ?? []).find((one) => requestId !== undefined && one.requestId === requestId);
  if (past !== undefined)
    return { outcome: 'finished', rotation: past.id, why: `this request was ${past.outcome} ${isoOf(past.at)}` };
  if (journal === undefined || journal.phase === 'resting')
    return { outcome: 'begun', step: await drive(ports, order, watch, sighting) };
  const same = requestId !== undefined && journal.requestId === requestId;
  if (same) return { outcome: 'same', step: await drive(ports, { ...order, asked: undefined }, watch, sighting) };
  const urgent = asEmergency(journal, order.asked);
  if (urgent !== undefined) {
    const left = await ports.vault.commit(sighting, { annotations: changeOf(record, { rotation: urgent }) });
    return { outcome: 'hurried', step: await drive(ports, { ...order, asked: undefined }, watch, left) };
  }
  return {
    outcome: 'busy',
    journal,
    why: `rotation ${journal.id} (${journal.reason}) is ${journal.phase} since ${isoOf(journal.since)}`,
  };
}

/** What a person asked of a rotation in flight, and whether it could be noted. */
export type Asking = { readonly outcome: 'noted' } | { readonly outcome: 'refused'; readonly why: string };

/** Notes a wish in the journal; the next tick takes it up. `resume` lets a held rotation go on, at once. */
export async function ask(vault: Vault, secret: SecretName, wish: Wish | 'resume'): Promise<Asking> {
  const sighting = await vault.look(secret);
  const { record } = sighting;
  const journal = valueOf(record.rotation);
  if (journal === undefined)
    return {
      outcome: 'refused',
      why: `the annotation ${annotationOf('rotation')} is not in a form this release reads`,
    };
  if (journal.phase === 'resting') return { outcome: 'refused', why: 'no rotation is in flight' };
  if (wish === 'abort' && afterAbort(journal, sighting.aliases['current']) === undefined) {
    const since = isoOf(journal.promotedAt ?? journal.since);
    const why =
      journal.phase === 'abandoned'
        ? `it is being given up already: when what holds it is mended, ${lineFor(RESUME, secret)}`
        : `consumers read the new key since ${since}: to go back, ${lineFor(ROLLBACK, secret)}`;
    return { outcome: 'refused', why };
  }
  const asked: Journal =
    wish === 'resume' ? { ...journal, held: false, tries: 0, notBefore: undefined } : { ...journal, wish };
  await vault.commit(sighting, { annotations: changeOf(record, { rotation: asked }) });
  return { outcome: 'noted' };
}

/** What to ask for to go back to the key before the current one; a reason when there is none to go back to. */
export async function rollbackOf(vault: Vault, secret: SecretName): Promise<Asked | string> {
  const { record, aliases } = await vault.look(secret);
  const history = valueOf(record.history);
  const retired = valueOf(record.retired);
  const { current } = aliases;
  const past = history?.find(({ outcome, to }) => outcome === 'completed' && to === current);
  const old = retired?.find(({ version }) => version === past?.from);
  if (current === undefined || past === undefined || old === undefined)
    return 'no earlier key is kept: the last rotation is not on record, or its old key was purged';
  return {
    reason: 'rollback',
    candidate: 'adopted',
    emergency: false,
    from: old.version,
    to: current,
    fromKey: old.key,
    toKey: past.toKey,
  };
}
