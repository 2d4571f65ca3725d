import { approve } from '../app/approval/approve.ts';
import { approvalJson } from '../app/approval/approval-json.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import type { Caller } from '../edge/process/callers.ts';
import type { RotateOrder } from './begin-rotation.ts';
import type { Reply } from './http.ts';
import type { RotateRequest } from './rotate-request.ts';

/** Approves the plan that waits for a secret, under the caller’s verified email: 200 with until when it holds, 403 for who may not, 422 with what is in the way. */
export async function approvePlan(
  ports: RotatePorts,
  { approval = NOWHERE, secretPolicy, scopes, concurrency }: RotateOrder,
  { secret, plan = '', dryRun }: RotateRequest,
  { caller, by, mayApprove }: Caller,
): Promise<Reply> {
  if (mayApprove !== true)
    return {
      status: 403,
      why: `${caller} may not approve: that is for the list \`approve\` of the module’s callers (KEY_WARDEN_APPROVERS)`,
    };
  const { book, hours } = approval;
  const order = { book, hours, secretPolicy, scopes, concurrency };
  const done = await approve(ports, order, { secret, plan, by, dryRun });
  ports.log.write('NOTICE', `approval asked for by ${caller}: ${done.outcome}`, { secret, dryRun });
  if (done.outcome === 'refused') return { status: 422, why: done.why };
  return { status: 200, body: approvalJson(done.approval, dryRun) };
}

const NOWHERE = { book: undefined, hours: 1 };
