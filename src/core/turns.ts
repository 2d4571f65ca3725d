import { spread } from './spread.ts';
import type { Instant } from './time.ts';

/**
 * Whether it is this name's turn in this run, when only `most` of `all` names can be had a look at in one. Decided from
 * the clock alone: every name has its turn once in as many runs as it takes.
 */
export function isItsTurn(name: string, all: number, most: number, runEveryMinutes: number, now: Instant): boolean {
  const turns = Math.ceil(all / most);
  return spread(name) % turns === Math.floor(now / (runEveryMinutes * 60_000)) % turns;
}
