import { expect } from '@jest/globals';
import process from 'node:process';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { explore } from './explore.ts';
import type { Search } from './search.ts';
import { firstWorld, type Budget, type World } from './world.ts';

export const asked: Asked = { reason: 'request', candidate: 'minted', emergency: false };
const NONE: Budget = { rotations: 1, crashes: 0, lost: 0, persons: 0, time: 0 };

/** A first world with so much trouble to come. */
export function world(left: Partial<Budget>, workers: number, aliased = true): World {
  return firstWorld({ ...NONE, ...left }, workers, aliased);
}

/** A search from a world on, for a rotation that somebody asks for. */
export function search(first: World, more: Partial<Search> = {}): Search {
  return { first, asked, worldsMax: 2_000_000, ...more };
}

/** Nothing is wrong in any world that can be reached. */
export async function clean(title: string, wanted: Search): Promise<void> {
  const { worlds, path } = await explore(wanted);
  process.stdout.write(`model: ${title}: ${worlds} worlds\n`);
  expect(path?.join('\n')).toBeUndefined();
}

/** Something is, and this is what. */
export async function found(wanted: Search, sentence: RegExp): Promise<void> {
  const { path } = await explore(wanted);
  expect(path?.at(-1)).toMatch(sentence);
}
