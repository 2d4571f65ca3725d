import { describe, expect, test } from '@jest/globals';
import { instantOf } from '../../../src/core/values/time.ts';
import { sliceOfRun } from '../../../src/core/fleet/slice-of-run.ts';

const NAMES = Array.from({ length: 1000 }, (_, at) => `projects/p/secrets/s${at}`);
const run = (at: number) => instantOf(1_800_000_000_000 + at * 600_000);

describe('turns', () => {
  test('every name has its turn once in as many runs as it takes, and no run has more than it can', () => {
    const seen = Array.from({ length: 7 }, (_, at) => sliceOfRun(NAMES, 150, 10, run(at)));
    expect(seen.flat().toSorted()).toEqual(NAMES.toSorted());
    expect(Math.max(...seen.map((names) => names.length))).toBe(150);
  });

  test('few names have their turn in every run', () => {
    expect(sliceOfRun(NAMES.slice(0, 150), 150, 10, run(3))).toHaveLength(150);
    expect(sliceOfRun([], 150, 10, run(3))).toEqual([]);
  });

  test('neighbours have their turn together', () => {
    const names = sliceOfRun(NAMES, 150, 10, run(5));
    expect(NAMES.join()).toContain(names.join());
  });
});
