import type { Micros } from '../wire/rest/micros.ts';

/** The values something had, oldest first, each with the moment it began; never empty. */
export type Trail<T> = readonly [Mark<T>, ...Mark<T>[]];

interface Mark<T> {
  readonly since: Micros;
  readonly value: T;
}

export function trailOf<T>(since: Micros, value: T): Trail<T> {
  return [{ since, value }];
}

/** Adds a value and forgets what nobody who lags behind to `horizon` at most can still see. */
export function extended<T>(trail: Trail<T>, since: Micros, value: T, horizon: Micros): Trail<T> {
  const [first, ...rest] = trail.filter((_, index) => (trail[index + 1]?.since ?? since) > horizon);
  const next = { since, value };
  return first === undefined ? [next] : [first, ...rest, next];
}

/** What somebody sees who knows the world as it was at `moment`; before the beginning, the first value. */
export function seenAt<T>(trail: Trail<T>, moment: Micros): T {
  return (trail.findLast((mark) => mark.since <= moment) ?? trail[0]).value;
}
