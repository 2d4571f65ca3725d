import { freezeDatesOf, type FreezesReading } from './freeze-dates.ts';
import { windowsOf, type WindowsReading } from './windows-text.ts';
import { zoneOf } from './zone.ts';
import { once } from '../values/once.ts';

/** Reads what people write of windows and frozen days. */
export interface CalendarReader {
  windows(text: string): WindowsReading;
  freezes(text: string): FreezesReading;
}

/**
 * Reads each text and each zone once: a zone’s clock is dear, and a fleet has few calendars, each asked for many times in a run. It is made
 * with the settings and handed down in the policy.
 */
export function calendarReader(): CalendarReader {
  const zones = once(zoneOf);
  return { windows: once((text) => windowsOf(text, zones)), freezes: once((text) => freezeDatesOf(text, zones)) };
}
