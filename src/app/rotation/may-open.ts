import type { RotationDue } from '../../core/alerts/notices/rotation-notices.ts';
import { noSpaceText } from '../../core/alerts/no-space.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { Actor } from '../../core/record/actor.ts';
import type { Opening, Rest } from '../../core/record/journal.ts';
import { silenceAt } from '../../core/record/silence.ts';
import { spaceMissing } from '../../core/record/space.ts';
import type { PastRotations } from '../../core/rotation/commit-entry.ts';
import type { Asked, Plan } from '../../core/rotation/plan.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { clip } from '../../core/values/clip.ts';
import { MINUTE_MS, plusMs, type Instant } from '../../core/values/time.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretSighting } from '../ports/ports.ts';
import { accountGate } from './account-gate.ts';
import type { ActPorts } from './acts/act-input.ts';
import { approvalGate, approvedBy } from './approval-gate.ts';
import { notBegun } from './barred.ts';
import { formGate, type Gate } from './form-gate.ts';
import { isLongWait, leaveDue } from './leave-due.ts';
import { plannedGate, type Passed, type PlannedGate } from './planned-gate.ts';
import { isByRecord, isSeenDead, UNSEEN } from './seen-dead.ts';
import { readersGate } from './readers-gate.ts';
import { contentsFor } from './run-memory.ts';
import type { Step, TickOrder } from './tick.ts';
import { projectOf } from './view-of.ts';

/** What is known of a secret by the time that a rotation of it is to begin, and who hears of what is in the way. */
interface OnTheWay {
  readonly sighting: SecretSighting;
  readonly secretPolicy: SecretPolicy;
  readonly past: PastRotations;
  readonly named: ((lines: readonly string[]) => void) | undefined;
  readonly due: (notice: RotationDue) => Promise<void>;
}

type Open = Extract<Plan, { readonly do: 'open' }>;

/**
 * All that stands before a rotation that is to begin, in this order: a second person’s approval, the team’s windows and freezes, and whether
 * it could be done at all. Answers the step that it ends with, or how it begins. An approval is used up last, before anything begins: a
 * crash in between asks once more, and never begins two by one.
 */
export async function mayOpen(
  ports: ActPorts,
  order: TickOrder,
  { sighting, secretPolicy, past, named, due }: OnTheWay,
  decided: Open,
): Promise<Step | (Open & { readonly approver: Actor | undefined })> {
  const { opening, journal } = decided;
  const { clock, vault, approvals, holders, freezes } = ports;
  const { name: secret } = sighting;
  let looked: Promise<Gate> | undefined;
  const gateOf = (): Promise<Gate> => (looked ??= gateFor(ports, order, secretPolicy, sighting, opening, named));
  const isQuiet = silenceAt(sighting.record.silence, clock.now()).is === 'silent';
  const given = order.secret;
  const about = { secret, given, project: projectOf(order), opening, policy: secretPolicy, isQuiet, holders };
  const planned = await plannedGate(freezes, { secret, policy: secretPolicy, now: clock.now() }, opening);
  const passes = secretPolicy.rotation.approval === 1 || (planned.is === 'now' && planned.passed !== undefined);
  if (
    passes &&
    isByRecord(opening, order.asked !== undefined) &&
    !(await isSeenDead(ports, secret, opening, secretPolicy))
  )
    return { did: 'wait', until: plusMs(clock.now(), AGAIN_MS), why: UNSEEN, journal };
  const approval = await approvalGate(
    approvals,
    about,
    async (before) => opensBefore(planned, before) && (await gateOf()).is === 'open',
  );
  if (approval.is === 'later') return unapproved(approval, order.asked, journal);
  if (approval.is === 'free' && approval.passed !== undefined) named?.([approval.passed]);
  if (planned.is === 'later') return later(ports, order, sighting, { planned, opening, journal, due });
  const { passed } = planned;
  const gate = await gateOf();
  if (gate.is === 'barred')
    return notBegun(vault, sighting, gate, { opening, journal, leaks: past.leaks, now: clock.now() });
  const approved = approval.is === 'approved' ? await approval.begin() : undefined;
  if (approved?.is === 'later') return unapproved(approved, order.asked, journal);
  if (passed !== undefined) named?.([passed.says]);
  return { ...decided, opening: approvedBy(noting(gate.opening, passed), approved?.by), approver: approved?.by };
}

/** What was not seen now is looked at again in a later run. */
const AGAIN_MS = 10 * MINUTE_MS;

/** An approval that lapses before a rotation may begin would be asked for again and again. */
function opensBefore(planned: PlannedGate, moment: Instant): boolean {
  return planned.is === 'now' || (planned.until !== undefined && planned.until < moment);
}

/** What a rotation did not wait for stays on record with it, behind what the person who asked for it said. */
function noting(opening: Opening, passed: Passed | undefined): Opening {
  if (passed === undefined) return opening;
  const { note } = opening;
  const words = note === undefined ? '' : `${clip(note, NOTE_BESIDE_MAX)}; `;
  return { ...opening, note: `${words}${passed.note}` };
}

/** A note holds 200 characters. */
const NOTE_BESIDE_MAX = 120;

/** Whoever asks learns whose approval it waits for; what the worker begins by itself comes up again in a later run. */
function unapproved(
  { why, until }: { readonly why: string; readonly until: Instant | undefined },
  asked: Asked | undefined,
  journal: Rest,
): Step {
  return asked?.by !== undefined || until === undefined
    ? { did: 'held', why, journal }
    : { did: 'wait', until, why, journal };
}

interface Later {
  readonly planned: Extract<PlannedGate, { readonly is: 'later' }>;
  readonly opening: Opening;
  readonly journal: Rest;
  readonly due: OnTheWay['due'];
}

/**
 * Whoever asks for a rotation learns when and how to ask again. What the worker begins by itself comes up again in a later run; that
 * it grows old for days is left on record, and told, once.
 */
async function later(
  { vault, clock }: ActPorts,
  order: TickOrder,
  sighting: SecretSighting,
  { planned: { why, until }, opening: { reason }, journal, due: tell }: Later,
): Promise<Step> {
  if (order.asked?.by !== undefined) return { did: 'held', why, journal };
  const now = clock.now();
  if (reason === 'age' && journal.due === undefined && isLongWait(until, now)) {
    const waits = { project: projectOf(order), due: { since: now, reason }, why, until };
    const left = await attempt(() => leaveDue(vault, tell, sighting, journal, waits));
    if (left instanceof Fault && left.code === 'stale') return { did: 'lost', why: left.message };
    if (left instanceof Fault) throw left;
  }
  return until === undefined ? { did: 'held', why, journal } : { did: 'wait', until, why, journal };
}

/** What a value must look like before it is replaced, and what must be known of the new key's account; see `formGate` and `accountGate`. */
async function gateFor(
  ports: ActPorts,
  order: TickOrder,
  { mint, rotation }: SecretPolicy,
  sighting: SecretSighting,
  opening: Opening,
  named: OnTheWay['named'],
): Promise<Gate> {
  const { name, aliases } = sighting;
  // Going back is never in want of room: it ends what took some.
  const missing = opening.reason === 'rollback' ? undefined : spaceMissing(sighting);
  if (missing !== undefined) return { is: 'barred', why: noSpaceText(name, projectOf(order), missing) };
  const isNamed = order.asked?.from !== undefined;
  const project = projectOf(order);
  const about = { secret: name, project, mint, isNamed, current: aliases['current'] };
  const gate = await formGate(contentsFor(ports), about, opening);
  if (gate.is === 'barred') return gate;
  const keyProject = opening.mint?.keyProject ?? mint.keyProject ?? projectIn(order.secret);
  const keyProjects = keyProjectsFor(order.secretPolicy, name, order.secret);
  const accounted = await accountGate(ports, { secret: name, project, mint, keyProject, keyProjects }, gate.opening);
  if (accounted.is === 'barred') return accounted;
  const left = await readersGate(ports.readers, { name, given: order.secret }, rotation, accounted.opening, named);
  return left ?? accounted;
}
