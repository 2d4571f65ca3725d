import { expect, test } from '@jest/globals';
import { instantOf } from '../../../src/core/values/time.ts';
import { waitAskedMs } from '../../../src/edge/webhooks/retry-after.ts';

const NOW = instantOf(Date.UTC(2026, 10, 24, 12));

test.each([
  ['30', 30_000],
  [' 30 ', 30_000],
  ['0', 0],
  ['99999999', 3_600_000],
  ['Tue, 24 Nov 2026 12:01:00 GMT', 60_000],
  ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ['Tue, 24 Nov 2099 11:00:00 GMT', 3_600_000],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
  [['5', '9'], 5_000],
])('Retry-After %j asks for %p ms', (header, expected) => {
  expect(waitAskedMs(header, NOW)).toBe(expected);
});
