import { changeOf } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { PURGE } from '../../core/causes/commands.ts';
import { fleetValues } from '../../core/causes/names.ts';
import { shellText } from '../../core/values/command.ts';
import { advance, enter, leaseOf, type Outcome } from '../../core/rotation/advance.ts';
import type { InFlight, Journal } from '../../core/record/journal.ts';
import { secretPolicyOf, tightened, type SecretPolicyReading } from '../../core/settings/secret-policy.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { MintPolicy } from '../../core/record/mint-policy.ts';
import type { Leak } from '../../core/record/leaks.ts';
import { areTombstonesFull, TOMBSTONES_MAX } from '../../core/record/tombstones.ts';
import { isLedgerFull } from '../../core/record/ledger.ts';
import type { Actor } from '../../core/record/actor.ts';
import type { RotationDue } from '../../core/alerts/notices/rotation-notices.ts';
import { opened } from '../../core/rotation/begin-rotation.ts';
import { plan, type Plan } from '../../core/rotation/plan.ts';
import type { PastRotations } from '../../core/rotation/commit-entry.ts';
import { withoutTold, type Untold } from '../../core/record/outbox.ts';
import { plausibleJournal } from '../../core/rotation/plausible.ts';
import { clockTrouble, CLOCK_AGAIN_MS } from '../../core/rotation/clock-trouble.ts';
import { canKeepLeak, isLeakOf } from '../../core/rotation/open-leaks.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import type { RotationPolicy } from '../../core/rotation/rotation-policy.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import { plusMs, type Instant } from '../../core/values/time.ts';
import type { Unproven } from '../../core/alerts/unproven-name.ts';
import { unreadableIn, unreadableText } from '../../core/alerts/unreadable-annotation.ts';
import { act } from './act.ts';
import { commitStep } from './commit-step.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import type { ActInput, ActPorts } from './acts/act-input.ts';
import type { ApprovedBegin } from './approval-gate.ts';
import { mayOpen } from './may-open.ts';
import { settleCurrent, type Warn } from './settle-current.ts';
import { pastRotationsOf, projectOf, viewOf, type ViewOrder } from './view-of.ts';
import type { Fault } from '../ports/fault.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';

/** What a worker brings to a secret, beside what it decides by. */
export interface TickOrder extends ViewOrder {
  /** The secret's project as people know it, usually its id; as the secret's name gives it unless told. */
  readonly project?: string | undefined;
  readonly supplied?: KeyText | undefined;
}

/** What one tick came to. After `moved` and `lost` there may be more to do now; the others say when. */
export type Step =
  | {
      readonly did: 'moved';
      readonly by: string;
      readonly before: Journal;
      readonly after: Journal;
      /** The secret as this step left it: the next one need not look again. */
      readonly left: SecretSighting;
    }
  | { readonly did: 'lost'; readonly why: string }
  /** The write was refused, and so was a smaller one that would have said so. */
  | { readonly did: 'refused'; readonly refusal: Fault }
  | { readonly did: 'wait'; readonly until: Instant; readonly why: string; readonly journal: Journal }
  | { readonly did: 'held' | 'rest'; readonly why: string; readonly journal?: Journal | undefined };

/** A step after which there is nothing to do now. */
export type Halt = Exclude<Step, { readonly did: 'moved' | 'lost' | 'refused' }>;

/**
 * Observe, decide, act, commit: one step of one secret's rotation. It holds no state of its own, so that any worker can
 * take the next one. `seen` is what the step before left or a look found: when somebody wrote since, the commit is
 * lost. Rejects with `Fault` when the secret cannot be looked at or the commit's answer is not known.
 */
export async function tick(
  ports: ActPorts,
  order: TickOrder,
  seen?: SecretSighting,
  { told = [], notice, warn = silently, named, due = silently, approval: tellApproval = silently }: Telling = {},
): Promise<Step> {
  const sighting = seen ?? (await ports.vault.look(order.secret));
  const written = valueOf(sighting.record.rotation);
  const past = pastRotationsOf(sighting);
  const outbox = valueOf(sighting.record.outbox);
  if (written === undefined || past === undefined || outbox === undefined)
    return { did: 'held', why: unreadableText(sighting.name, projectOf(order), unreadableIn(sighting.record)) };
  const journal = plausibleJournal(written, ports.clock.now());
  const { secretPolicy, problems, unmet } = policyFor(order, sighting, journal);
  // It is not known which key to make; an emergency does not wait for that and goes by what is allowed.
  if (problems.length > 0 && journal.phase === 'resting') {
    const why = problems.join('; ');
    if (order.asked?.emergency !== true) return { did: 'held', why, journal };
    named?.([`this emergency goes by what the settings allow, for its own policy cannot be used: ${why}`]);
  }
  const settled = await settleCurrent(ports, { ...order, secretPolicy, warn }, sighting, journal, past);
  if (settled !== undefined) return settled;
  const decided = plan(await viewOf(ports, { ...order, secretPolicy }, sighting, journal, past));
  if (decided.do === 'open' && decided.opening.reason === 'age') {
    const trouble = clockTrouble(await ports.clock.aheadMs?.());
    if (trouble !== undefined)
      return { did: 'wait', until: plusMs(ports.clock.now(), CLOCK_AGAIN_MS), why: trouble, journal };
  }
  const decision =
    decided.do === 'open'
      ? await mayOpen(ports, order, { sighting, secretPolicy, past, named, due }, decided)
      : decided;
  if ('did' in decision) return decision;
  switch (decision.do) {
    case 'rest':
    case 'held':
      return { did: decision.do, why: decision.why, journal };
    case 'wait':
      return { did: 'wait', until: decision.until, why: decision.why, journal };
    case 'open':
    case 'enter':
    case 'hurry':
    case 'lease':
    case 'act': {
      const keyProjects = keyProjectsFor(order.secretPolicy, sighting.name, order.secret);
      const { by, after, unproven, approvedBegin } = await next(
        ports,
        { ...order, secretPolicy, keyProjects, unmet },
        sighting,
        decision,
        past,
      );
      // True whatever becomes of the commit, and worth more often than never.
      if (unproven !== undefined) await notice?.(sighting.name, unproven);
      if (approvedBegin !== undefined) await tellApproval(approvedBegin);
      return commitStep(ports.vault, sighting, {
        by,
        before: journal,
        after: withLease(after, order.me, secretPolicy.rotation, ports.clock.now()),
        past,
        untold: withoutTold(outbox, told),
        policy: secretPolicy.rotation,
        now: ports.clock.now(),
      });
    }
  }
}

/** What a run tells beside the steps that its commits put on record. */
export interface Telling {
  /** What was told since, which is on record as untold: the commit takes it away. */
  readonly told?: readonly Untold[];
  /** Tells of a name on record that is not proven. */
  readonly notice?: (secret: SecretName, unproven: Unproven) => Promise<void>;
  /** Tells what becomes of the alias `current`. */
  readonly warn?: Warn;
  /** Tells of a rotation that is due and waits for days. */
  readonly due?: ((notice: RotationDue) => Promise<void>) | undefined;
  /** Tells of a rotation that begins by an approval: the log keeps who gave it, for which the record has no room. */
  readonly approval?: ((approved: ApprovedBegin) => Promise<void> | void) | undefined;
  /** Names consumers that would keep the old key, and what could not be looked at, before a rotation begins all the same. */
  readonly named?: (lines: readonly string[]) => void;
}

const silently = (): Promise<void> => Promise.resolve();

/** The order under the secret's own policy, and what the journal wishes of the new key beyond that. */
interface ActOrder extends TickOrder, Pick<ActInput, 'keyProjects'> {
  readonly unmet: readonly string[];
}

type Doing =
  | Extract<Plan, { readonly do: 'enter' | 'hurry' | 'lease' | 'act' }>
  | (Extract<Plan, { readonly do: 'open' }> & { readonly approver?: Actor | undefined });

/** The journal after a decision, a word for what led there, and what was not proven of a name in it. */
interface Next {
  readonly by: string;
  readonly after: Journal;
  readonly unproven?: Unproven | undefined;
  /** Whose approval it begins by. */
  readonly approvedBegin?: ApprovedBegin | undefined;
}

function begunBy(by: Actor | undefined, after: InFlight, secret: SecretName): Next {
  return { by: 'open', after, approvedBegin: by && { secret, rotation: after.id, by } };
}

async function next(
  ports: ActPorts,
  order: ActOrder,
  sighting: SecretSighting,
  decision: Doing,
  past: PastRotations,
): Promise<Next> {
  const { me } = order;
  const policy = order.secretPolicy.rotation;
  const now = ports.clock.now();
  switch (decision.do) {
    case 'open':
      return begunBy(decision.approver, opened(sighting.name, decision.journal, decision.opening, now), sighting.name);
    case 'enter':
      return { by: decision.why, after: enter(decision.journal, decision.to, decision.why, now) };
    case 'hurry':
      return {
        by: 'a check found that the old key leaked: this is an emergency now',
        after: decision.hurried,
      };
    case 'lease':
      return { by: 'lease', after: { ...decision.journal, lease: leaseOf(decision.journal, me, policy, now) } };
    case 'act': {
      const { journal } = decision;
      const outcome = await outcomeOf(ports, order, sighting, journal, past);
      const after = advance(journal, outcome, policy, ports.clock.now(), isLeakOf(journal, past.leaks));
      const by = `${ROTATION[journal.phase].act}: ${outcome.kind}`;
      if (outcome.kind !== 'unsure' || outcome.unproven !== true) return { by, after };
      const { id, since, holds = 0 } = journal;
      return { by, after, unproven: { on: `rotation ${id}`, why: outcome.why, at: since, times: holds + 1 } };
    }
  }
}

const PURGE_ALL = shellText(PURGE, fleetValues(undefined));

function leaksFullText(leaks: readonly Leak[]): string {
  return `the leaked keys of versions ${leaks.map(({ version }) => version).join(', ')} are not proven dead, and there is no room to remember one more: see that they are deleted where they were made, then resume`;
}

const TOMBSTONES_FULL = `${TOMBSTONES_MAX} keys of this secret have leaked, and there is no room to remember one more: begin a new secret`;

async function outcomeOf(
  ports: ActPorts,
  order: ActOrder,
  sighting: SecretSighting,
  journal: InFlight,
  past: PastRotations,
): Promise<Outcome> {
  if (journal.phase === 'drained' && isLedgerFull(past.retired)) {
    return { kind: 'refused', why: `${past.retired.length} old keys await deletion: run ${PURGE_ALL}, then resume` };
  }
  const isLast = journal.phase === 'drained' || journal.phase === 'abandoned';
  if (isLast && !canKeepLeak(journal, past.leaks)) return { kind: 'refused', why: leaksFullText(past.leaks) };
  if (journal.phase === 'drained' && journal.tombstone !== undefined && areTombstonesFull(past.tombstones))
    return { kind: 'refused', why: TOMBSTONES_FULL };
  const { secret, secretPolicy, supplied, keyProjects, unmet } = order;
  if (journal.phase === 'opened' && unmet.length > 0 && !journal.emergency)
    return { kind: 'unsure', hold: true, why: `of the new key it was asked that ${unmet.join('; ')}` };
  const { checks, rotation: policy, mint } = secretPolicy;
  const keyProject = mint.keyProject ?? projectIn(secret);
  // As Google spells it: whoever began by the project's id may be followed by a worker that knows its number.
  return act(
    {
      ports,
      secret: sighting.name,
      journal,
      policy,
      checks,
      mint,
      keyProject,
      project: projectOf(order),
      keyProjects,
      isLeak: isLeakOf(journal, past.leaks),
      tombstones: past.tombstones,
      supplied,
    },
    sighting,
  );
}

/** A worker that goes on with an act no etag fences journals its lease in the same write that enters the phase. */
function withLease(journal: Journal, me: string, policy: RotationPolicy, now: Instant): Journal {
  if (journal.phase === 'resting' || journal.held || journal.notBefore !== undefined || !ROTATION[journal.phase].leased)
    return journal;
  return { ...journal, lease: leaseOf(journal, me, policy, now) };
}

/**
 * Leaves a rotation to the next worker, because this one was asked to end: a lease of ours is dropped, so that nobody has
 * to wait for its end. Rejects like a tick whose commit failed; then the lease runs out by itself.
 */
export async function leaveTo(
  { vault, clock }: ActPorts,
  me: string,
  left: SecretSighting,
  journal: InFlight,
): Promise<Halt> {
  const free = { ...journal, lease: undefined };
  if (journal.lease?.holder === me)
    await vault.commit(left, { annotations: changeOf(left.record, { rotation: free }) });
  return { did: 'wait', until: clock.now(), why: 'this worker was asked to end: the next run goes on', journal: free };
}

/** The deployment's care, under the secret's own, under what the person who asked for this rotation wanted. */
function policyFor(
  { secretPolicy }: TickOrder,
  { record }: SecretSighting,
  journal: Journal,
): SecretPolicyReading & Pick<ActOrder, 'unmet'> {
  const reading = secretPolicyOf(record, secretPolicy);
  if (journal.phase === 'resting') return { ...reading, unmet: [] };
  const wished = tightened(reading.secretPolicy, definedOf(journal.mint));
  return { ...reading, secretPolicy: wished.secretPolicy, unmet: wished.problems };
}

function definedOf(wish: MintPolicy = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}
