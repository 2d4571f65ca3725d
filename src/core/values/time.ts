declare const instant: unique symbol;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A moment in milliseconds since the Unix epoch. Core never reads a clock: `now` always comes in as one of these. */
export type Instant = number & { readonly [instant]: true };

/** Brands a millisecond count, such as a clock's reading, as an `Instant`. Throws RangeError outside what a Date can hold. */
export function instantOf(milliseconds: number): Instant {
  if (!isInstant(milliseconds)) throw new RangeError(`${milliseconds} is not a moment in time`);
  return milliseconds;
}

/** The beginning of a moment's day, in UTC. */
export function dayOf(moment: Instant): Instant {
  return instantOf(Math.floor(moment / DAY_MS) * DAY_MS);
}

/** RFC 3339 in UTC, the form in which every moment is written to annotations, reports and logs. */
export function isoOf(moment: Instant): string {
  return new Date(moment).toISOString();
}

/** A moment in a sentence for people: `2026-11-24 03:00 UTC`. Seconds help nobody who is called at night. */
export function spokenMinute(moment: Instant): string {
  return isoOf(moment).replace(/^(.*)T(\d\d:\d\d).*$/, '$1 $2 UTC');
}

/** A moment that is waited for, never said too early: the full minute after it. */
export function spokenMinuteBy(moment: Instant): string {
  return spokenMinute(instantOf(Math.ceil(moment / MINUTE_MS) * MINUTE_MS));
}

/** Reads RFC 3339; `undefined` for anything else, so that a foreign annotation cannot become a wrong moment. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return isInstant(milliseconds) ? milliseconds : undefined;
}

/** How far two clocks may differ before a moment that should be past is taken for one that cannot be. */
export const AHEAD_MS_MAX = 5 * MINUTE_MS;

/** Whether something that is said to have happened lies further ahead than clocks differ. */
export function isAhead(at: Instant, now: Instant): boolean {
  return at > now + AHEAD_MS_MAX;
}

/** `later − earlier` in milliseconds; negative when a clock jumped back. */
export function elapsedMs(earlier: Instant, later: Instant): number {
  return later - earlier;
}

/** Whole seconds from one moment to another; none when a clock jumped back. */
export function elapsedSeconds(earlier: Instant, later: Instant): number {
  return Math.max(0, Math.round(elapsedMs(earlier, later) / 1000));
}

/** A moment `milliseconds` after (or, negative, before) another. */
export function plusMs(moment: Instant, milliseconds: number): Instant {
  return instantOf(moment + milliseconds);
}

function isInstant(milliseconds: number): milliseconds is Instant {
  return Math.abs(milliseconds) <= 8.64e15;
}
