import { expect, test } from '@jest/globals';
import { instantOf } from '../../src/core/time.ts';
import { isItsTurn } from '../../src/core/turns.ts';

const NAMES = Array.from({ length: 1000 }, (_, at) => `projects/p/secrets/s${at}`);
const run = (at: number) => instantOf(1_800_000_000_000 + at * 600_000);

test('every name has its turn once in as many runs as it takes, and no run has all', () => {
  const seen = Array.from({ length: 7 }, (_, at) => NAMES.filter((name) => isItsTurn(name, 1000, 150, 10, run(at))));
  expect(new Set(seen.flat()).size).toBe(1000);
  expect(seen.flat()).toHaveLength(1000);
  for (const names of seen) expect(names.length).toBeLessThan(300);
  const late = instantOf(run(1) + 599_000);
  expect(NAMES.filter((name) => isItsTurn(name, 1000, 150, 10, late))).toEqual(seen[1]);
});

test('few names have their turn in every run', () => {
  expect(NAMES.slice(0, 150).every((name) => isItsTurn(name, 150, 150, 10, run(3)))).toBe(true);
});
