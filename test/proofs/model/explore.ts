import { createHash } from 'node:crypto';
import type { Asked } from '../../../src/core/rotation/plan.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import { DEFAULT_ROTATION_POLICY, type RotationPolicy } from '../../../src/core/rotation/rotation-policy.ts';
import type { Phase } from '../../../src/core/record/phases.ts';
import { ROTATION_ANNOTATION } from '../../../src/core/record/journal-text.ts';
import { writeJournal } from '../../support/annotations.ts';
import type { TickOrder } from '../../../src/app/rotation/tick.ts';
import { add, apply, SECRET, type Call, type Effect } from './calls.ts';
import { isForgotten, journalOf, orphans, violation, type Terms } from './invariants.ts';
import { replay, type Standing } from './replay.ts';
import { canonical, OLD_KEY, PERSON_KEY, type Logged, type ModelWorker, type World } from './world.ts';

/** One way the world can go on, with a word for the path that is printed when something is wrong. */
interface Move {
  readonly label: string;
  readonly world: World;
  readonly call?: Call;
}

export interface Search {
  readonly first: World;
  readonly asked?: Asked;
  readonly policy?: Partial<RotationPolicy>;
  /** The policy that invariants are held against, where a planted fault lies to the workers. */
  readonly truth?: RotationPolicy;
  /** A broken service or worker: what it does instead of the honest effect. */
  readonly effect?: (world: World, call: Call) => Effect;
  /** How much time passes at once; longer than a lease, a pause and a drain unless told. */
  readonly stepMs?: number;
  /** Whether another tool may write the old key back. */
  readonly writers?: boolean;
  /** Whether somebody may take `current` away. */
  readonly takers?: boolean;
  /** Whether somebody may set an alias of their own on the old version. */
  readonly readers?: boolean;
  /** Whether time may run past a lease while its holder is still at a call. */
  readonly slowWorkers?: boolean;
  readonly worldsMax: number;
}

export interface Found {
  readonly worlds: number;
  /** The steps that lead to the first violation, and what it is. */
  readonly path?: readonly string[];
}

/** Time that one step lets pass: longer than a lease and than any pause, so that every wait can end. */
const STEP_MS = 8 * 3_600_000;

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

/** How the workers behave, and what they are held against. */
function rulesOf(search: Search): { readonly policy: RotationPolicy; readonly terms: Terms } {
  const policy = { ...DEFAULT_ROTATION_POLICY, maxAgeDays: 0, ...search.policy };
  return { policy, terms: { policy: search.truth ?? policy, leasesAreKept: search.slowWorkers !== true } };
}

/** One worker alone, undisturbed, until the journal is in this phase: where a search may begin that is about what follows. */
export async function worldAt(search: Search, phase: Phase): Promise<World> {
  const engine = engineOf(search);
  let world = search.first;
  for (let steps = 0; steps < 500; steps += 1) {
    if (journalOf(world).phase === phase && world.workers[0]?.log === undefined) return world;
    const [move] = await engine.workerMoves(world, 0);
    if (move === undefined) break;
    world = move.label.endsWith(' wait') ? { ...move.world, now: move.world.now + STEP_MS } : move.world;
  }
  throw new Error(`a worker alone never comes to ${phase}`);
}

function engineOf(search: Search) {
  const { policy, terms } = rulesOf(search);
  const standings = new Map<string, Standing>();
  const settled = new Map<string, string | undefined>();
  const effect = search.effect ?? apply;

  const orderFor = (me: string, asked: Asked | undefined): TickOrder => ({
    secret: SECRET,
    me,
    secretPolicy: {
      checks: { ...DEFAULT_CHECK_POLICY, confirmAnswers: 1 },
      rotation: policy,
      mint: { keyProject: 'p', keyKind: 'standard' },
    },
    asked,
  });

  const standingOf = async (at: number, worker: ModelWorker): Promise<Standing> => {
    const order = orderFor(nameOf(at, worker), worker.asks === true ? search.asked : undefined);
    const key = JSON.stringify([order.me, order.asked, worker.startedAt, worker.log]);
    const known = standings.get(key) ?? (await replay(order, worker.startedAt, worker.log ?? []));
    standings.set(key, known);
    return known;
  };

  /** The moves of one worker: its next call answered, lost, or never made. */
  const workerMoves = async (world: World, at: number): Promise<readonly Move[]> => {
    const worker = world.workers[at];
    if (worker === undefined) return [];
    const begun: ModelWorker =
      worker.log === undefined ? { ...worker, log: [], startedAt: world.now, asks: world.left.rotations > 0 } : worker;
    const standing = await standingOf(at, begun);
    const name = nameOf(at, worker);
    if (!('call' in standing))
      return [
        {
          label: `${name} ends its tick: ${'step' in standing ? standing.step.did : standing.fault}`,
          world: withWorker(world, at, { epoch: worker.epoch, startedAt: 0 }),
        },
      ];
    const { call } = standing;
    const title = `${name} ${call.port}.${call.method}`;
    const done = effect(world, call);
    const opening =
      call.method === 'commit' &&
      done.fault === undefined &&
      journalOf(world).phase === 'resting' &&
      journalOf(done.world).phase !== 'resting';
    const applied = opening
      ? { ...done.world, personMoved: false, left: { ...done.world.left, rotations: done.world.left.rotations - 1 } }
      : done.world;
    const answered = (logged: Logged): ModelWorker => ({ ...begun, log: [...(begun.log ?? []), logged] });
    const restarted: ModelWorker = { epoch: worker.epoch + 1, startedAt: 0 };
    const { now } = world;
    const moves: Move[] = [
      {
        label: done.fault === undefined ? title : `${title}: ${done.fault}`,
        call,
        world: withWorker(
          applied,
          at,
          answered(done.fault === undefined ? { answer: done.answer, now } : { fault: done.fault, now }),
        ),
      },
    ];
    const writes = applied !== world;
    if (world.left.crashes > 0) {
      const spent = (from: World) => ({ ...from, left: { ...from.left, crashes: from.left.crashes - 1 } });
      if (begun.log?.length !== 0)
        moves.push({ label: `${name} crashes before ${call.method}`, world: withWorker(spent(world), at, restarted) });
      if (writes)
        moves.push({
          label: `${name} crashes after ${call.method}`,
          call,
          world: withWorker(spent(applied), at, restarted),
        });
    }
    if (world.left.lost > 0 && writes && done.fault === undefined) {
      const spent = { ...applied, left: { ...applied.left, lost: applied.left.lost - 1 } };
      moves.push({
        label: `${title}, its answer lost`,
        call,
        world: withWorker(spent, at, answered({ fault: 'unavailable', now })),
      });
    }
    return moves;
  };

  /** Whether some worker is at a call right now. */
  const isAt = async (world: World, calls: readonly string[]): Promise<boolean> => {
    for (const [at, worker] of world.workers.entries()) {
      if (worker.log === undefined) continue;
      const standing = await standingOf(at, worker);
      if ('call' in standing && calls.includes(`${standing.call.port}.${standing.call.method}`)) return true;
    }
    return false;
  };

  const personMoves = async (world: World): Promise<readonly Move[]> => {
    if (world.left.persons === 0) return [];
    const spent = { ...world, left: { ...world.left, persons: world.left.persons - 1 } };
    const journal = journalOf(world);
    const added = add(spent, PERSON_KEY, 'person').world;
    const moves: Move[] = [{ label: 'a person adds a version', world: added }];
    if (search.writers === true)
      moves.push({ label: 'another tool writes the old key back', world: add(spent, OLD_KEY, 'person').world });
    if (search.takers === true) moves.push(...withoutCurrent(spent));
    if (journal.phase === 'resting') return moves;
    // Nothing fences an alias that is set while a disable is on its way (docs/limits.md).
    if (search.readers === true && !(await isAt(world, ['vault.disable']))) moves.push(...pinned(spent, journal.from));
    const wishes = (['abort', 'rollback'] as const).map((wish): Move => {
      const annotations = {
        ...spent.secret.annotations,
        [ROTATION_ANNOTATION]: writeJournal({ ...journal, wish, held: false }) ?? '',
      };
      return {
        label: `a person asks for ${wish}`,
        world: { ...spent, etags: spent.etags + 1, secret: { ...spent.secret, etag: spent.etags + 1, annotations } },
      };
    });
    if (journal.phase === 'abandoned' && !(await isAt(world, ['vault.disable'])))
      moves.push(...taken(spent, journal.to));
    if (world.secret.aliases['current'] !== journal.to || journal.to === undefined) return [...moves, ...wishes];
    const aliases = { ...spent.secret.aliases, current: journal.from };
    const old = spent.versions.find(({ number }) => number === journal.from);
    // The one window that nothing fences: a hand that moves the alias while a disable is on its way (docs/limits.md).
    if (old?.state !== 'enabled' || (await isAt(world, ['vault.disable']))) return [...moves, ...wishes];
    const back: Move = {
      label: 'a person moves current back',
      world: {
        ...spent,
        personMoved: true,
        etags: spent.etags + 1,
        secret: { ...spent.secret, etag: spent.etags + 1, aliases },
      },
    };
    return [...moves, ...wishes, back];
  };

  /** Somebody takes the alias away, as a tool does that knows nothing of it; where a person had moved it to, nobody can see then. */
  const withoutCurrent = (spent: World): readonly Move[] => {
    const { current, ...aliases } = spent.secret.aliases;
    if (current === undefined) return [];
    const etag = spent.etags + 1;
    const world = { ...spent, personMoved: false, etags: etag, secret: { ...spent.secret, etag, aliases } };
    return [{ label: 'somebody takes current away', world }];
  };

  /** Somebody reads the old version by an alias of their own from now on. */
  const pinned = (spent: World, from: number): readonly Move[] => {
    if (spent.secret.aliases['theirs'] === from) return [];
    const aliases = { ...spent.secret.aliases, theirs: from };
    const etag = spent.etags + 1;
    const secret = { ...spent.secret, etag, aliases };
    return [
      { label: 'somebody moves an alias of theirs to the old version', world: { ...spent, etags: etag, secret } },
    ];
  };

  /** A person makes the new version current, although its rotation is being given up. */
  const taken = (spent: World, to: number | undefined): readonly Move[] => {
    const { current } = spent.secret.aliases;
    const version = spent.versions.find(({ number }) => number === to);
    if (current === undefined || current === to || version?.state !== 'enabled') return [];
    const aliases = { ...spent.secret.aliases, current: version.number };
    const etag = spent.etags + 1;
    return [
      {
        label: 'a person moves current to the new version',
        world: { ...spent, personMoved: true, etags: etag, secret: { ...spent.secret, etag, aliases } },
      },
    ];
  };

  /** Time passes for everybody; past a lease only when its holder is not at a call, unless workers may be slow. */
  const timeMoves = async (world: World): Promise<readonly Move[]> => {
    if (world.left.time === 0) return [];
    if (search.slowWorkers !== true && (await isAt(world, UNFENCED))) return [];
    return [
      {
        label: 'time passes',
        world: {
          ...world,
          now: world.now + (search.stepMs ?? STEP_MS),
          left: { ...world.left, time: world.left.time - 1 },
        },
      },
    ];
  };

  return {
    workerMoves,

    async moves(world: World): Promise<readonly Move[]> {
      const byWorkers = await Promise.all(world.workers.map((_, at) => workerMoves(world, at)));
      return [...byWorkers.flat(), ...(await personMoves(world)), ...(await timeMoves(world))];
    },

    /** I5 and I6: once everybody stopped, one fresh worker brings it to rest or to a held state, and nothing is orphaned. */
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

  async function settle(start: World): Promise<string | undefined> {
    let world = start;
    for (let ticks = 0; ticks < TICKS_MAX; ticks += 1) {
      const journal = journalOf(world);
      if (journal.phase === 'resting' && ticks > 0 && !isForgotten(world)) {
        const lost = orphans(world);
        return lost.length === 0 ? undefined : `I5: nobody knows of the key ${lost.join(', ')}`;
      }
      if (journal.phase !== 'resting' && journal.held && journal.wish === undefined) return undefined;
      for (;;) {
        const [move] = await workerMoves({ ...world, left: { ...world.left, rotations: 0 } }, 0);
        if (move === undefined) throw new Error('a worker that cannot move');
        const wrong = violation(world, move.world, move.call, terms);
        if (wrong !== undefined) return `${wrong}, when one worker goes on alone`;
        world = move.world;
        if (world.workers[0]?.log !== undefined) continue;
        // A wish that comes too late stays with a rotation that waits for a person.
        if (move.label.endsWith(' held')) return undefined;
        if (move.label.endsWith(' wait')) world = { ...world, now: world.now + STEP_MS };
        break;
      }
    }
    return isForgotten(world)
      ? 'I1: an alias that somebody took away is not put back, and not told of'
      : 'I6: a worker alone does not bring it to rest';
  }
}

const TICKS_MAX = 40;

/** Calls that no etag fences. */
const UNFENCED = ['vault.add', 'issuer.mint', 'issuer.delete'];

function nameOf(at: number, { epoch }: ModelWorker): string {
  return epoch === 0 ? `w${at + 1}` : `w${at + 1}.${epoch}`;
}

function withWorker(world: World, at: number, worker: ModelWorker): World {
  return { ...world, workers: world.workers.map((one, index) => (index === at ? worker : one)) };
}
