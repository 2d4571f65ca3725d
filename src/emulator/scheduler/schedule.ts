/** Names that unix-cron takes for the numbers of a field. */
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const FIELDS: readonly Field[] = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 7, names: DAYS },
];

/** Intervals of App Engine’s English-like form, such as `every 5 minutes` and `every monday 09:00`. */
const ENGLISH =
  /^every (?:\d{1,4} (?:minutes|mins|hours)(?: (?:from \d\d:\d\d to \d\d:\d\d|synchronized))?|(?:day|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:,(?:mon|tues|wednes|thurs|fri|satur|sun)day)* \d\d:\d\d)$/i;

/** Whether Cloud Scheduler takes a schedule: unix-cron of five fields (cloud.google.com/scheduler/docs/configuring/cron-job-schedules). */
export function isSchedule(schedule: string): boolean {
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return ENGLISH.test(schedule.trim());
  return parts.every((part, at) => {
    const field = FIELDS[at];
    return field !== undefined && part.split(',').every((range) => isRange(range, field));
  });
}

/** `*`, `5`, `1-5`, and each of them with a step. */
function isRange(range: string, field: Field): boolean {
  const [, body = '', step] = /^(\*|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)?)(?:\/(\d{1,4}))?$/.exec(range) ?? [];
  if (body === '' || step === '0') return false;
  if (body === '*') return true;
  const ends = body.split('-').map((end) => valueOf(end, field));
  const [first = Number.NaN, last = first] = ends;
  return ends.every((end) => end >= field.least && end <= field.most) && first <= last;
}

function valueOf(text: string, { names, least }: Field): number {
  if (/^\d+$/.test(text)) return Number(text);
  const at = names.indexOf(text.toUpperCase());
  return at < 0 ? Number.NaN : at + least;
}

/** Whether a name is one of the time zone database. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions() !== null;
  } catch {
    return false;
  }
}
