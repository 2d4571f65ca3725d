import { datesOf, type Dates } from './dates.ts';
import { noZoneText, zoneOf, type Zone } from './zone.ts';

/** Whole days in which no planned rotation begins, by the calendar of a zone. */
export interface FreezeDates extends Dates {
  readonly zone: Zone;
}

export const FREEZES_EXAMPLE = '2026-12-19..2027-01-06 Europe/Berlin';
const TEXT_CHARACTERS_MAX = 400;
const FREEZES_MAX = 10;

export type FreezesReading = { readonly freezes: readonly FreezeDates[] } | { readonly wrong: string };

/** Reads days without rotations: `2026-12-19..2027-01-06 Europe/Berlin`, and further ones after `;`. */
export function freezeDatesOf(text: string, zoneNamed: (name: string) => Zone | undefined = zoneOf): FreezesReading {
  const parts = text.split(';').map((part) => part.trim());
  if (text.length > TEXT_CHARACTERS_MAX || parts.length > FREEZES_MAX)
    return { wrong: `more than ${FREEZES_MAX} freezes, or than ${TEXT_CHARACTERS_MAX} characters` };
  const freezes: FreezeDates[] = [];
  for (const part of parts) {
    const [days, name] = [part.replace(/\s.*$/, ''), part.replace(/^\S*\s*/, '')];
    const dates = datesOf(days);
    if (dates === undefined || /\s/.test(name))
      return { wrong: `“${part}” is no days with a time zone: an example: ${FREEZES_EXAMPLE}` };
    if ('wrong' in dates) return { wrong: `“${part}”: ${dates.wrong}` };
    const zone = zoneNamed(name);
    if (zone === undefined) return { wrong: `“${part}”: ${noZoneText(name)}` };
    freezes.push({ ...dates, zone });
  }
  return { freezes };
}
