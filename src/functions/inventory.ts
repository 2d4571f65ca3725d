import { countsOf } from '../app/inventory/inventory-json.ts';
import { tellNews, type NewsTold, type TellNewsOrder, type TellNewsPorts } from '../app/inventory/tell-news.ts';
import { budgetOf, lookingSeconds } from '../app/listing/pace.ts';
import type { Leaving, Log } from '../app/ports/ports.ts';
import { plural } from '../core/values/plural.ts';
import { isoOf } from '../core/values/time.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { fleetRequest } from './fleet-request.ts';
import { forCallers } from './http.ts';

/** Name and version of what is answered. */
const SCHEMA = 'key-warden/inventory-news/v1';

/** So many gaps are named in the log and in the answer; the others are counted. */
const GAPS_NAMED_MAX = 20;

/**
 * Cloud Scheduler's call: takes an inventory and announces what people were not told of yet. Where its time runs out it says what it did
 * not look at; that it ended at all is in the log, and an alarm is raised where that stays away. `{"dryRun":true}` only says what would be told.
 */
export function inventoryFunction(
  ports: TellNewsPorts & { readonly log: Log; readonly leaving?: Leaving | undefined },
  { budgetSeconds, ...order }: Omit<TellNewsOrder, 'dryRun' | 'mayGoOn'> & { readonly budgetSeconds: number },
  callers: CallerCheck,
) {
  const { log } = ports;
  return forCallers(log, callers, async ({ rawBody }, { caller }) => {
    const asked = fleetRequest(rawBody?.toString() ?? '', ['dryRun']);
    if ('why' in asked || asked.secrets !== undefined)
      return { status: 400, why: 'the body must be empty, or an object with dryRun, true or false' };
    const mayGoOn = budgetOf(ports, lookingSeconds(budgetSeconds));
    const told = await tellNews(ports, { ...order, dryRun: asked.dryRun, mayGoOn });
    const { taken, memory, news, messages, ended, beyond } = told;
    const { notLooked } = taken;
    for (const why of notLooked.slice(0, GAPS_NAMED_MAX)) log.write('WARNING', `not looked at: ${why}`);
    if (memory === 'unreadable')
      log.write(
        'ERROR',
        `what inventories have told is not known: ${order.memory} has an annotation that is not understood`,
      );
    if (beyond > 0)
      log.write('WARNING', `no room to remember the findings of ${plural(beyond, 'more key')}: nobody is told of them`);
    const counts = { keys: taken.lines.length, news, messages, ended, beyond, gaps: notLooked.length, memory };
    log.write(
      'INFO',
      `inventory: ${plural(taken.lines.length, 'key')}, ${plural(news, 'finding')} told in ${plural(messages, 'message')}`,
      {
        // An alarm stands on it: what only says what it would tell is no run.
        ...(asked.dryRun ? {} : { inventory: counts }),
        caller,
      },
    );
    return { status: 200, body: answerOf(told, asked.dryRun) };
  });
}

function answerOf({ taken, ...told }: NewsTold, dryRun: boolean): object {
  const { at, projects, lines, notLooked, calls } = taken;
  return {
    schema: SCHEMA,
    at: isoOf(at),
    dryRun,
    projects,
    keys: lines.length,
    counts: countsOf(lines),
    ...told,
    gaps: notLooked.length,
    notLooked: notLooked.slice(0, GAPS_NAMED_MAX),
    calls,
  };
}
