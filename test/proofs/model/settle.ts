import { MINUTE_MS } from '../../../src/core/values/time.ts';
import { cameUp } from './consumer-calls.ts';
import { isForgotten, journalOf, leftBehind, neglected, orphans, violation } from './invariants.ts';
import { rulesOf, STEP_MS, type Search } from './search.ts';
import { isThere, type Workers } from './workers.ts';
import type { Job, ModelWorker, World } from './world.ts';

const TICKS_MAX = 40;
/** Looks that are enough to see a deleted key refused for half an hour, after it was still taken for as long. */
const ROUNDS_MAX = 6;
const HALF_AN_HOUR_MS = 30 * MINUTE_MS;

/**
 * I5 and I6: once everybody stopped, one fresh worker brings it to rest or to a held state, and nothing is orphaned; and where the
 * purge and the watch are about, a leak comes to its end. Answers what is wrong else.
 */
export function settling(search: Search, { callMoves }: Workers): (world: World) => Promise<string | undefined> {
  const { terms } = rulesOf(search);
  const { stepMs = STEP_MS } = search;
  return settle;

  async function settle(start: World): Promise<string | undefined> {
    let world = start;
    for (let ticks = 0; ticks < TICKS_MAX; ticks += 1) {
      const journal = journalOf(world);
      if (journal.phase === 'resting' && ticks > 0 && !isForgotten(world)) {
        const lost = orphans(world);
        return lost.length === 0
          ? (leftBehind(world) ?? bury(world))
          : `I5: nobody knows of the key ${lost.join(', ')}`;
      }
      if (journal.phase !== 'resting' && journal.held && journal.wish === undefined) return undefined;
      const done = await alone(world, 'tick');
      if (/^I\d/.test(done.ended)) return done.ended;
      world = done.world;
      // A wish that comes too late stays with a rotation that waits for a person.
      if (done.ended.endsWith(' held')) return undefined;
      const followed = await follow(world);
      if (typeof followed === 'string') return followed;
      world = followed;
      if (done.ended.endsWith(' wait')) world = { ...world, now: world.now + stepMs };
    }
    return isForgotten(world)
      ? 'I1: an alias that somebody took away is not put back, and not told of'
      : 'I6: a worker alone does not bring it to rest';
  }

  /** One job from its beginning to its end, with nobody else about. */
  async function alone(start: World, job: Job): Promise<{ readonly world: World; readonly ended: string }> {
    const [worker] = start.workers;
    let world = { ...start, left: { ...start.left, rotations: 0 } };
    let begun: ModelWorker = {
      epoch: worker?.epoch ?? 0,
      log: [],
      startedAt: world.now,
      ...(job === 'tick' ? {} : { job }),
    };
    for (;;) {
      const [move] = await callMoves(world, 0, begun);
      if (move === undefined) throw new Error('a worker that cannot move');
      const wrong = violation(world, move.world, move.call, terms);
      if (wrong !== undefined) return { world, ended: `${wrong}, when one worker goes on alone` };
      world = move.world;
      const [next] = world.workers;
      if (next?.log === undefined) return { world: { ...world, left: start.left }, ended: move.label };
      begun = next;
    }
  }

  /** What the consumer comes to when `reach` comes by until nothing changes. */
  async function follow(start: World): Promise<World | string> {
    let world = start;
    while (isThere(world, 'reach')) {
      const { consumer } = world;
      const done = await alone(world, 'reach');
      if (/^I\d/.test(done.ended)) return done.ended;
      const { consumer: revised } = done.world;
      world = revised?.newest === 'starting' ? cameUp(done.world, revised, true) : done.world;
      if (revised === consumer && world === done.world) break;
    }
    return world;
  }

  /** What a leak comes to when the purge and the watch come by as often as they are scheduled. */
  async function bury(start: World): Promise<string | undefined> {
    let world = start;
    if (search.jobs === undefined) return undefined;
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
      for (const job of (['purge', 'watch'] as const).filter((one) => isThere(world, one))) {
        const done = await alone(world, job);
        if (/^I\d/.test(done.ended)) return done.ended;
        world = done.world;
      }
      world = { ...world, now: world.now + HALF_AN_HOUR_MS };
    }
    return neglected(world);
  }
}
