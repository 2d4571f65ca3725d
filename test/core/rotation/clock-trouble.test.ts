import { expect, test } from '@jest/globals';
import { clockTrouble } from '../../../src/core/rotation/clock-trouble.ts';

test('clocks may differ by 5 minutes, either way; where nobody told, nothing is in the way', () => {
  expect([undefined, 0, 300_000, -300_000].map(clockTrouble)).toEqual([undefined, undefined, undefined, undefined]);
  expect(clockTrouble(301_000)).toMatch(/^this worker’s clock is 301 s ahead of Google’s, so nothing is done/);
  expect(clockTrouble(-301_000)).toContain('301 s behind Google’s');
});
