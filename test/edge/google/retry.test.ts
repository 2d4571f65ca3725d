import { describe, expect, test } from '@jest/globals';
import { Fault, type FaultCode } from '../../../src/app/ports/fault.ts';
import { repeatedly } from '../../../src/edge/google/retry.ts';
import { stillClock } from '../../support/still-clock.ts';

const PLAN = { attemptsMax: 5, waitMs: 100, waitMsMax: 300 };

async function failing(errors: readonly unknown[], random = () => 0.5) {
  const clock = stillClock();
  const numbers: number[] = [];
  const outcome = await repeatedly({ clock, random, plan: PLAN }, (number) => {
    numbers.push(number);
    const error = errors[number - 1];
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  }).catch((error: unknown) => error);
  return { outcome, numbers, slept: clock.slept };
}

const faults = (...codes: FaultCode[]): Fault[] => codes.map((code) => new Fault(code, code));

describe('a call that may be repeated', () => {
  test('is made once when it works', async () => {
    expect(await failing([])).toEqual({ outcome: 'done', numbers: [1], slept: [] });
  });

  test('is repeated while the trouble is of the kind that passes', async () => {
    const { outcome, numbers } = await failing(faults('unavailable', 'timeout', 'limited'));
    expect(outcome).toBe('done');
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  test('waits a random part of a span that doubles up to a bound', async () => {
    const { slept } = await failing(faults('unavailable', 'unavailable', 'unavailable', 'unavailable'));
    expect(slept).toEqual([50, 100, 150, 150]);
  });

  test('does not wait before giving up, and gives up with the last fault', async () => {
    const errors = faults('unavailable', 'timeout', 'limited', 'unavailable', 'timeout');
    const { outcome, numbers, slept } = await failing(errors, () => 0);
    expect(outcome).toBe(errors[4]);
    expect(numbers).toHaveLength(5);
    expect(slept).toEqual([0, 0, 0, 0]);
  });

  test.each(faults('not_found', 'denied', 'unauthenticated', 'stale', 'disabled', 'invalid', 'corrupt'))(
    'is not repeated after $code',
    async (fault) => {
      expect(await failing([fault])).toEqual({ outcome: fault, numbers: [1], slept: [] });
    },
  );

  test('is repeated only as long as the next attempt begins in time', async () => {
    const clock = stillClock();
    const begun = clock.now();
    const began: number[] = [];
    const fault = new Fault('unavailable', 'x');
    const plan = { ...PLAN, withinMs: 250 };
    const outcome = repeatedly({ clock, random: () => 0.5, plan }, async () => {
      began.push(clock.now() - begun);
      await clock.sleep(50);
      throw fault;
    });
    await expect(outcome).rejects.toBe(fault);
    expect(began).toEqual([0, 100, 250]);
  });

  test('is not repeated after a bug', async () => {
    const bug = new TypeError('a bug');
    expect(await failing([bug])).toEqual({ outcome: bug, numbers: [1], slept: [] });
  });
});
