import type { Instant } from '../values/time.ts';

/**
 * The stretch of a list whose turn it is in this run, when only `most` of it can be looked at in one. Decided from the
 * clock alone: everything has its turn once in as many runs as it takes, and what stands together comes together.
 */
export function sliceOfRun<Item>(
  items: readonly Item[],
  most: number,
  runEveryMinutes: number,
  now: Instant,
): readonly Item[] {
  const turns = Math.max(1, Math.ceil(items.length / most));
  const turn = Math.floor(now / (runEveryMinutes * 60_000)) % turns;
  return items.slice(turn * most, (turn + 1) * most);
}
