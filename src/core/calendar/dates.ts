import { DAY_MS } from '../values/time.ts';

/** Whole days of a calendar, the first and the last of them counted from 1970-01-01. */
export interface Dates {
  readonly first: number;
  readonly last: number;
}

/** Reads `2026-12-20..2027-01-06` or one `2026-12-24`; what is wrong with it, or `undefined` for what is not meant as dates. */
export function datesOf(text: string): Dates | { readonly wrong: string } | undefined {
  if (!/^\d{4}-/.test(text)) return undefined;
  const cut = text.indexOf('..');
  const [begin, end] = cut < 0 ? [text, text] : [text.slice(0, cut), text.slice(cut + 2)];
  if (end === '')
    return { wrong: `${text} has no end: give the last day, such as ${begin}..${begin.slice(0, 4)}-12-31` };
  const [first, last] = [dayOfDate(begin), dayOfDate(end)];
  if (first === undefined || last === undefined)
    return { wrong: `${text} is no day such as 2026-12-24, and no days such as 2026-12-20..2027-01-06` };
  if (last < first) return { wrong: `${text} ends before it begins: turn it round, ${end}..${begin}` };
  return { first, last };
}

/** The day of `2026-12-24`; `undefined` for a day that no month has. */
function dayOfDate(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const moment = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return new Date(moment).toISOString().startsWith(text) ? moment / DAY_MS : undefined;
}
