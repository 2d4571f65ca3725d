import { readCalendar, type CalendarPolicy } from './calendar-policy.ts';
import type { CalendarReader } from './calendar-reader.ts';
import { isOpen } from './opening.ts';
import { MINUTE_MS, plusMs, type Instant } from '../values/time.ts';

/** All of them, where nobody wrote windows. */
export const WEEK_HOURS = 7 * 24;
/** So many looks an hour: windows begin and end at such minutes, or not far from them. */
const LOOKS_AN_HOUR = 4;

/** How many hours of the week that begins at a moment windows are open in. Frozen days are left out: they are few, and what waits for them comes up later. */
export function openHoursIn({ windows }: CalendarPolicy, from: Instant, reader?: CalendarReader): number {
  const open = readCalendar({ windows }, reader).windows;
  if (open === undefined) return WEEK_HOURS;
  const calendar = { windows: [open], freezes: [], frozenUntil: [] };
  const looks = Array.from({ length: WEEK_HOURS * LOOKS_AN_HOUR }, (_, at) =>
    plusMs(from, (at * 60 * MINUTE_MS) / LOOKS_AN_HOUR),
  );
  return looks.filter((moment) => isOpen(calendar, moment)).length / LOOKS_AN_HOUR;
}
