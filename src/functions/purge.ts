import { purgeFleet, type PurgeFleetOrder } from '../app/purge/purge-fleet.ts';
import { purgeJson } from '../app/purge/purge-json.ts';
import type { PurgePorts } from '../app/purge/purge-steps.ts';
import type { Log } from '../app/ports/ports.ts';
import { isRecord, parseJson } from '../core/values/json.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { forCallers } from './http.ts';

/** Scheduler's call: purges old keys and sweeps orphans. `{"dryRun":true}` only says what would go. */
export function purgeFunction(
  ports: PurgePorts & { readonly log: Log },
  order: Omit<PurgeFleetOrder, 'dryRun'>,
  callers: CallerCheck,
) {
  return forCallers(ports.log, callers, async ({ rawBody }) => {
    const dryRun = dryRunIn(rawBody?.toString() ?? '');
    if (dryRun === undefined) return { status: 400, why: 'the body must be empty or {"dryRun":true}' };
    const run = await purgeFleet(ports, { ...order, dryRun });
    const body = purgeJson(run);
    for (const problem of run.problems) ports.log.write('ERROR', problem);
    for (const { outcome, why, ...about } of [...run.purged, ...run.swept])
      if (outcome === 'failed' || outcome === 'refused') ports.log.write('WARNING', `not purged: ${why}`, about);
    for (const { step, outcome, why, ...about } of run.purged)
      if (step === 'forget' && outcome === 'done')
        ports.log.write('WARNING', `version ${about.version} of ${about.secret}: ${why}`, about);
    for (const { outcome, why, ...about } of run.swept)
      if (outcome === 'outside') ports.log.write('INFO', `not swept: ${why}`, about);
    const later = run.unreached === 0 ? '' : `; ${run.unreached} are left to the next run`;
    ports.log.write('INFO', `purged: ${JSON.stringify(body.counts)}${later}`, { purged: body.counts });
    return { status: 200, body };
  });
}

function dryRunIn(body: string): boolean | undefined {
  if (body.trim() === '') return false;
  const value = parseJson(body);
  if (!isRecord(value)) return undefined;
  const { dryRun, ...unknown } = value;
  return typeof dryRun === 'boolean' && Object.keys(unknown).length === 0 ? dryRun : undefined;
}
