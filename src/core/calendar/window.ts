import type { Dates } from './dates.ts';
import { DAY_MINUTES, type WallTime, type Zone } from './zone.ts';

/** A time in which rotations may begin: on some days, for so long from a minute of the day on, as the clock on a wall in the zone shows it. */
export interface Window {
  readonly zone: Zone;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  readonly dates?: Dates | undefined;
  readonly begin: number;
  /** 1,440 at most, so it may end on the day after. */
  readonly minutes: number;
}

/** Whether it is open when a wall shows this. The wall alone decides: an hour that is skipped opens nothing, one that comes twice opens twice. */
export function isOpenAt(window: Window, { day, minute }: WallTime): boolean {
  const end = window.begin + window.minutes;
  if (opensOn(window, day) && minute >= window.begin && minute < end) return true;
  return opensOn(window, day - 1) && minute + DAY_MINUTES < end;
}

/** Whether it opens on a day. */
function opensOn({ weekdays, dates }: Window, day: number): boolean {
  return weekdays.has(weekdayOf(day)) && (dates === undefined || (day >= dates.first && day <= dates.last));
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
