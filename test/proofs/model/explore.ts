import { createHash } from 'node:crypto';
import type { Phase } from '../../../src/core/record/phases.ts';
import { journalOf, retiredIn, violation } from './invariants.ts';
import { consumerMoves, personMoves, type Move } from './people.ts';
import { rulesOf, STEP_MS, type Search } from './search.ts';
import { settling } from './settle.ts';
import { workersOf } from './workers.ts';
import { canonical, type World } from './world.ts';

export interface Found {
  readonly worlds: number;
  /** The steps that lead to the first violation, and what it is. */
  readonly path?: readonly string[];
}

/** Breadth first over every order in which calls, crashes, lost answers, people and time can follow each other. */
export async function explore(search: Search): Promise<Found> {
  const { terms } = rulesOf(search);
  const engine = engineOf(search);
  const seen = new Map<string, readonly [string, string]>([[keyOf(search.first), ['', 'start']]]);
  let layer: readonly World[] = [search.first];
  while (layer.length > 0) {
    const nextLayer: World[] = [];
    for (const world of layer) {
      const from = keyOf(world);
      for (const move of await engine.moves(world)) {
        const wrong = violation(world, move.world, move.call, terms) ?? (await engine.endsBadly(move.world));
        const key = keyOf(move.world);
        const known = seen.has(key);
        if (!known) seen.set(key, [from, move.label]);
        if (wrong !== undefined) return { worlds: seen.size, path: [...pathTo(seen, from), move.label, wrong] };
        if (known) continue;
        if (seen.size > search.worldsMax) throw new Error(`more than ${search.worldsMax} worlds`);
        nextLayer.push(move.world);
      }
    }
    layer = nextLayer;
  }
  return { worlds: seen.size };
}

function keyOf(world: World): string {
  return createHash('sha1').update(canonical(world)).digest('base64');
}

function pathTo(seen: ReadonlyMap<string, readonly [string, string]>, to: string): readonly string[] {
  const steps: string[] = [];
  for (let key = to; key !== '';) {
    const [before, label] = seen.get(key) ?? ['', 'lost'];
    steps.unshift(label);
    key = before;
  }
  return steps;
}

/** One worker alone, undisturbed, until this is so: where a search may begin that is about what follows. */
export async function worldAt(search: Search, phase: Exclude<Phase, 'resting'> | 'completed'): Promise<World> {
  const workers = workersOf(search);
  const wanted = phase === 'completed' ? 'resting' : phase;
  let world = search.first;
  for (let steps = 0; steps < 500; steps += 1) {
    const isAt = journalOf(world).phase === wanted && (wanted !== 'resting' || retiredIn(world).length > 0);
    if (isAt && world.workers[0]?.log === undefined) return world;
    const [move] = await workers.moves(world, 0);
    if (move === undefined) break;
    world = move.label.endsWith(' wait') ? { ...move.world, now: move.world.now + STEP_MS } : move.world;
  }
  throw new Error(`a worker alone never comes to ${phase}`);
}

function engineOf(search: Search) {
  const workers = workersOf(search);
  const settle = settling(search, workers);
  const settled = new Map<string, string | undefined>();
  const { stepMs = STEP_MS } = search;

  /** Time passes for everybody; past a lease only when its holder is not at a call, unless workers may be slow. */
  const timeMoves = async (world: World): Promise<readonly Move[]> => {
    if (world.left.time === 0) return [];
    if (search.slowWorkers !== true && (await workers.isAt(world)(UNFENCED))) return [];
    return [
      {
        label: 'time passes',
        world: {
          ...world,
          now: world.now + stepMs,
          left: { ...world.left, time: world.left.time - 1 },
        },
      },
    ];
  };

  return {
    async moves(world: World): Promise<readonly Move[]> {
      const byWorkers = await Promise.all(world.workers.map((_, at) => workers.moves(world, at)));
      const byOthers = await personMoves(world, search, workers.isAt(world));
      return [...byWorkers.flat(), ...byOthers, ...consumerMoves(world, search), ...(await timeMoves(world))];
    },

    async endsBadly(world: World): Promise<string | undefined> {
      if (world.workers.some(({ log }) => log !== undefined)) return undefined;
      const alone: World = {
        ...world,
        workers: [{ epoch: 99, startedAt: 0 }],
        left: { rotations: world.left.rotations, crashes: 0, lost: 0, persons: 0, time: 0 },
      };
      const key = keyOf(alone);
      if (!settled.has(key)) settled.set(key, await settle(alone));
      return settled.get(key);
    },
  };
}

/** Calls that no etag fences. */
const UNFENCED = ['vault.add', 'issuer.mint', 'issuer.delete'];
