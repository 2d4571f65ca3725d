import { actorJson } from '../../core/record/actor.ts';
import type { Approval } from '../../core/record/approval.ts';
import { isoOf } from '../../core/values/time.ts';

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
