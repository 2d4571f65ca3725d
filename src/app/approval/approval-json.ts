import { actorJson } from '../../core/record/actor.ts';
import type { Approval } from '../../core/record/approval.ts';
import { isoOf } from '../../core/values/time.ts';
import type { ApprovalOutcome } from './approvals.ts';

/** Name and version of what is answered to whoever approves. */
const APPROVAL_SCHEMA = 'key-warden/approval/v1' as const;

export type ApprovalJson = ReturnType<typeof approvalJson>;

/** An approval as the function and the command tell it. */
export function approvalJson({ secret, plan, by, until, approved }: Approval, dryRun: boolean) {
  return {
    schema: APPROVAL_SCHEMA,
    secret,
    plan,
    outcome: 'approved',
    dryRun,
    askedBy: actorJson(by) ?? null,
    approvedBy: actorJson(approved?.by) ?? null,
    until: isoOf(until),
  };
}

/** What became of one of several that are approved by one command. */
export type GroupAnswer = { readonly secret: string } & ApprovalOutcome;

const APPROVALS_SCHEMA = 'key-warden/approvals/v1' as const;

export type ApprovalsJson = ReturnType<typeof approvalsJson>;

/** The same for all that one message asked for. */
export function approvalsJson(group: string, done: readonly GroupAnswer[], dryRun: boolean) {
  return {
    schema: APPROVALS_SCHEMA,
    group,
    dryRun,
    approved: done.flatMap((one) => (one.outcome === 'approved' ? [approvalJson(one.approval, dryRun)] : [])),
    refused: done.flatMap((one) => (one.outcome === 'refused' ? [{ secret: one.secret, why: one.why }] : [])),
  };
}
