import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SecretReached } from '../../../src/app/reach/reach-secret.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { JANE } from '../../support/journals.ts';
import type { Step } from '../../../src/app/rotation/tick.ts';
import { plusMs } from '../../../src/core/values/time.ts';
import { DAY_MS, MINUTE_MS } from '../../support/cloud.ts';
import { FROM } from '../faults/world.ts';
import { fiveMinutes, reachWorld, readersOf, type Reader, type ReachWorld } from './stage.ts';

let world: ReachWorld;
beforeAll(async () => {
  world = await reachWorld({ drainHoursReached: 1 });
});
afterAll(() => world.close());
beforeEach(() => world.startOver());

/** Scheduled runs until all who are brought along have the new key; answers how many minutes that took. */
async function untilReached(first: (readers: number) => Promise<SecretReached | undefined>): Promise<number> {
  const begun = world.clock.now();
  await world.rotate();
  let reached = await first(0);
  for (let runs = 0; runs < 20; runs += 1) {
    await world.resume();
    if (reached?.consumers.every(({ is }) => is === 'on') === true) return (world.clock.now() - begun) / MINUTE_MS;
    await fiveMinutes(world);
    reached = await world.reach();
  }
  throw new Error(`not reached: ${JSON.stringify(reached)}`);
}

/** Goes on from wait to wait until the rotation is over, and a week longer: the old key is gone then. */
async function untilOver(): Promise<void> {
  for (let runs = 0; runs < 40; runs += 1) {
    const step: Step = await world.resume();
    if (step.did === 'rest') return;
    if (step.did !== 'wait') throw new Error(`it is ${step.did}: ${JSON.stringify(step)}`);
    await world.clock.sleep(Math.max(MINUTE_MS, step.until - world.clock.now()));
    await world.reach();
  }
  throw new Error('it does not end');
}

/** Requests that were refused, and instances that could not be started; and of how many requests. */
async function traffic() {
  const all = await world.tallies();
  return {
    refused: all.reduce((sum, one) => sum + one.refused + one.failedStarts, 0),
    sent: all.reduce((sum, one) => sum + one.sent, 0),
  };
}

const PATCHES = /^\/v2\/.*\/(?:services|workerPools)\//;

/** Runs `act` when the worker is about to change a consumer for the nth time. */
function onChange(nth: number, act: () => void | Promise<void>): void {
  let changes = 0;
  world.watch(({ method, path }) => {
    if (method !== 'PATCH' || !PATCHES.test(path)) return undefined;
    changes += 1;
    return changes === nth ? act() : undefined;
  });
}

describe('a rotation over 30 consumers of every kind', () => {
  test('gives all who are brought along the new key within minutes, and nobody is refused a request', async () => {
    await world.deploy(readersOf(30));
    await fiveMinutes(world);
    const before = world.calls();
    const minutes = await untilReached(() => world.reach());
    expect(minutes).toBeLessThanOrEqual(15);
    const after = world.calls();
    expect((after['PATCH'] ?? 0) - (before['PATCH'] ?? 0)).toBe(22);
    await untilOver();
    await world.clock.sleep(DAY_MS);
    expect(await traffic()).toMatchObject({ refused: 0 });
    expect(await world.behind(3)).toEqual([]);
  });
});

/** Six that are brought along, of every kind that is: few, so that each of their changes can be broken. */
const SIX = readersOf(7).filter(({ id }) => id !== 'app-04');

async function sixAreReached(
  first: () => Promise<SecretReached | undefined>,
  deleted: readonly string[] = [],
): Promise<void> {
  await fiveMinutes(world);
  await untilReached(first);
  world.watch(() => undefined);
  await untilOver();
  expect(await traffic()).toMatchObject({ refused: 0 });
  expect((await world.behind(3)).filter((name) => !deleted.includes(name))).toEqual([]);
}

describe('nobody is refused a request, and all come to the new key, although', () => {
  const changes = SIX.map((_, at) => at + 1);

  test.each(changes)('the worker dies before its change %i', async (nth) => {
    await world.deploy(SIX);
    const dead = { is: false };
    onChange(nth, () => void (dead.is = true));
    await sixAreReached(() => world.reach(() => dead.is));
  });

  test.each(changes)('the answer to change %i is lost', async (nth) => {
    await world.deploy(SIX);
    await world.ask('POST', '/_emulator/faults', { match: { service: 'run', method: 'PATCH', nth }, lostAnswer: true });
    await sixAreReached(() => world.reach());
  });

  test.each(SIX.map((reader, at) => [at + 1, reader] as const))(
    'somebody deploys one just before change %i',
    async (nth, reader) => {
      await world.deploy(SIX);
      onChange(nth, () => world.deployAgain(reader));
      await sixAreReached(() => world.reach());
    },
  );

  test('somebody deletes one, and two workers are at it at once', async () => {
    await world.deploy(SIX);
    const gone = SIX.at(-1) as Reader;
    onChange(2, () => world.remove(gone));
    await sixAreReached(async () => (await Promise.all([world.reach(), world.reach()]))[0], [world.nameOf(gone)]);
  });
});

describe('a consumer that does not come up with the new key', () => {
  test('keeps its old revision and is told of; the old key stays until somebody has looked', async () => {
    await world.deploy(SIX);
    await fiveMinutes(world);
    const bad = SIX[0] as Reader;
    await world.ask('POST', '/_emulator/unready', { name: world.nameOf(bad), times: 99 });
    const until = plusMs(world.clock.now(), 2 * DAY_MS);
    await world.rotate();
    let step: Step = await world.resume();
    while (step.did === 'wait' && world.clock.now() < until) {
      await world.clock.sleep(Math.max(MINUTE_MS, step.until - world.clock.now()));
      await world.reach();
      step = await world.resume();
    }
    expect(step).toMatchObject({ did: 'held', why: expect.stringContaining('app-00 in europe-west1') });
    expect(world.announced).toContainEqual(expect.objectContaining({ because: 'consumers_kept' }));
    expect(await traffic()).toMatchObject({ refused: 0 });
  });

  test('and when too many do not, all get the old one back, the alias first', async () => {
    await world.deploy(SIX);
    await fiveMinutes(world);
    for (const reader of SIX) await world.ask('POST', '/_emulator/unready', { name: world.nameOf(reader), times: 2 });
    await world.rotate();
    for (let runs = 0; runs < 40; runs += 1) {
      await fiveMinutes(world);
      await world.reach();
      if ((await world.resume()).did === 'rest') break;
    }
    await world.clock.sleep(DAY_MS);
    expect(await traffic()).toMatchObject({ refused: 0 });
    expect(world.announced).toContainEqual(
      expect.objectContaining({ type: 'rotation.abandoned', why: expect.stringContaining('did not come up') }),
    );
    expect((await world.behind(2)).filter((name) => !name.endsWith('app-02'))).toEqual([]);
  });
});

describe('a rotation that somebody takes back when all have its key', () => {
  test('brings the old key back to all, to readers of `latest` last, and nobody is refused a request', async () => {
    await world.deploy(SIX);
    await fiveMinutes(world);
    await untilReached(() => world.reach());
    const { ports, order } = world.worker();
    await ask(ports.vault, order.secret, { to: 'rollback', by: JANE });
    for (let runs = 0; runs < 20; runs += 1) {
      const step = await world.resume();
      await world.reach();
      await fiveMinutes(world);
      if (step.did === 'rest') break;
    }
    // Version 4 holds the old key, above the one that was given up.
    const newest = (await world.tallies()).map(({ name, instances }) => [
      name.slice(-6),
      Object.values(instances.at(-1)?.versions ?? {}).map((version) => version.slice(-1)),
    ]);
    expect(newest.filter(([, versions]) => String(versions) !== String(FROM))).toEqual([['app-02', ['4']]]);
    expect(await traffic()).toMatchObject({ refused: 0 });
  });
});
