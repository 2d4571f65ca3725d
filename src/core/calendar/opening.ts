import { momentsAt, shiftBetween, type Zone } from './zone.ts';
import { isOpenAt, type Window } from './window.ts';
import type { FreezeDates } from './freeze-dates.ts';
import { DAY_MS, plusMs, type Instant } from '../values/time.ts';

/** When rotations may begin: in one window of each list, on no frozen day, and not before a freeze that was set has ended. */
export interface Calendar {
  readonly windows: readonly (readonly Window[])[];
  readonly freezes: readonly FreezeDates[];
  /** Ends of freezes that hold now. */
  readonly frozenUntil: readonly Instant[];
}

/** Whoever plans further ahead than a year and a month is told that it never opens. */
export const OPENING_DAYS_MAX = 400;

export function isOpen({ windows, freezes, frozenUntil }: Calendar, at: Instant): boolean {
  return (
    frozenUntil.every((until) => at >= until) &&
    freezes.every((freeze) => !isFrozen(freeze, at)) &&
    windows.every((list) => list.some((window) => isOpenAt(window, window.zone.at(at))))
  );
}

export function isFrozen({ zone, first, last }: FreezeDates, at: Instant): boolean {
  const { day } = zone.at(at);
  return day >= first && day <= last;
}

/**
 * The first moment from `from` on at which it is open; `undefined` where none is within `days`. It can open only when a window
 * begins, a freeze ends, or a clock is put forward or back, so only these moments are asked, day by day.
 */
export function nextOpening(calendar: Calendar, from: Instant, days = OPENING_DAYS_MAX): Instant | undefined {
  if (isOpen(calendar, from)) return from;
  for (let at = 0; at < days; at += 1) {
    const [begin, end] = [plusMs(from, at * DAY_MS), plusMs(from, (at + 1) * DAY_MS)];
    const moments = turnsBetween(calendar, begin, end)
      .filter((moment) => moment > begin && moment <= end)
      .toSorted((a, b) => a - b);
    const opening = moments.find((moment) => isOpen(calendar, moment));
    if (opening !== undefined) return opening;
  }
  return undefined;
}

function turnsBetween({ windows, freezes, frozenUntil }: Calendar, begin: Instant, end: Instant): readonly Instant[] {
  const all = windows.flat();
  const zones = new Set([...all, ...freezes].map(({ zone }) => zone));
  return [
    ...frozenUntil,
    ...[...zones].map((zone) => shiftBetween(zone, begin, end)).filter((moment) => moment !== undefined),
    ...all.flatMap((window) =>
      daysBetween(window.zone, begin, end).flatMap((day) => momentsAt(window.zone, { day, minute: window.begin })),
    ),
    ...freezes.flatMap(({ zone, last }) => momentsAt(zone, { day: last + 1, minute: 0 })),
  ];
}

function daysBetween(zone: Zone, begin: Instant, end: Instant): readonly number[] {
  const [first, last] = [zone.at(begin).day, zone.at(end).day];
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
