import { approveLine, standText } from '../../core/alerts/proposed-rotation.ts';
import { actorJson } from '../../core/record/actor.ts';
import { isLive, type Approval } from '../../core/record/approval.ts';
import { isoOf, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault } from '../ports/ports.ts';
import { approvalsIn } from './book.ts';

/** What waits for approval now, or is approved and has not begun. */
export interface Waiting {
  readonly approvals: readonly Approval[];
  readonly problems: readonly string[];
}

/** Reads it from the secret that keeps it, where there is one. */
export async function waitingIn(
  vault: Pick<Vault, 'look'>,
  book: SecretName | undefined,
  now: Instant,
): Promise<Waiting> {
  if (book === undefined) return { approvals: [], problems: [] };
  const all = await attempt(() => approvalsIn(vault, book));
  if (all instanceof Fault)
    return { approvals: [], problems: [`what waits for approval is not known: ${all.message}`] };
  return { approvals: all.filter((one) => isLive(one, now)), problems: [] };
}

/** What waits for whom, since when and until when, with the command that ends it. */
export function waitingText(one: Approval): string {
  return `${one.secret}: ${standText(one)}${one.approved === undefined ? `: ${approveLine(one)}` : ''}`;
}

/** The same for machines. */
export function waitingJson(one: Approval) {
  const { secret, plan, by, at, until, approved } = one;
  return {
    secret,
    plan,
    askedBy: actorJson(by) ?? null,
    approvedBy: actorJson(approved?.by) ?? null,
    at: isoOf(at),
    until: isoOf(until),
    ...(approved === undefined ? { next: approveLine(one) } : {}),
  };
}
