import { expect, test } from '@jest/globals';
import { budgetOf, paceOf } from '../../../src/app/listing/pace.ts';
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

test('one more is begun while there is time, and while nobody asked the process to end', async () => {
  const clock = stillClock();
  const asked = { toEnd: false };
  const mayBegin = budgetOf({ clock, leaving: () => asked.toEnd }, 10);
  expect([mayBegin(), budgetOf({ clock }, 10)()]).toEqual([true, true]);
  asked.toEnd = true;
  expect(mayBegin()).toBe(false);
  asked.toEnd = false;
  await clock.sleep(10_000);
  expect(mayBegin()).toBe(false);
});
