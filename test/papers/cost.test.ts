import { expect, test } from '@jest/globals';
import { costOf, usageOf } from './cost.ts';

test('one key uses a run every 10 minutes and costs nothing above the free part', () => {
  expect(usageOf(1)).toMatchObject({ runs: 4380, accesses: 4380, deepProbes: 30 });
  expect(costOf(usageOf(1)).sum).toBe(0);
});

test('a hundred keys: versions kept after rotation count, and what is free is taken off once', () => {
  const { versions, accesses, sum } = costOf(usageOf(100));
  expect(versions).toBeCloseTo((100 * (1 + 38 / 90) - 6) * 0.06);
  expect(accesses).toBeCloseTo(((438_000 - 10_000) / 10_000) * 0.03);
  expect(sum).toBeCloseTo(11, 0);
});
