import { approve } from '../app/approval/approve.ts';
import { approvalJson, approvalsJson, type GroupAnswer } from '../app/approval/approval-json.ts';
import { waitingIn } from '../app/approval/waiting.ts';
import { holdersIn } from '../app/listing/holders.ts';
import { isWithin, outside } from '../app/listing/within-scope.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import { plural } from '../core/values/plural.ts';
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
  if (mayApprove !== true) return forApprovers(caller);
  const order = { ...approval, secretPolicy, scopes, concurrency };
  const done = await approve(ports, order, { secret, plan, by, dryRun });
  ports.log.write('NOTICE', `approval asked for by ${caller}: ${done.outcome}`, { secret, dryRun });
  if (done.outcome === 'refused') return { status: 422, why: done.why };
  return { status: 200, body: approvalJson(done.approval, dryRun) };
}

/** Approves all that one message asked for, each as if it were asked for alone: 200 with what was approved and what was refused, 422 where nothing was. */
export async function approveGroup(
  ports: RotatePorts,
  { approval = NOWHERE, secretPolicy, scopes, concurrency }: RotateOrder,
  { group = '', dryRun }: RotateRequest,
  { caller, by, mayApprove }: Caller,
): Promise<Reply> {
  if (mayApprove !== true) return forApprovers(caller);
  const { approvals, problems } = await waitingIn(ports.vault, approval.book, ports.clock.now());
  if (problems.length > 0) return { status: 422, why: problems.join('; ') };
  const order = { ...approval, secretPolicy, scopes, concurrency };
  const holders = holdersIn(ports, order);
  const done: GroupAnswer[] = [];
  for (const { secret, plan } of approvals.filter((one) => one.group === group))
    done.push({
      secret,
      ...((await isWithin(ports.vault, scopes, secret))
        ? await approve(ports, order, { secret, plan, by, dryRun }, holders)
        : { outcome: 'refused', why: outside(secret) }),
    });
  ports.log.write('NOTICE', `approval of ${plural(done.length, 'rotation')} asked for by ${caller}`, { dryRun });
  const body = approvalsJson(group, done, dryRun);
  if (body.approved.length > 0) return { status: 200, body };
  const why = body.refused.map((one) => one.why).join('; ');
  return { status: 422, why: why === '' ? 'nothing of it waits any more: `key-warden status` shows what does' : why };
}

function forApprovers(caller: string): Reply {
  return {
    status: 403,
    why: `${caller} may not approve: that is for the list \`approve\` of the module’s callers (KEY_WARDEN_APPROVERS)`,
  };
}

const NOWHERE = { book: undefined, hours: 1 };
