import type { ReconcileOrder } from '../app/reconcile/resume-from-list.ts';
import { reconcile } from '../app/reconcile/reconcile.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import { budgetOf } from '../app/listing/pace.ts';
import type { UseWatch } from '../app/use/watch-use.ts';
import { isoFields } from '../core/values/decode.ts';
import { isoOf } from '../core/values/time.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { forCallers } from './http.ts';
import { logWaiting } from './log-state.ts';

/** Name and version of what the function answers. */
const RECONCILIATION_SCHEMA = 'key-warden/reconciliation/v1';

/** Scheduler's call: takes all rotations as far as they go now, then looks at how keys are used. 200 when it ran, whatever it found. */
export function reconcileFunction(
  ports: RotatePorts,
  order: ReconcileOrder,
  { callers, use }: { readonly callers: CallerCheck; readonly use: UseWatch | undefined },
) {
  return forCallers(ports.log, callers, async () => {
    const inTime = budgetOf(ports, order.budgetSeconds);
    const { lines, liveLeaks, problems, startedAt, finishedAt, ...counts } = await reconcile(ports, order);
    for (const problem of problems) ports.log.write('ERROR', problem);
    for (const { secret, did, why } of lines)
      if (did === 'failed')
        ports.log.write('ERROR', `the rotation of ${secret} did not go on: ${why ?? ''}`, { secret });
    logWaiting(ports.log, { lines, liveLeaks });
    const unknown = (await use?.run(inTime)) ?? [];
    for (const problem of unknown) ports.log.write('WARNING', problem);
    const { inFlight, held, begun } = counts;
    ports.log.write('INFO', `${inFlight} rotations in flight, ${held} held, ${begun} begun`, { reconciled: counts });
    const body = {
      schema: RECONCILIATION_SCHEMA,
      startedAt: isoOf(startedAt),
      finishedAt: isoOf(finishedAt),
      ...counts,
      rotations: lines.map(({ until, ...line }) => ({ ...line, ...isoFields({ until }) })),
      problems: [...problems, ...unknown],
    };
    return { status: 200, body };
  });
}
