import { approveLine, askerOf } from '../../core/alerts/proposed-rotation.ts';
import { spokenActor } from '../../core/record/actor.ts';
import { approvalOf, isLive, withApproval, withoutApproval, type Approval } from '../../core/record/approval.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { HOUR_MS, plusMs, spokenMinute, type Instant } from '../../core/values/time.ts';
import { holdersIn, type Holders } from '../listing/holders.ts';
import type { SecretSighting, Vault } from '../ports/ports.ts';
import {
  askAgain,
  NO_BOOK,
  type ApprovalOrder,
  type ApprovalOutcome,
  type ApprovalPorts,
  type ApprovalWish,
} from './approvals.ts';
import { approvalsIn, inBook } from './book.ts';
import { changedText, planOf } from './plan.ts';

/**
 * Approves the plan that waits for a secret, under a verified name that did not ask for it. The plan is made again first: what changed
 * since is refused, and taken off, so that what waits is what would be done. Rejects with `Fault`, `stale` when others wrote at the same time.
 */
export async function approve(
  ports: Omit<ApprovalPorts, 'announcer'>,
  { book, hours, secretPolicy, ...scope }: ApprovalOrder & { readonly secretPolicy: SecretPolicy },
  { secret: given, plan, by, dryRun }: ApprovalWish,
  holders: Holders = holdersIn(ports, scope),
): Promise<ApprovalOutcome> {
  const { vault, clock } = ports;
  if (by.is !== 'verified')
    return refused(`nobody is known here by more than a claimed name (${by.who}): approval takes a verified token`);
  if (book === undefined) return refused(NO_BOOK);
  const sighting = await vault.look(given);
  const { name: secret } = sighting;
  const found = approvalOf(await approvalsIn(vault, book), secret);
  const waiting = readyToApprove(found, { secret, plan, who: by.who, now: clock.now() });
  if (typeof waiting === 'string') return refused(waiting);
  const policy = secretPolicyOf(sighting.record, secretPolicy).secretPolicy;
  const now = await planOf(
    { vault, readers: ports.readers, holders },
    { secret, given, from: await versionRead(vault, sighting), wishes: waiting.parts.wishes, policy },
  );
  const approval = { ...waiting, until: plusMs(clock.now(), hours * HOUR_MS), approved: { by, at: clock.now() } };
  const isChanged = now.plan !== waiting.plan;
  const { isFull } = await inBook(vault, book, (approvals) => {
    const isThere = approvalOf(approvals, secret)?.plan === plan;
    const others = isChanged ? withoutApproval(approvals, secret) : withApproval(approvals, approval, clock.now());
    return { isFull: others === undefined, list: isThere && !dryRun ? others : undefined };
  });
  if (isFull) return refused(`${secret}: there is no room to keep it: try again when what is approved has begun`);
  if (!isChanged) return { outcome: 'approved', approval };
  return refused(
    `${secret}: the plan changed since it was asked for: ${changedText(waiting.parts, now.parts)}. It waits no more; ${askAgain(secret)}`,
  );
}

const refused = (why: string): ApprovalOutcome => ({ outcome: 'refused', why });

interface About {
  readonly secret: string;
  readonly plan: string;
  readonly who: string;
  readonly now: Instant;
}

/** What waits, or why it cannot be approved as it is asked for. */
function readyToApprove(waiting: Approval | undefined, { secret, plan, who, now }: About): Approval | string {
  if (waiting === undefined) return `${secret}: nothing waits for approval; ${askAgain(secret)}`;
  if (!isLive(waiting, now))
    return `${secret}: too late: what waited lapsed at ${spokenMinute(waiting.until)}; ${askAgain(secret)}`;
  if (waiting.plan !== plan)
    return `${secret}: another plan waits than the one that you name. Read what it does, then: ${approveLine(waiting)}`;
  if (waiting.approved !== undefined)
    return `${secret}: it is approved already, by ${spokenActor(waiting.approved.by)} at ${spokenMinute(waiting.approved.at)}`;
  if (waiting.by?.who === who)
    return `${secret}: it was asked for by ${askerOf(waiting)}, and is approved by somebody else: ${approveLine(waiting)}`;
  return waiting;
}

/** What a rotation would replace: what consumers read. */
async function versionRead(vault: Vault, { name, aliases }: SecretSighting): Promise<number> {
  return aliases['current'] ?? (await vault.lookVersion(name, 'latest')).number;
}
