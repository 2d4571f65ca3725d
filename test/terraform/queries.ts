import { localOf, recordOf, type HclFile } from './module.ts';

/** An alarm as Cloud Monitoring gets it in a deployment that sets nothing. */
export interface Alarm {
  readonly query: string;
  readonly waitSeconds: number;
}

/** What Terraform would put in for each expression, with every variable at its default. */
const VALUES: Readonly<Record<string, string>> = {
  'local.quiet_minutes': '30',
  'local.stuck_hours * 3600': String((168 + 24) * 3600),
  '3 * var.schedule.reconcile_every_minutes': '15',
  'var.schedule.check_every_minutes * 60': '600',
  'var.schedule.reconcile_every_minutes * 60': '300',
  'var.schedule.purge_every_hours * 3600': '21600',
  'var.name': 'key-warden',
};

/** Alarms of the module by name. Throws for an expression that is not in the list above. */
export function alarmsOf(files: readonly HclFile[]): ReadonlyMap<string, Alarm> {
  const filled = (text: string): string =>
    text.replaceAll(/\$\{([^}]+)\}/g, (_, expression: string) => {
      const series = /^local\.series\["(\w+)"\]$/.exec(expression)?.[1];
      if (series !== undefined) return `logging_googleapis_com:user_key_warden_${series}`;
      if (expression === 'local.dead_letters') return filled(String(localOf(files, 'dead_letters')));
      const value = VALUES[expression];
      if (value === undefined) throw new Error(`nothing is known to fill in for ${expression}`);
      return value;
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
