import { approveLine, askerOf } from '../../core/alerts/proposed-rotation.ts';
import { actorJson, spokenActor } from '../../core/record/actor.ts';
import { isLive, type Approval } from '../../core/record/approval.ts';
import { isoOf, spokenMinute, spokenMinuteBy, type Instant } from '../../core/values/time.ts';
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
  vault: Pick<Vault, 'look' | 'commit'>,
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
  const { secret, by, at, until, approved } = one;
  const asked = `asked for by ${askerOf(one)} at ${spokenMinute(at)}`;
  if (approved !== undefined)
    return `${secret}: its rotation, ${asked}, was approved by ${spokenActor(approved.by)} and has not begun; that lapses at ${spokenMinuteBy(until)}`;
  const who = by === undefined ? 'one who may approve' : `somebody else than ${by.who}`;
  return `${secret}: its rotation, ${asked}, waits for ${who} until ${spokenMinuteBy(until)}: ${approveLine(one)}`;
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
