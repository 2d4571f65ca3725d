import { reachFleet, type ReachFleetOrder, type ReachFleetPorts } from '../app/reach/reach-fleet.ts';
import { reachJson } from '../app/reach/reach-json.ts';
import type { Log } from '../app/ports/ports.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { forCallers } from './http.ts';

/** Scheduler's call: brings new keys to the consumers that wait for one. It runs as an account that may act as they do, and reads no key. */
export function reachFunction(
  ports: ReachFleetPorts & { readonly log: Log },
  order: Omit<ReachFleetOrder, 'dryRun' | 'again' | 'secrets'>,
  callers: CallerCheck,
) {
  return forCallers(ports.log, callers, async (_, { caller }) => {
    const body = reachJson(await reachFleet(ports, { ...order, dryRun: false, again: false }));
    for (const problem of body.problems) ports.log.write('WARNING', problem);
    for (const { secret, consumers } of body.reached)
      for (const { consumer, is, why } of consumers)
        if (why !== undefined) ports.log.write('WARNING', `${consumer} is ${is}: ${why}`, { secret });
    ports.log.write('INFO', `reached: ${JSON.stringify(body.counts)}`, { reached: body.counts, caller });
    return { status: 200, body };
  });
}
