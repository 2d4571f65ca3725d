import type { Instant } from '../../core/values/time.ts';

/** A longer pause than this is taken for a mistake, for no alert may wait longer. */
const PAUSE_MS_MAX = 3_600_000;

/** The pause that a `Retry-After` header asks for, in seconds or as a date (RFC 9110, 10.2.3); at most an hour. */
export function waitAskedMs(header: string | string[] | undefined, now: Instant): number | undefined {
  const text = [header].flat()[0]?.trim() ?? '';
  const askedMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(askedMs) ? undefined : Math.min(Math.max(askedMs, 0), PAUSE_MS_MAX);
}
