import { EXCESS_MIN, unusualUseIn } from '../../core/use/judge-use.ts';
import { completeUntil, hoursToJudge, pastUseOf, useAskedFrom } from '../../core/use/past-use.ts';
import { HOUR_MS, plusMs, type Instant } from '../../core/values/time.ts';
import { holdersIn, type Holders } from '../listing/holders.ts';
import { UIDS_MAX, type CountedKey, type ProjectMeter, type ProjectUsage } from '../ports/project-meter.ts';
import type { Clock } from '../ports/ports.ts';
import { tellUnusual, type TellOrder, type TellPorts } from './tell-unusual.ts';

export interface WatchUsePorts extends TellPorts {
  readonly projectMeter: ProjectMeter;
  readonly clock: Clock;
}

export interface WatchUseOrder extends TellOrder {
  /** Those of the keys. */
  readonly projects: readonly string[];
  readonly runEveryMinutes: number;
}

/** Looks at the use of keys where an hour of it is complete; answers its troubles. */
export interface UseWatch {
  run(inTime: () => boolean): Promise<readonly string[]>;
}

/** Keys of a project that were used enough to be told, with their past. */
interface Counted {
  readonly counted: ReadonlySet<Instant>;
  readonly keys: readonly (readonly [string, CountedKey])[];
}

/**
 * Watches how keys are used, project by project, once for each hour: `run` looks where an hour is complete that was not judged yet, tells
 * what is unusual, and answers its troubles. What was judged is remembered by this process alone, so that nobody who writes a secret's
 * annotations can keep it quiet. Where something failed, the next run looks at the same hours again, and tells it under the same ids.
 */
export function useWatch(ports: WatchUsePorts, order: WatchUseOrder): UseWatch {
  const judgedUntil = new Map<string, Instant>();
  const look = async (
    project: string,
    hours: readonly Instant[],
    until: Instant,
    holders: Holders,
  ): Promise<readonly string[]> => {
    const counted = await busyKeys(ports.projectMeter, project, hours, until);
    if ('why' in counted) return [`how the keys of project ${project} are used is not known: ${counted.why}`];
    const unusual = counted.keys.flatMap(([uid, key]) => {
      const use = unusualUseIn(pastUseOf(key, { counted: counted.counted, until }), hours);
      return use === undefined ? [] : [{ uid, key, use }];
    });
    if (unusual.length === 0) return [];
    return tellUnusual(ports, order, { project, unusual, hours, until, counted: counted.counted, holders });
  };
  return {
    async run(inTime) {
      const now = ports.clock.now();
      const until = completeUntil(now);
      const problems: string[] = [];
      const holders = holdersIn(ports, order);
      for (const project of order.projects) {
        const hours = hoursToJudge(judgedUntil.get(project), order.runEveryMinutes, now);
        if (hours.length === 0) continue;
        if (!inTime()) return [...problems, 'the use of keys was not looked at for want of time: the next run does'];
        const troubles = await look(project, hours, until, holders);
        problems.push(...troubles);
        if (troubles.length === 0) judgedUntil.set(project, until);
      }
      return problems;
    },
  };
}

/** The hours alone first, of all keys in one list; then the past of those that were used enough to be told, some in a list. */
async function busyKeys(
  meter: ProjectMeter,
  project: string,
  hours: readonly Instant[],
  until: Instant,
): Promise<Counted | Extract<ProjectUsage, { readonly known: false }>> {
  const from = plusMs(until, -hours.length * HOUR_MS);
  const lately = await meter.useByKey(project, { from, until });
  if (!lately.known) return lately;
  const busy = [...lately.keys].filter(([, key]) =>
    key.hours.some(({ endsAt, requests }) => endsAt > from && requests > EXCESS_MIN),
  );
  const uids = busy.map(([uid]) => uid);
  const counted = new Set<Instant>();
  const keys: (readonly [string, CountedKey])[] = [];
  for (let at = 0; at < uids.length; at += UIDS_MAX) {
    const window = { from: useAskedFrom(from), until, uids: uids.slice(at, at + UIDS_MAX) };
    const past = await meter.useByKey(project, window);
    if (!past.known) return past;
    for (const hour of past.counted) counted.add(hour);
    keys.push(...past.keys);
  }
  return { counted, keys };
}
