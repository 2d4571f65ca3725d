import { reachFleet, type ReachFleetOrder, type ReachFleetPorts } from '../app/reach/reach-fleet.ts';
import { reachJson } from '../app/reach/reach-json.ts';
import type { Log } from '../app/ports/ports.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { firstOutside, outside } from '../app/listing/within-scope.ts';
import { fleetRequest } from './fleet-request.ts';
import { forCallers } from './http.ts';

/** Scheduler's call, and a person's: brings new keys to the consumers that wait for one, of all secrets or of named ones. It runs as an account that may act as they do, and reads no key. */
export function reachFunction(
  ports: ReachFleetPorts & { readonly log: Log },
  order: Omit<ReachFleetOrder, 'dryRun' | 'again' | 'secrets'>,
  callers: CallerCheck,
) {
  return forCallers(ports.log, callers, async ({ rawBody }, { caller }) => {
    const asked = fleetRequest(rawBody?.toString() ?? '', ['dryRun', 'again']);
    if ('why' in asked) return { status: 400, why: asked.why };
    const beyond = await firstOutside(ports.vault, order.scopes, asked.secrets ?? []);
    if (beyond !== undefined) return { status: 422, why: outside(beyond) };
    const body = reachJson(await reachFleet(ports, { ...order, ...asked }));
    for (const problem of body.problems) ports.log.write('WARNING', problem);
    for (const { secret, consumers } of body.reached)
      for (const { consumer, is, why } of consumers)
        if (why !== undefined) ports.log.write('WARNING', `${consumer} is ${is}: ${why}`, { secret });
    ports.log.write('INFO', `reached: ${JSON.stringify(body.counts)}`, { reached: body.counts, caller });
    return { status: 200, body };
  });
}
