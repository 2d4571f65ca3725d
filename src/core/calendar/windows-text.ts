import { datesOf, type Dates } from './dates.ts';
import { nextOpening } from './opening.ts';
import type { Window } from './window.ts';
import { DAY_MINUTES, noZoneText, zoneOf, type Zone } from './zone.ts';
import { DAY_MS, instantOf } from '../values/time.ts';

export type WindowsReading = { readonly windows: readonly Window[] } | { readonly wrong: string };

export const WINDOWS_EXAMPLE = 'mon-thu 09:00-16:00 Europe/Berlin';
/** What is longer is read by nobody, and annotations are small. */
const TEXT_CHARACTERS_MAX = 400;
const WINDOWS_MAX = 10;

/** Reads windows: `[dates] [days] [hours] zone`, and further ones after `;`. What is left out is any day, or all of it. */
export function windowsOf(text: string, zoneNamed: (name: string) => Zone | undefined = zoneOf): WindowsReading {
  const parts = text.split(';').map((part) => part.trim());
  if (text.length > TEXT_CHARACTERS_MAX || parts.length > WINDOWS_MAX)
    return { wrong: `more than ${WINDOWS_MAX} windows, or than ${TEXT_CHARACTERS_MAX} characters` };
  const windows: Window[] = [];
  for (const part of parts) {
    const window = windowOf(part, zoneNamed);
    if ('wrong' in window) return { wrong: `“${part}”: ${window.wrong}` };
    windows.push(window);
  }
  return { windows };
}

function windowOf(part: string, zoneNamed: (name: string) => Zone | undefined): Window | { readonly wrong: string } {
  const words = part.split(/\s+/);
  const name = words.slice(-1).join();
  const zone = zoneNamed(name);
  if (zone === undefined) return { wrong: noZoneText(name) };
  let dates: Dates | undefined;
  let weekdays: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6]);
  let hours: Hours = { begin: 0, minutes: DAY_MINUTES };
  for (const word of words.slice(0, -1)) {
    const days = datesOf(word);
    const read = days ?? hoursOf(word) ?? weekdaysOf(word);
    if (read === undefined)
      return {
        wrong: `${JSON.stringify(word)} is neither days such as mon-thu, nor hours such as 09:00-16:00, nor dates such as 2026-12-01..2026-12-18; an example: ${WINDOWS_EXAMPLE}`,
      };
    if ('wrong' in read) return read;
    if ('begin' in read) hours = read;
    else if ('first' in read) dates = read;
    else weekdays = read;
  }
  const window: Window = { zone, weekdays, dates, ...hours };
  return neverText(window) ?? window;
}

/** Dates may hold none of the days, or a single night whose only hours are skipped. The first week of them tells. */
function neverText(window: Window): { readonly wrong: string } | undefined {
  const { dates } = window;
  if (dates === undefined) return undefined;
  const calendar = { windows: [[window]], freezes: [], frozenUntil: [] };
  if (nextOpening(calendar, instantOf((dates.first - 2) * DAY_MS), 2 * 7) !== undefined) return undefined;
  return {
    wrong:
      'it never opens: none of its dates is one of its days, or its hours are skipped there when the clock is put forward. Leave the days out, or give other dates or hours',
  };
}

interface Hours {
  readonly begin: number;
  readonly minutes: number;
}

function hoursOf(word: string): Hours | { readonly wrong: string } | undefined {
  const [, from = '', sign, to = ''] = /^([\d:]+)([-+])([\d:]+h?)$/.exec(word) ?? [];
  if (sign === undefined) return undefined;
  const begin = minuteOf(from);
  const given = sign === '-' ? minuteOf(to) : lengthOf(to);
  if (begin === undefined || begin === DAY_MINUTES || given === undefined)
    return { wrong: `${word} are no hours such as 09:00-16:00, and none such as 22:00+6h` };
  if (sign === '+') return { begin, minutes: given };
  const minutes = given - begin;
  if (minutes > 0) return { begin, minutes };
  const over = Math.max(1, Math.floor((minutes + DAY_MINUTES) / 60));
  return {
    wrong: `${word} ends before it begins, so it never opens: over midnight, say how long it is, such as ${from}+${over}h`,
  };
}

/** `6h` in minutes. */
function lengthOf(text: string): number | undefined {
  return /^(?:[1-9]|1\d|2[0-4])h$/.test(text) ? Number(text.slice(0, -1)) * 60 : undefined;
}

/** `09:30` as a minute of the day; `24:00` is its end. */
function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const at = Number(hour) * 60 + Number(minute);
  return at <= DAY_MINUTES && Number(minute) < 60 ? at : undefined;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

function weekdaysOf(word: string): ReadonlySet<number> | undefined {
  const days = new Set<number>();
  for (const part of word.toLowerCase().split(',')) {
    const ends = part.split('-');
    const [first, last] = [DAYS.findIndex((day) => day === ends[0]), DAYS.findIndex((day) => day === ends.at(-1))];
    if (first < 0 || last < 0 || ends.length > 2) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days;
}
