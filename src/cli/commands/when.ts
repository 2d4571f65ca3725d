import { durationMsOf } from '../../core/values/duration.ts';
import { parseInstant, plusMs, type Instant } from '../../core/values/time.ts';
import { Stop } from '../show/terminal.ts';

/** A moment that an option names: a day, a moment in RFC 3339, or a stretch back from now such as `30d`. Ends with code 2 for anything else. */
export function momentOf(option: string, text: string, now: Instant): Instant {
  const ago = durationMsOf(text);
  const at =
    ago === undefined ? parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text) : plusMs(now, -ago);
  if (at !== undefined) return at;
  throw new Stop(2, `${option}: a time such as 30d, or a moment such as 2026-01-31, not ${text}`);
}
