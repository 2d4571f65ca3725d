import { expect, test } from '@jest/globals';
import { paceOf } from '../../../src/app/listing/pace.ts';
import { stillClock } from '../../support/still-clock.ts';

test('so many may begin at once, and the next when the first was a minute ago', async () => {
  const clock = stillClock();
  const pace = paceOf(clock, 3);
  await pace();
  await clock.sleep(10_000);
  await pace();
  await pace();
  expect(clock.slept).toEqual([10_000]);
  await pace();
  expect(clock.slept).toEqual([10_000, 50_000]);
  await pace();
  expect(clock.slept).toEqual([10_000, 50_000, 10_000]);
});
