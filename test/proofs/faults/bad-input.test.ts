import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { attempt } from '../../../src/app/ports/fault.ts';
import { ask } from '../../../src/app/rotation/wishes.ts';
import { start } from '../../../src/app/rotation/start.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal } from '../../support/annotations.ts';
import { HISTORY_ANNOTATION, RETIRED_ANNOTATION } from '../../../src/core/record/ledger.ts';
import { inFlight, JANE } from '../../support/journals.ts';
import { MINTED, request, REQUEST } from './scenarios.ts';
import { run } from './schedule.ts';
import { onlooker, stateOf } from './seen.ts';
import { isEffect } from './sweep.ts';
import { witness } from './witness.ts';
import { faultWorld, type FaultWorld } from './world.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld();
});
beforeEach(() => world.startOver());
afterAll(() => world.close());

const OWNER = {};

/** Writes annotations as somebody else, over whatever is there. */
function annotate(annotations: Readonly<Record<string, string>>): void {
  const seen = onlooker(world)();
  const secret = { name: world.secret, annotations: { ...seen.annotations, ...annotations } };
  world.cloud.secrets.call('updateSecret', OWNER, { secret, updateMask: 'annotations' });
}

describe('what this release does not understand is held and never overwritten', () => {
  const NEWER = writeJournal(inFlight())?.replace('"v":1', '"v":3') ?? '';
  test.each([
    ['garbage', ROTATION_ANNOTATION, 'not even JSON'],
    ['nothing', ROTATION_ANNOTATION, ' '],
    ['half a journal', ROTATION_ANNOTATION, NEWER.slice(0, 90)],
    ['a journal of a newer release', ROTATION_ANNOTATION, NEWER],
    ['a phase of a newer release', ROTATION_ANNOTATION, NEWER.replace('"v":3', '"v":1').replace('written', 'smuggled')],
    ['a ledger of a newer release', RETIRED_ANNOTATION, '{"v":2,"list":[]}'],
    ['a history that is none', HISTORY_ANNOTATION, '[]'],
  ])('%s', async (_, name, text) => {
    annotate({ [name]: text });
    const before = onlooker(world)();
    const { ports, order, drive } = world.worker();
    expect(await drive()).toMatchObject({ did: 'held', why: expect.stringContaining(name) });
    const begun = await start(ports, { ...order, asked: REQUEST }, () => undefined);
    expect(begun).toMatchObject({
      outcome: 'begun',
      step: { did: 'held', why: expect.stringContaining(world.secret) },
    });
    if (name === ROTATION_ANNOTATION)
      expect(await ask(ports.vault, world.secret, { to: 'rollback', by: JANE })).toMatchObject({
        outcome: 'refused',
        why: expect.stringContaining(name),
      });
    expect(onlooker(world)()).toEqual(before);
    expect(before.annotations[name]).toBe(text);
    expect(world.cloud.requests().filter(isEffect)).toEqual([]);
    expect(world.minted()).toEqual([]);
  });
});

describe('somebody else writes the secret before every commit', () => {
  /** Another hand that moves the etag whenever a worker wants to commit, until it is stopped. */
  function storm(calls = Infinity) {
    const watcher = witness(world);
    let writes = 0;
    world.watch((heard) => {
      watcher.before(heard, true);
      if (heard.method !== 'PATCH' || writes >= calls) return;
      writes += 1;
      annotate({ 'example.com_build': String(writes) });
    });
    return { watcher, writes: () => writes };
  }

  test('it gives up after a bounded number of tries and says who to look for, and nothing is done', async () => {
    const { writes, watcher } = storm();
    const worker = world.worker();
    const trouble = await attempt(() => request(worker, REQUEST));
    expect(trouble).toMatchObject({
      code: 'stale',
      message: `somebody else wrote ${world.secret} 5 times in a row: its audit log names who. Nothing is lost; try again`,
    });
    expect(writes()).toBe(5);
    expect(world.minted()).toEqual([]);
    watcher.look();
    expect(watcher.violations).toEqual([]);
  });

  test('in the middle of a rotation it is the same, and what was minted is taken up later (I5)', async () => {
    const worker = world.worker();
    let { watcher } = storm(0);
    while (world.minted().length === 0) {
      const mint = world.cloud.requests().length;
      world.watch((heard) => {
        watcher.before(heard, true);
        if (heard.method === 'PATCH' && world.minted().length > 0) annotate({ 'example.com_build': String(mint) });
      });
      expect(await attempt(() => request(worker, REQUEST))).toMatchObject({ code: 'stale' });
    }
    expect(world.minted()).toHaveLength(1);
    ({ watcher } = storm(0));
    for (let turns = 0; turns < 20; turns += 1) {
      const step = await request(worker, REQUEST);
      if (step.did !== 'wait') break;
      await world.clock.sleep(step.until - world.clock.now());
    }
    watcher.look();
    expect(watcher.violations).toEqual([]);
    expect(stateOf(world, watcher.seen())).toBe(MINTED.ends);
  });

  test('fewer than that are only raced', async () => {
    const { watcher } = storm(4);
    expect(await request(world.worker(), REQUEST)).toMatchObject({ did: 'wait' });
    expect(world.minted()).toHaveLength(1);
    watcher.look();
    expect(watcher.violations).toEqual([]);
  });

  test('a person’s wish says so too', async () => {
    const worker = world.worker();
    await request(worker, REQUEST);
    storm();
    expect(await attempt(() => ask(worker.ports.vault, world.secret, { to: 'abort', by: JANE }))).toMatchObject({
      code: 'stale',
      message: expect.stringContaining('Somebody else wrote meanwhile; read again and decide again.'),
    });
  });
});

describe('a clock that jumps in the middle of a rotation', () => {
  const HOUR_MS = 3_600_000;
  const GIVEN_UP = /^current=2 theirs=1 \| 1 key1 enabled, 2 key2 enabled \| .*key3 deleted .* abandoned - \| resting$/;
  test.each([
    ['an hour back', -HOUR_MS],
    ['three hours back', -3 * HOUR_MS],
    ['an hour forward', HOUR_MS],
    ['a day forward', 24 * HOUR_MS],
  ])('%s, before any one call with an effect, costs nothing but time (I1–I3, I5–I10)', async (_, jumpMs) => {
    const calm = await run(world, MINTED);
    const effects = [...calm.calls.entries()].filter(([, call]) => isEffect(call)).map(([index]) => index);
    for (const effect of effects) {
      const skew = (calls: number) => (calls > effect ? jumpMs : 0);
      const { state, violations } = await run(world, { ...MINTED, skew, drainByWrongClock: jumpMs > 0 });
      // A jump forward may use up the time that a fresh key has to become known: then nothing was changed.
      const ends = jumpMs > 0 && GIVEN_UP.test(state) ? state : MINTED.ends;
      expect({ effect, state, violations }).toEqual({ effect, state: ends, violations: [] });
    }
    expect(effects.length).toBeGreaterThan(10);
  });

  test('to and fro at every call comes to rest as well', async () => {
    const skew = (calls: number) => (calls % 2 === 0 ? 0 : -3 * HOUR_MS);
    expect(await run(world, { ...MINTED, skew })).toMatchObject({ state: MINTED.ends, violations: [] });
  });
});
