import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { start } from '../../../src/app/rotation/start.ts';
import type { Step } from '../../../src/app/rotation/tick.ts';
import { HISTORY_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { HOUR_MS } from '../../../src/core/values/time.ts';
import { readHistory } from '../../support/annotations.ts';
import { answerWithStatus, type Fault } from '../../../src/emulator/wire/faults.ts';
import { PROJECT } from '../../support/cloud.ts';
import { MINTED, OTHERS, REFUSED_LATE, request, REQUEST } from './scenarios.ts';
import { run } from './schedule.ts';
import { onlooker, stateOf, works } from './seen.ts';
import { isEffect } from './sweep.ts';
import { witness, type Witness } from './witness.ts';
import { faultWorld, type FaultWorld, type Worker } from './world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
beforeEach(() => world.startOver());
afterAll(() => world.close());

/** Other rotation tools were found to fail in each of these ways. */
function watched(): Witness {
  const watcher = witness(world);
  world.watch((heard) => watcher.before(heard, true));
  return watcher;
}

async function toRest(worker: Worker): Promise<Step> {
  for (let turns = 0; turns < 30; turns += 1) {
    const step = await worker.drive();
    if (step.did !== 'wait') return step;
    await world.clock.sleep(step.until - world.clock.now());
  }
  throw new Error('no rest');
}

describe('the store’s write fails once and the caller comes again', () => {
  test.each<readonly [string, Fault]>([
    ['an error of its own', { act: 'answer', reply: answerWithStatus(500) }],
    ['no capacity', { act: 'answer', reply: answerWithStatus(503) }],
    ['too many requests', { act: 'answer', reply: answerWithStatus(429) }],
    ['a broken line', { act: 'drop' }],
    ['a lost answer', { act: 'lostAnswer' }],
  ])('%s: no key is left over at the issuer, and none is made twice (I5)', async (_, fault) => {
    const watcher = watched();
    world.cloud.faults.plant({ path: ':addVersion' }, 1, fault);
    const worker = world.worker();
    await request(worker, REQUEST);
    await toRest(worker);
    watcher.look();
    expect(world.cloud.faults.remaining()).toBe(0);
    expect(watcher.violations).toEqual([]);
    expect(stateOf(world, watcher.seen())).toBe(MINTED.ends);
  });

  test('it fails for two days: the rotation waits, and then it is given up and its key deleted (I5)', async () => {
    const watcher = watched();
    world.cloud.faults.plant({ path: ':addVersion' }, 1_000, { act: 'answer', reply: answerWithStatus(503) });
    const worker = world.worker();
    await request(worker, REQUEST);
    await expect(toRest(worker)).rejects.toThrow('no rest');
    await world.clock.sleep(48 * HOUR_MS);
    await toRest(worker);
    watcher.look();
    expect(watcher.violations).toEqual([]);
    expect(stateOf(world, watcher.seen())).toBe(
      'current=2 theirs=1 | 1 key1 enabled, 2 key2 enabled | key1 alive, key2 alive, key3 deleted | ' +
        'retired none | history abandoned - | resting',
    );
  });
});

describe('one request is delivered twice', () => {
  test('at the same moment: one rotation, one key, one version', async () => {
    const watcher = watched();
    const workers = [world.worker(), world.worker()] as const;
    const begun = await Promise.all(
      workers.map(({ ports, order }) => start(ports, { ...order, asked: REQUEST }, () => undefined)),
    );
    expect(begun.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['begun']));
    expect(world.minted()).toHaveLength(1);
    for (let turns = 0; turns < 10; turns += 1) {
      for (const worker of workers) {
        const step = await worker.drive();
        if (step.did === 'wait') await world.clock.sleep(step.until - world.clock.now());
      }
    }
    watcher.look();
    const { annotations } = watcher.seen();
    expect(readHistory(annotations[HISTORY_ANNOTATION])).toMatchObject([{ requestId: 'r-1', outcome: 'completed' }]);
    expect(stateOf(world, watcher.seen())).toBe(MINTED.ends);
    expect(watcher.violations).toEqual([]);
  });

  test('again after the end: nothing more happens', async () => {
    const { calls } = await run(world, MINTED);
    const { ports, order } = world.worker();
    const again = await start(ports, { ...order, asked: REQUEST }, () => undefined);
    expect(again).toMatchObject({ outcome: 'finished', why: expect.stringContaining('completed') });
    expect(world.cloud.requests().filter(isEffect)).toEqual(calls.filter(isEffect));
  });
});

describe('a candidate is refused', () => {
  test.each([...OTHERS.filter(({ title }) => title.startsWith('refused before')), REFUSED_LATE])(
    '$title: what consumers read is good, labels are intact, and the next start is not blocked',
    async (scenario) => {
      await run(world, scenario);
      const { versions, aliases, labels } = onlooker(world)();
      const [current, latest] = [versions.find(({ number }) => number === aliases['current']), versions.at(-1)];
      for (const version of [current, latest]) {
        expect(version).toMatchObject({ state: 'ENABLED' });
        expect(works(world, version?.key ?? '')).toBe(true);
      }
      expect(labels).toEqual({ 'key-warden': 'managed', team: 'search' });
      const watcher = watched();
      const worker = world.worker();
      await request(worker, { ...REQUEST, requestId: 'r-2' });
      expect(await toRest(worker)).toMatchObject({ did: 'rest' });
      watcher.look();
      expect(watcher.violations).toEqual([]);
      expect(readHistory(watcher.seen().annotations[HISTORY_ANNOTATION])?.[0]).toMatchObject({
        requestId: 'r-2',
        outcome: 'completed',
      });
    },
  );
});

test('a mint begun by the project’s id is gone on with by its number: the key bears Google’s spelling (I5)', async () => {
  const worker = world.worker();
  const secret = `projects/${PROJECT}/secrets/gemini`;
  await start(worker.ports, { ...worker.order, secret, asked: REQUEST }, () => undefined);
  expect(world.minted()).toMatchObject([{ annotations: { 'key-warden-secret': world.secret } }]);
});
