import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import process from 'node:process';
import { MINTED } from './scenarios.ts';
import { KINDS, run } from './schedule.ts';
import { isEffect, LARGE, pairs, singles, sweep } from './sweep.ts';
import { faultWorld, type FaultWorld } from './world.ts';

/**
 * `FAULTS=large npm test -- test/proofs/faults/crash` tries every pair of calls with every pair of kinds, some half an hour.
 * The usual size tries all pairs of calls that have an effect. Nothing is lost by that but time: whoever comes after a
 * crash knows only what the cloud holds, which is the same from one effect to the next.
 */
let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());

describe('whatever happens to a minted rotation, it ends as if nothing had (I1–I10)', () => {
  test('one fault: every call, never arrived, applied before a crash, or applied and its answer lost', async () => {
    const calm = await run(world, MINTED);
    expect(calm).toMatchObject({ violations: [], state: MINTED.ends });
    const { schedules, looks, wrong } = await sweep(world, MINTED, calm, singles(calm, KINDS));
    process.stdout.write(
      `faults: minted, one fault: ${schedules} schedules for ${3 * calm.calls.length}, ${looks} looks from outside\n`,
    );
    expect(wrong).toEqual([]);
    expect(schedules).toBeGreaterThan(calm.calls.length);
  }, 600_000);

  test('two faults: the second strikes whoever goes on after the first', async () => {
    const calm = await run(world, MINTED);
    const kinds = LARGE ? KINDS : (['after', 'lost'] as const);
    const wanted = LARGE ? () => true : isEffect;
    const cases = pairs(world, MINTED, singles(calm, kinds, wanted), kinds, wanted);
    const { schedules, looks, wrong } = await sweep(world, MINTED, calm, cases);
    process.stdout.write(
      `faults: minted, two faults (${LARGE ? 'all calls' : 'calls with an effect; all with FAULTS=large'}): ` +
        `${schedules} schedules, ${looks} looks from outside\n`,
    );
    expect(wrong).toEqual([]);
    expect(schedules).toBeGreaterThan(100);
  }, 7_200_000);
});
