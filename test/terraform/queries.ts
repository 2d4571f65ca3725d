import { localOf, recordOf, type HclFile } from './module.ts';

/** An alarm as Cloud Monitoring gets it in a deployment that sets nothing. */
export interface Alarm {
  readonly query: string;
  readonly waitSeconds: number;
}

/** The inputs that queries depend on. */
export interface Schedule {
  readonly checkEveryMinutes: number;
  readonly reconcileEveryMinutes: number;
  readonly purgeEveryHours: number;
}

/** Where nothing is set. */
const DEFAULT_SCHEDULE: Schedule = { checkEveryMinutes: 10, reconcileEveryMinutes: 5, purgeEveryHours: 6 };

/** What Terraform would put in for each expression. */
function valuesOf({ checkEveryMinutes, reconcileEveryMinutes, purgeEveryHours }: Schedule): Record<string, number> {
  const lateSeconds = 600;
  return {
    'local.quiet_minutes': 3 * checkEveryMinutes,
    'local.reconcile_minutes': Math.max(15, 3 * reconcileEveryMinutes),
    'local.purge_hours': 2 * purgeEveryHours,
    'local.inventory_hours': 16,
    'local.fast_minutes': Math.max(60, 6 * checkEveryMinutes),
    'local.steady_minutes': Math.max(360, 12 * checkEveryMinutes),
    'local.slow_short_minutes': Math.max(120, 6 * checkEveryMinutes),
    'local.stuck_hours * 3600': (168 + 24) * 3600,
    'var.schedule.check_every_minutes * 60': checkEveryMinutes * 60,
    'var.schedule.check_every_minutes * 60 + local.late_seconds': checkEveryMinutes * 60 + lateSeconds,
    'var.schedule.reconcile_every_minutes * 60 + local.late_seconds': reconcileEveryMinutes * 60 + lateSeconds,
    'local.inventory_every_hours * 3600 + local.late_seconds': 8 * 3600 + lateSeconds,
    'var.schedule.purge_every_hours * 3600 + local.late_seconds': purgeEveryHours * 3600 + lateSeconds,
  };
}

/** Alarms of the module by name. Throws for an expression that is not in the list above. */
export function alarmsOf(files: readonly HclFile[], schedule = DEFAULT_SCHEDULE): ReadonlyMap<string, Alarm> {
  const values = valuesOf(schedule);
  const filled = (text: string): string =>
    text.replaceAll(/\$\{([^}]+)\}/g, (_, expression: string) => {
      const series = /^local\.series\["(\w+)"\]$/.exec(expression)?.[1];
      if (series !== undefined) return `logging_googleapis_com:user_key_warden_${series}`;
      if (expression === 'local.series[local.unclear_of]')
        return 'logging_googleapis_com:user_key_warden_untold_unclear';
      if (expression === 'local.dead_letters') return filled(String(localOf(files, 'dead_letters')));
      // Where there are channels; without any, the expression is empty.
      if (expression === 'local.only_unheard') return ` and on() ${filled(String(localOf(files, 'unheard')))}`;
      if (expression === 'var.name') return 'key-warden';
      const value = values[expression];
      if (value === undefined) throw new Error(`nothing is known to fill in for ${expression}`);
      return String(value);
    });
  const rows = Object.entries(recordOf(localOf(files, 'policies'))).map(
    ([name, row]) => [name, recordOf(row)] as const,
  );
  return new Map(
    rows.map(([name, { query, wait }]) => [
      name,
      { query: filled(String(query)), waitSeconds: Number(filled(String(wait))) },
    ]),
  );
}

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1 };

/** How far back a query looks. */
export function hoursBack({ query }: Pick<Alarm, 'query'>): number {
  const windows = [...query.matchAll(/\[(\d+)([mh])\]/g)].map(
    ([, count, unit = '']) => Number(count) * (HOURS[unit] ?? NaN),
  );
  return Math.max(0, ...windows);
}

/** What Cloud Monitoring refuses: it looks back 24 hours at most, waits as long, and does both within 25. */
export function beyondMonitoring(alarms: ReadonlyMap<string, Alarm>): readonly string[] {
  return [...alarms].flatMap(([name, { query, waitSeconds }]) => {
    const back = hoursBack({ query });
    const wait = waitSeconds / 3600;
    return back <= 24 && wait <= 24 && back + wait <= 25 ? [] : [`${name} looks back ${back} hours and waits ${wait}`];
  });
}
