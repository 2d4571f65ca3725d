import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import process from 'node:process';
import { attempt, Fault } from '../../../src/app/ports/fault.ts';
import { answerWithStatus } from '../../../src/emulator/wire/faults.ts';
import { MINTED, REFUSED_LATE, ROLLED_BACK } from './scenarios.ts';
import { run, type Planned, type Scenario } from './schedule.ts';
import { stateOf } from './seen.ts';
import { witness } from './witness.ts';
import { faultWorld, type FaultWorld } from './world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
afterAll(() => world.close());

const isCommit = ({ method, path }: { readonly method: string; readonly path: string }) =>
  method === 'PATCH' && path.endsWith('/secrets/gemini');
const typesOf = () => world.announced.map(({ type }) => type);

describe('people are told of every step that is on record, and of nothing else (I15)', () => {
  test.each([MINTED, REFUSED_LATE, ROLLED_BACK])(
    '$title: nobody hears the first of it, or the next',
    async (scenario) => {
      const calm = await run(world, scenario);
      const usual = typesOf();
      expect(calm.violations).toEqual([]);
      let schedules = 0;
      for (let from = 0; from < usual.length; from += 1) {
        for (const more of [1, 3]) {
          const isDeaf = (announcement: number) => announcement >= from && announcement < from + more;
          const { state, violations } = await run(world, { ...scenario, isDeaf });
          expect({ from, more, state, violations }).toEqual({ from, more, state: calm.state, violations: [] });
          // No process died, so nobody heard anything twice.
          expect(typesOf()).toEqual(usual);
          schedules += 1;
        }
      }
      process.stdout.write(`faults: ${scenario.title}: ${schedules} schedules of a topic out of reach\n`);
    },
  );

  test('a process dies between the commit and the announcement, while the topic is out of reach before that', async () => {
    const calm = await run(world, MINTED);
    const commits = calm.calls.flatMap((call, at) => (isCommit(call) ? [at + 1] : []));
    for (const at of commits) {
      const faults: readonly Planned[] = [{ at, kind: 'after' }];
      const { state, violations } = await run(
        world,
        { ...MINTED, isDeaf: (announcement) => announcement === 0 },
        faults,
      );
      expect({ at, state, violations }).toEqual({ at, state: calm.state, violations: [] });
    }
    expect(commits.length).toBeGreaterThan(8);
  });
});

const NOT_ALLOWED = answerWithStatus(403, 'The caller does not have permission');
const TOO_LARGE = answerWithStatus(400, 'The annotations are too large');

describe('a commit that is refused is counted and tried again, and nothing that it would say is announced', () => {
  test.each([
    ['a permission that was lost', NOT_ALLOWED, 3],
    ['annotations that are full', TOO_LARGE, 1],
    ['annotations that are full for the note of it too', TOO_LARGE, 4],
  ])('%s', async (_, reply, times) => {
    const calm = await run(world, MINTED);
    const usual = typesOf();
    const commits = calm.calls.filter(isCommit).length;
    let told = 0;
    for (let nth = 1; nth <= commits; nth += 1) {
      const { state, violations } = await refused(MINTED, { nth, times, reply });
      expect({ nth, state, violations }).toEqual({ nth, state: calm.state, violations: [] });
      const types = typesOf();
      expect([...new Set(types.filter((type) => type.startsWith('rotation.')))]).toEqual(usual);
      told += types.includes('secret.warning') ? 1 : 0;
    }
    process.stdout.write(
      `faults: ${times} refusals at each of ${commits} commits; ${told} times a person was told of it\n`,
    );
    // Before a rotation is begun and after it has ended nothing stands still.
    expect(told).toBe(times === 1 ? 0 : commits - 2);
  });
});

interface Refusals {
  readonly nth: number;
  readonly times: number;
  readonly reply: ReturnType<typeof answerWithStatus>;
}

/** Runs with commits refused from the n-th on; trouble is met by coming again, as the scheduled job does. */
async function refused(scenario: Scenario, { nth, times, reply }: Refusals) {
  await world.startOver();
  const given = scenario.setUp?.(world) ?? '';
  const watcher = witness(world, scenario);
  world.watch((request) => watcher.before(request, true));
  const { faults } = world.cloud;
  faults.plant({ method: 'PATCH', pathPattern: /\/secrets\/gemini$/, nth }, times, { act: 'answer', reply });
  const worker = world.worker(scenario.secretPolicy);
  for (let turns = 0; turns < 60; turns += 1) {
    const step = await attempt(() => scenario.command(worker, given));
    if (step instanceof Fault) await world.clock.sleep(60_000);
    else if (step.did === 'wait') await world.clock.sleep(step.until - world.clock.now());
    else if (faults.remaining() === 0) break;
  }
  // The scheduled job comes by once more.
  await worker.drive();
  watcher.look();
  return {
    violations: [...watcher.violations, ...watcher.silent(), ...world.early],
    state: stateOf(world, watcher.seen()),
  };
}
