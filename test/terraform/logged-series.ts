import { isRecord, parseJson, type JsonRecord } from '../../src/core/values/json.ts';
import { localOf, recordOf, type HclFile } from './module.ts';

/** A line that a function wrote, and the minute of the story in which it did. */
export interface LoggedLine {
  readonly minute: number;
  readonly line: string;
}

/**
 * The series that the module's log-based metrics make of lines, as promtool takes them, from one minute to another. Counters go up from the line
 * that first has their labels, and have no value before it, as Cloud Monitoring has it; numbers have a sum and a count.
 */
export function seriesOf(
  files: readonly HclFile[],
  names: readonly string[],
  lines: readonly LoggedLine[],
  fromMinute: number,
  untilMinute: number,
): Readonly<Record<string, string>> {
  const metrics = recordOf(localOf(files, 'metrics'));
  const entries = lines.map(({ minute, line }) => ({ minute, entry: entryOf(line) }));
  return Object.assign(
    {},
    ...names.map((name) => {
      const { filter, value, labels } = recordOf(metrics[name]);
      const counted = entries
        .filter(({ entry }) => matches(String(filter), entry))
        .map(({ minute, entry }) => ({
          minute,
          key: labelsText(recordOf(labels), entry),
          number: typeof value === 'string' ? Number(at(entry, value)) : undefined,
        }));
      const groups = [...Map.groupBy(counted, ({ key }) => key)];
      const made = (suffix: string, add: (one: (typeof counted)[number]) => number) =>
        groups.map(([key, ones]) => [
          `logging_googleapis_com:user_key_warden_${name}${suffix}{monitored_resource="cloud_run_revision"${key}}`,
          cumulated(
            ones.map((one) => ({ minute: one.minute, more: add(one) })),
            untilMinute,
          )
            .slice(fromMinute)
            .join(' '),
        ]);
      return Object.fromEntries(
        typeof value === 'string'
          ? [...made('_sum', ({ number = NaN }) => number), ...made('_count', () => 1)]
          : made('', () => 1),
      );
    }),
  );
}

/** What Cloud Logging makes of a line in structured form. */
function entryOf(line: string): JsonRecord {
  const parsed = parseJson(line);
  if (!isRecord(parsed)) throw new Error(`not a structured line: ${line}`);
  const { severity, 'logging.googleapis.com/labels': labels, ...jsonPayload } = parsed;
  return { severity, labels: recordOf(labels), jsonPayload };
}

function at(entry: JsonRecord, path: string): unknown {
  return path.split('.').reduce<unknown>((value, field) => recordOf(value)[field], entry);
}

/** The few forms of filters that the module's metrics have. Throws for another: a filter that is not understood would match nothing. */
function matches(filter: string, entry: JsonRecord): boolean {
  return filter.split(' AND ').every((clause) => {
    const [, path = '', isThere] = /^([\w.]+)(?:(:\*)|>=0)$/.exec(clause) ?? [];
    if (path === '') throw new Error(`not understood: ${clause}`);
    const value = at(entry, path);
    return isThere === undefined ? typeof value === 'number' && value >= 0 : value !== undefined;
  });
}

function labelsText(labels: JsonRecord, entry: JsonRecord): string {
  return Object.entries(labels)
    .flatMap(([label, path]) => {
      const value = at(entry, String(path));
      return value === undefined ? [] : [`,${label}=${JSON.stringify(value)}`];
    })
    .join('');
}

/** One value a minute: none before the first line, then what came so far. */
function cumulated(
  steps: readonly { readonly minute: number; readonly more: number }[],
  untilMinute: number,
): readonly (number | '_')[] {
  const byMinute = Map.groupBy(steps, ({ minute }) => minute);
  let sum: number | undefined;
  return Array.from({ length: untilMinute + 1 }, (_, minute) => {
    for (const { more } of byMinute.get(minute) ?? []) sum = (sum ?? 0) + more;
    return sum ?? '_';
  });
}
