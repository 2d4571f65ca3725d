import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts';

const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

/** Milliseconds of a length of time as people type it: `30m`, `4h`, `14d`; `undefined` for anything else. */
export function durationMsOf(text: string): number | undefined {
  const [, amount = '', unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  return unit === 'm' || unit === 'h' || unit === 'd' ? Number(amount) * UNIT_MS[unit] : undefined;
}

/** A length of time as people say it, in its largest unit: `4 min`, `3 h`, `12 d`. */
export function spokenDuration(milliseconds: number): string {
  const ms = Math.abs(milliseconds);
  if (ms < MINUTE_MS) return `${Math.round(ms / 1000)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} d`;
}
