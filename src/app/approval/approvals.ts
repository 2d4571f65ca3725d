import { proposedNotice, waitsForApproval } from '../../core/alerts/proposed-rotation.ts';
import { ROTATE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import type { Actor } from '../../core/record/actor.ts';
import { approvalOf, isLive, withApproval, withoutApproval, type Approval } from '../../core/record/approval.ts';
import type { Opening } from '../../core/record/journal.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { plural } from '../../core/values/plural.ts';
import { HOUR_MS, plusMs, type Instant } from '../../core/values/time.ts';
import type { LookUpReaders } from '../consumers/readers.ts';
import { holdersIn, type Holders, type HoldersOrder } from '../listing/holders.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretName, Vault } from '../ports/ports.ts';
import { approvalsIn, inBook } from './book.ts';
import { changedText, planOf } from './plan.ts';
import { tell, tellAll, type Request } from './requests.ts';

/** A rotation that may not begin before a second person agreed; without a moment it waits for somebody to ask again. */
interface Later {
  readonly is: 'later';
  readonly why: string;
  readonly until: Instant | undefined;
}

/** What a planned rotation waits for. `approved` begins once nothing else is in the way, and is used up by that. */
export type ApprovalStand =
  | Later
  /** Nobody was asked, because something else keeps it from beginning. */
  | { readonly is: 'not asked' }
  | { readonly is: 'approved'; begin(): Promise<Later | { readonly is: 'begun'; readonly by: Actor }> };

/** A rotation that is about to be begun. */
export interface AboutToBegin {
  /** As Secret Manager names it, and as somebody called it. */
  readonly secret: SecretName;
  readonly given: SecretName;
  readonly project: string;
  readonly opening: Pick<Opening, 'from' | 'candidate' | 'mint' | 'alone' | 'to' | 'by'>;
  readonly policy: SecretPolicy;
  /** Whether channels are quiet about the secret, which must not hold back what is said of others. */
  readonly isQuiet: boolean;
  /** Who else serves a key, where a run over many secrets can tell. */
  readonly holders?: Holders | undefined;
}

/** Whether a rotation could begin before a moment, as far as everything but approval goes. */
export type IsFeasible = (before: Instant) => Promise<boolean>;

/**
 * Asks a second person before a planned rotation begins. `isFeasible` is asked only where somebody would be asked: for the end of what
 * would be asked for, so that nobody is asked for what lapses before a window opens.
 */
export interface Approvals {
  (about: AboutToBegin, isFeasible: IsFeasible): Promise<ApprovalStand>;
  /** The same for a run over many secrets: at its end people are told together of all that they are asked for. */
  together?(): Together;
}

/** What a run asks for; `tell` answers what could not be told, which the next run asks for again. */
export interface Together {
  readonly approvals: Approvals;
  tell(): Promise<readonly string[]>;
}

export interface ApprovalOrder extends Omit<HoldersOrder, 'inTime'> {
  /** The secret of the worker’s own on which it stands. */
  readonly book: SecretName | undefined;
  /** So long a request waits, and so long an approval holds. */
  readonly hours: number;
}

export interface ApprovalPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly announcer: Announcer;
  readonly readers?: LookUpReaders | undefined;
}

export const NO_BOOK =
  'approval is asked for, and KEY_WARDEN_APPROVALS names no secret on which one could stand: have it set, or have nobody asked';

/** Where something has to be mended first, the next run looks again. */
const AGAIN_MS = 10 * 60_000;

/**
 * Keeps who asked for which plan, and who approved it, on a secret of the worker’s own: nothing that stands on the secret itself can
 * approve anything. Who asked is known by a verified token, or it was the schedule. Approved is one plan, which is made again when
 * the rotation begins; then the approval is taken off first, so that it lets no second one begin.
 */
export function approvalsOf(ports: ApprovalPorts, order: ApprovalOrder): Approvals {
  const { book } = order;
  const oneByOne: Desk = {
    list: (on) => approvalsIn(ports.vault, on),
    put: (on, request) => tell(ports, on, [request]),
  };
  return Object.assign(gateOf(ports, order, oneByOne), {
    together(): Together {
      const asked: Request[] = [];
      const list: Desk['list'] = async (on) => [...(await oneByOne.list(on)), ...asked.map(({ one }) => one)];
      const put: Desk['put'] = (_, request) => Promise.resolve(void asked.push(request));
      return {
        approvals: gateOf(ports, order, { list, put }),
        tell: () => tellAll(ports, book, asked),
      };
    },
  });
}

/** Where requests are put, and what waits already. */
interface Desk {
  list(on: SecretName): Promise<readonly Approval[]>;
  put(on: SecretName, request: Request): Promise<void>;
}

function gateOf(ports: ApprovalPorts, { book, hours, ...scope }: ApprovalOrder, desk: Desk): Approvals {
  const { vault, clock } = ports;
  const lapses = () => plusMs(clock.now(), hours * HOUR_MS);
  const planFor = ({ secret, given, opening, policy, holders }: AboutToBegin) =>
    planOf(
      { vault, readers: ports.readers, holders: holders ?? holdersIn(ports, scope) },
      { secret, given, from: opening.from, wishes: opening, policy },
    );

  return async (about, isFeasible) => {
    const { secret, opening } = about;
    if (opening.by?.is === 'claimed') return { is: 'later', why: CLAIMED, until: undefined };
    const soon = () => plusMs(clock.now(), AGAIN_MS);
    if (book === undefined) return { is: 'later', why: NO_BOOK, until: soon() };
    const list = await attempt(() => desk.list(book));
    if (list instanceof Fault)
      return { is: 'later', why: `whether it is approved is not known: ${list.message}`, until: soon() };
    const found = approvalOf(list, secret);
    const live = found !== undefined && isLive(found, clock.now()) ? found : undefined;
    if (live !== undefined && isApproved(live)) {
      if (live.approved.by.who === opening.by?.who) return { is: 'later', why: OWN, until: undefined };
      return { is: 'approved', begin: () => begin(book, about, live) };
    }
    if (live !== undefined) return waiting(live);
    return (await isFeasible(lapses())) ? ask(book, about) : { is: 'not asked' };
  };

  async function ask(on: SecretName, about: AboutToBegin): Promise<Later> {
    const { secret, project, opening, isQuiet } = about;
    const { says, ...made } = await planFor(about);
    const at = clock.now();
    const one: Approval = { secret, ...made, by: opening.by, at, until: lapses() };
    const list = await desk.list(on);
    if (withApproval(list, one, at) === undefined)
      return { is: 'later', why: fullText(list.length), until: plusMs(at, AGAIN_MS) };
    await desk.put(on, { one, notice: proposedNotice(one, { project, version: opening.from, says }), isQuiet });
    return waiting(one);
  }

  async function begin(on: SecretName, about: AboutToBegin, approved: Approved) {
    const now = await planFor(about);
    const { isThere } = await inBook(vault, on, (approvals) => {
      const there = approvalOf(approvals, about.secret);
      const isSame = there?.plan === approved.plan && there.approved?.at === approved.approved.at;
      return { isThere: isSame, list: isSame ? withoutApproval(approvals, about.secret) : undefined };
    });
    if (isThere && now.plan === approved.plan) return { is: 'begun', by: approved.approved.by } as const;
    const asked = await ask(on, about);
    const why = isThere ? `the plan changed since it was approved (${changedText(approved.parts, now.parts)})` : USED;
    return { ...asked, why: `${why}; ${asked.why}` };
  }
}

const waiting = (one: Approval): Later => ({ is: 'later', why: waitsForApproval(one), until: one.until });

type Approved = Approval & Required<Pick<Approval, 'approved'>> & { readonly approved: { readonly by: Actor } };

/** What a hand could have written does not count: nobody approves what they asked for, or under a name that they only claim. */
function isApproved(one: Approval): one is Approved {
  return one.approved !== undefined && one.approved.by.is === 'verified' && one.approved.by.who !== one.by?.who;
}

const CLAIMED =
  'the settings ask for a second person’s approval, and who asks is only claimed here: ask the worker’s function, without --local';
const fullText = (count: number) =>
  `${plural(count, 'rotation')} wait for approval already: it is asked for when one of them has begun or lapsed`;
const OWN =
  'you approved it, so it is for somebody else to ask for it; what the schedule asked for, its next run begins by itself';
const USED = 'its approval was used already';

/** What a person asks for who approves. */
export interface ApprovalWish {
  readonly secret: SecretName;
  readonly plan: string;
  readonly by: Actor;
  readonly dryRun: boolean;
}

/** What became of it. */
export type ApprovalOutcome =
  { readonly outcome: 'approved'; readonly approval: Approval } | { readonly outcome: 'refused'; readonly why: string };

/** The way on for whoever comes too late or finds nothing. */
export function askAgain(secret: SecretName): string {
  return `to have it asked for again: ${lineFor(ROTATE, secret)}`;
}
