import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import process from 'node:process';
import { MINTED, OTHERS } from './scenarios.ts';
import { KINDS, run, type Scenario } from './schedule.ts';
import { faultWorld, type FaultWorld } from './world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());

const named = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`;

describe('a fault at any one call of a rotation leads to the same end (I1–I7, I9, I10)', () => {
  test.each([MINTED, ...OTHERS])(
    '$title',
    async (scenario: Scenario) => {
      const calm = await run(world, scenario);
      expect(calm.violations).toEqual([]);
      console.log(calm.state, calm.calls.length);
      let schedules = 0;
      const wrong: string[] = [];
      const t = performance.now();
      for (const [index, call] of calm.calls.entries()) {
        for (const kind of KINDS) {
          const ending = await run(world, scenario, [{ at: index + 1, kind }]);
          expect(ending.struck).toEqual([index]);
          expect(named(ending.calls[index] ?? { method: '', path: '' })).toBe(named(call));
          schedules += 1;
          if (ending.state !== calm.state) wrong.push(`${kind} ${index + 1} ${named(call)}: ${ending.state}`);
          wrong.push(...ending.violations.map((v) => `${kind} ${index + 1} ${named(call)}: ${v}`));
        }
      }
      process.stdout.write(`faults: ${scenario.title}: ${schedules} schedules of one fault ${performance.now() - t}\n`);
      expect(wrong).toEqual([]);
      expect(schedules).toBe(3 * calm.calls.length);
    },
    600_000,
  );
});
