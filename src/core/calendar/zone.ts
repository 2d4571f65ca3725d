import { once } from '../values/once.ts';
import { nearest } from '../values/nearest.ts';
import { DAY_MS, instantOf, MINUTE_MS, plusMs, type Instant } from '../values/time.ts';

/** What the clock on a wall shows: the day, counted from 1970-01-01, and the minute of it. */
export interface WallTime {
  readonly day: number;
  readonly minute: number;
}

/** A time zone by its IANA name, with the clock on a wall in it. */
export interface Zone {
  readonly name: string;
  at(moment: Instant): WallTime;
}

export const DAY_MINUTES = 24 * 60;

/** An offset such as `+01:00` is none: it knows nothing of summer. */
const NAME = /^(?:UTC|[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){1,2})$/;

/** The zone of a name, by the rules that the runtime carries; `undefined` where it knows none. */
export function zoneOf(name: string): Zone | undefined {
  if (!NAME.test(name)) return undefined;
  const clock = clockIn(name);
  return clock === undefined ? undefined : { name, at: wallIn(clock) };
}

/** What is wrong with the name of a zone, and how one is written. */
export function noZoneText(name: string): string {
  const meant = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  const hint = meant === undefined ? 'take an IANA name such as Europe/Berlin, or UTC' : `did you mean ${meant}?`;
  return `${JSON.stringify(name)} is no time zone that is known here: ${hint}`;
}

/**
 * What a wall shows. A clock is dear to ask: where it is as far from UTC at the end of a day of UTC as at its beginning, it is in between, too,
 * and is asked twice for that day.
 */
function wallIn(clock: Intl.DateTimeFormat): Zone['at'] {
  const offsetOn = once((day: number) => {
    const [begin, end] = [day, day + 1].map((at) => offsetMs(wallTimeOf(clock, instantOf(at * DAY_MS)), at * DAY_MS));
    return begin === end ? begin : undefined;
  });
  return (moment) => {
    const offset = offsetOn(Math.floor(moment / DAY_MS));
    return offset === undefined ? wallTimeOf(clock, moment) : shownBy(moment + offset);
  };
}

function shownBy(local: number): WallTime {
  const day = Math.floor(local / DAY_MS);
  return { day, minute: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
}

function clockIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function wallTimeOf(clock: Intl.DateTimeFormat, moment: Instant): WallTime {
  const shown = Object.fromEntries(clock.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(shown[type]);
  const day = Date.UTC(part('year'), part('month') - 1, part('day')) / DAY_MS;
  return { day, minute: part('hour') * 60 + part('minute') };
}

/** The moments at which a wall shows a time: one, none where the clock is put forward over it, or two where it is put back. */
export function momentsAt(zone: Zone, { day, minute }: WallTime): readonly Instant[] {
  const asUtc = instantOf(day * DAY_MS + minute * MINUTE_MS);
  const offsets = new Set([-DAY_MS, DAY_MS].map((apart) => offsetAt(zone, plusMs(asUtc, apart))));
  const moments = [...offsets].map((offset) => plusMs(asUtc, -offset));
  return moments.filter((moment) => isShown(zone.at(moment), { day, minute })).toSorted((a, b) => a - b);
}

/** When the clock is put forward or back between two moments that are at most some days apart; `undefined` where it is not. */
export function shiftBetween(zone: Zone, from: Instant, to: Instant): Instant | undefined {
  const before = offsetAt(zone, from);
  if (offsetAt(zone, to) === before) return undefined;
  let [low, high] = [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, instantOf(middle * MINUTE_MS)) === before) low = middle;
    else high = middle;
  }
  return instantOf(high * MINUTE_MS);
}

/** How far a wall is ahead of UTC, in whole minutes, as all zones are since 1972. */
function offsetAt(zone: Zone, moment: Instant): number {
  return offsetMs(zone.at(moment), moment);
}

function offsetMs({ day, minute }: WallTime, moment: number): number {
  return day * DAY_MS + minute * MINUTE_MS - Math.floor(moment / MINUTE_MS) * MINUTE_MS;
}

function isShown(one: WallTime, other: WallTime): boolean {
  return one.day === other.day && one.minute === other.minute;
}
