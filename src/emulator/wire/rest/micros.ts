/** A moment in whole microseconds since the Unix epoch: the finest step that Secret Manager writes. */
export type Micros = number;

export const MICROS_PER_SECOND = 1_000_000;

/** Reads RFC 3339 with any offset, dropping what is finer than a microsecond; `undefined` for anything else. */
export function parseMicros(text: string): Micros | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (parts === null) return undefined;
  const milliseconds = Date.parse(`${parts[1]}${parts[3]}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds * 1000 + Number((parts[2] ?? '').padEnd(6, '0').slice(0, 6));
}

/** RFC 3339 in UTC with 0, 3 or 6 fraction digits, as protobuf's JSON form has it. */
export function utcText(moment: Micros): string {
  const fraction = fractionOf(moment);
  const digits = fraction === '000000' ? '' : fraction.endsWith('000') ? `.${fraction.slice(0, 3)}` : `.${fraction}`;
  return `${new Date(secondOf(moment) * 1000).toISOString().slice(0, 19)}${digits}Z`;
}

const PACIFIC = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
});

/** RFC 3339 with the Pacific offset of that day and trailing zeros cut: how events of Secret Manager are stamped. */
export function pacificText(moment: Micros): string {
  const parts = Object.fromEntries(
    PACIFIC.formatToParts(secondOf(moment) * 1000).map((part) => [part.type, part.value]),
  );
  const offset = String(parts['timeZoneName']).replace('GMT', '');
  const fraction = fractionOf(moment).replace(/0+$/, '');
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  const time = `${parts['hour']}:${parts['minute']}:${parts['second']}`;
  return `${date}T${time}${fraction === '' ? '' : `.${fraction}`}${offset}`;
}

function secondOf(moment: Micros): number {
  return Math.floor(moment / MICROS_PER_SECOND);
}

function fractionOf(moment: Micros): string {
  return String(moment - secondOf(moment) * MICROS_PER_SECOND).padStart(6, '0');
}
