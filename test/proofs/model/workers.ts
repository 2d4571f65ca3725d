import type { Asked } from '../../../src/core/rotation/plan.ts';
import { DEFAULT_CHECK_POLICY } from '../../../src/core/health/check-policy.ts';
import type { Phase } from '../../../src/core/record/phases.ts';
import type { TickOrder } from '../../../src/app/rotation/tick.ts';
import { apply } from './calls.ts';
import { journalOf, openLeaks, retiredIn } from './invariants.ts';
import type { IsAt, Move } from './people.ts';
import { replay, type Standing } from './replay.ts';
import { rulesOf, type Search } from './search.ts';
import { SECRET } from './vault-calls.ts';
import type { Job, Logged, ModelWorker, World } from './world.ts';

/** What the workers of a search may do next. */
export interface Workers {
  /** The moves of one worker: at its job, or to any that it may begin. */
  moves(world: World, at: number): Promise<readonly Move[]>;
  /** Its next call answered, lost, or never made. */
  callMoves(world: World, at: number, begun: ModelWorker): Promise<readonly Move[]>;
  /** Whether some worker is at one of these calls right now. */
  isAt(world: World): IsAt;
}

/** Workers that run what ships; what one does after the same answers is worked out once. */
export function workersOf(search: Search): Workers {
  const { policy } = rulesOf(search);
  const { effect = apply } = search;
  const standings = new Map<string, Standing>();

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
    const job = worker.job ?? 'tick';
    const key = JSON.stringify([job, order.me, order.asked, worker.startedAt, worker.log]);
    const known = standings.get(key) ?? (await replay(job, order, worker.startedAt, worker.log ?? []));
    standings.set(key, known);
    return known;
  };

  const callMoves = async (world: World, at: number, begun: ModelWorker): Promise<readonly Move[]> => {
    const standing = await standingOf(at, begun);
    const { epoch, job = 'tick' } = begun;
    const name = nameOf(at, begun);
    if (!('call' in standing))
      return [
        {
          label: `${name} ends its ${job}: ${'did' in standing ? standing.did : standing.fault}`,
          world: withWorker(world, at, { epoch, startedAt: 0 }),
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
    const restarted: ModelWorker = { epoch: epoch + 1, startedAt: 0 };
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

  return {
    callMoves,

    async moves(world, at) {
      const worker = world.workers[at];
      if (worker === undefined) return [];
      if (worker.log !== undefined) return callMoves(world, at, worker);
      const begun = { ...worker, log: [], startedAt: world.now };
      const begins = (job: Job): ModelWorker =>
        job === 'tick' ? { ...begun, asks: world.left.rotations > 0 } : { ...begun, job };
      const jobs = (search.jobs ?? ['tick']).filter((job) => isThere(world, job));
      return (await Promise.all(jobs.map((job) => callMoves(world, at, begins(job))))).flat();
    },

    isAt: (world) => async (calls) => {
      for (const [at, worker] of world.workers.entries()) {
        if (worker.log === undefined) continue;
        const standing = await standingOf(at, worker);
        if ('call' in standing && calls.includes(`${standing.call.port}.${standing.call.method}`)) return true;
      }
      return false;
    },
  };
}

/** Whether there is anything for a job to do. */
export function isThere(world: World, job: Job): boolean {
  switch (job) {
    case 'tick':
      return true;
    case 'purge':
      return retiredIn(world).length > 0;
    case 'watch':
      return openLeaks(world).length > 0;
    case 'reach':
      return world.consumer !== undefined && FOLLOWED.includes(journalOf(world).phase);
  }
}

/** Phases in which `current` may have moved, so that consumers have something to follow. */
const FOLLOWED: readonly Phase[] = ['promoted', 'drained', 'abandoned', 'resting'];

function nameOf(at: number, { epoch }: ModelWorker): string {
  return epoch === 0 ? `w${at + 1}` : `w${at + 1}.${epoch}`;
}

function withWorker(world: World, at: number, worker: ModelWorker): World {
  return { ...world, workers: world.workers.map((one, index) => (index === at ? worker : one)) };
}
