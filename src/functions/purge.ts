import { purgeFleet, type PurgeFleetOrder } from '../app/purge/purge-fleet.ts';
import { logOldKeys } from '../app/purge/log-old-keys.ts';
import { purgeJson } from '../app/purge/purge-json.ts';
import type { PurgePorts } from '../app/purge/purge-steps.ts';
import type { Log } from '../app/ports/ports.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { firstOutside, outside } from '../app/listing/within-scope.ts';
import { fleetRequest } from './fleet-request.ts';
import { forCallers } from './http.ts';

/** Scheduler's call, and a person's: purges old keys and sweeps orphans, of all secrets or of named ones. `{"dryRun":true}` only says what would go. */
export function purgeFunction(
  ports: PurgePorts & { readonly log: Log },
  order: Omit<PurgeFleetOrder, 'dryRun' | 'secrets'>,
  callers: CallerCheck,
) {
  return forCallers(ports.log, callers, async ({ rawBody }, { caller }) => {
    const asked = fleetRequest(rawBody?.toString() ?? '', ['dryRun']);
    if ('why' in asked) return { status: 400, why: asked.why };
    const beyond = await firstOutside(ports.vault, order.scopes, asked.secrets ?? []);
    if (beyond !== undefined) return { status: 422, why: outside(beyond) };
    const run = await purgeFleet(ports, { ...order, ...asked });
    const body = purgeJson(run);
    for (const problem of run.problems) ports.log.write('ERROR', problem);
    for (const { outcome, why, ...about } of [...run.purged, ...run.swept])
      if (outcome === 'failed' || outcome === 'refused') ports.log.write('WARNING', `not purged: ${why}`, about);
    logOldKeys(ports.log, run.purged, run.swept);
    for (const { outcome, why, ...about } of run.swept)
      if (outcome === 'outside') ports.log.write('INFO', `not swept: ${why}`, about);
    const later = run.unreached === 0 ? '' : `; ${run.unreached} are left to the next run`;
    ports.log.write('INFO', `purged: ${JSON.stringify(body.counts)}${later}`, { purged: body.counts, caller });
    return { status: 200, body };
  });
}
