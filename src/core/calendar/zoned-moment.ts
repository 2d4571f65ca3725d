import { datesOf } from './dates.ts';
import { momentsAt, noZoneText, zoneOf } from './zone.ts';
import { isoOf, type Instant } from '../values/time.ts';

/**
 * Reads the time that a wall shows, with its zone as RFC 9557 writes it: `2027-01-06T08:00[Europe/Berlin]`. `undefined` for what is
 * not meant so. An hour that is skipped, or comes twice, is no moment, and what to write instead is said.
 */
export function zonedMoment(text: string): { readonly at: Instant } | { readonly wrong: string } | undefined {
  const [, date = '', hour, minute, name = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)\[(.+)\]$/.exec(text) ?? [];
  if (hour === undefined) return undefined;
  const zone = zoneOf(name);
  if (zone === undefined) return { wrong: noZoneText(name) };
  const dates = datesOf(date);
  const of = Number(hour) * 60 + Number(minute);
  if (dates === undefined || 'wrong' in dates || Number(hour) > 23 || Number(minute) > 59)
    return { wrong: `${text} is no time of a day, such as 2027-01-06T08:00[${name}]` };
  const [at, second] = momentsAt(zone, { day: dates.first, minute: of });
  if (at === undefined)
    return {
      wrong: `${text} does not exist: the clock is put forward over it. Say a time after that, or a moment in UTC`,
    };
  if (second === undefined) return { at };
  return { wrong: `${text} comes twice, for the clock is put back: say ${isoOf(at)} or ${isoOf(second)}` };
}
