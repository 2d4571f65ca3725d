import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import process from 'node:process';
import { KEPT, REACHED, SPOILT } from './reach-scenarios.ts';
import { dice } from './chance.ts';
import { run, type Ending } from './schedule.ts';
import { isEffect, LARGE, singles, sweep, type Case } from './sweep.ts';
import { faultWorld, type FaultWorld } from './world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());

const SEED = 20_261_129;

/** A death at every call; of lost answers those of all changes, and of looks one in ten, which is asked for again at once. */
function cases(calm: Ending): readonly Case[] {
  const roll = dice(SEED);
  const isDrawn = LARGE ? () => true : (call: Case['expected']) => isEffect(call) || roll(10) === 0;
  return [...singles(calm, ['before', 'after']), ...singles(calm, ['lost'], isDrawn)];
}

describe('whatever happens while consumers are brought along, the end is the same, for them too (I1–I10, I19)', () => {
  test.each([REACHED, KEPT, SPOILT])(
    '$title',
    async (scenario) => {
      const calm = await run(world, scenario);
      expect(calm).toMatchObject({ violations: [], state: scenario.ends });
      const { schedules, looks, wrong } = await sweep(world, scenario, calm, cases(calm));
      process.stdout.write(
        `faults: ${scenario.title}: ${schedules} schedules of one fault for ${3 * calm.calls.length} (seed ${SEED}; all lost answers with FAULTS=large), ${looks} looks from outside\n`,
      );
      expect(wrong).toEqual([]);
      expect(schedules).toBeGreaterThan(50);
    },
    7_200_000,
  );
});
