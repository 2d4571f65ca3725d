import { microsOf, type MovableClock } from '../world/clock.ts';
import type { ProjectNames } from '../world/names.ts';
import type { Execution, Failure, Workload } from './kinds.ts';
import { innermost } from './references.ts';
import { rolledOut, type Start } from './rollout.ts';
import { templateOf, type Moment } from './writes.ts';

export interface BoardParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly uuid: () => string;
  /** Reads a version as an account. Throws `ApiError` where that is refused. */
  readonly read: (account: string, version: string) => void;
  /** What happens up to a moment in milliseconds, before a rollout ends. */
  readonly pass: (until: number) => void;
}

/** All that Cloud Run keeps, and what the clock makes of it. */
export interface Board {
  /** By its full name, with the id of its project or with its number. */
  get(name: string): Workload | undefined;
  all(): readonly Workload[];
  /** Keeps it, with what is due already done. */
  keep(workload: Workload): Workload;
  remove(name: string): void;
  /** The name with the id of its project. */
  canonical(name: string): string;
  /** What starting its instances asks of the cloud. */
  startOf(workload: Workload): Start;
  /** One of the failures that somebody planned for it. */
  planned(name: string): Failure | undefined;
  plan(name: string, failure: Failure, times: number): void;
  /** The moment of a write that is made now. */
  moment(by: string): Moment;
  setPace(readyMs: number): void;
  /** An execution of a job begins now, and is over at a moment in milliseconds. */
  begin(job: Workload, endsAt: number): Workload;
  settle(now: number): void;
}

const EXECUTIONS_KEPT = 20;

export function runBoard(parts: BoardParts): Board {
  const workloads = new Map<string, Workload>();
  const plans = new Map<string, { readonly failure: Failure; left: number }>();
  let readyMs = 0;

  const canonical = (name: string): string =>
    name.replace(/^projects\/([^/]+)/, (_, project: string) => `projects/${parts.names.idOf(project)}`);
  const planned = (name: string): Failure | undefined => {
    const plan = plans.get(name);
    if (plan === undefined || plan.left === 0) return undefined;
    plan.left -= 1;
    return plan.failure;
  };
  const startOf = ({ projectId }: Workload): Start => ({
    projectNumber: parts.names.numberOf(projectId),
    read: parts.read,
    planned: ({ name }) => planned(name),
  });
  const kept = (workload: Workload, at: number): Workload => {
    const after = rolledOut(workload, at, startOf(workload));
    workloads.set(after.name, after);
    return after;
  };

  return {
    get: (name) => workloads.get(canonical(name)),
    all: () => [...workloads.values()],
    keep: (workload) => kept(workload, microsOf(parts.clock)),
    remove(name) {
      workloads.delete(canonical(name));
    },
    canonical,
    startOf,
    planned,
    plan(name, failure, times) {
      plans.set(canonical(name), { failure, left: times });
    },
    moment(by) {
      const at = microsOf(parts.clock);
      return { at, readyAt: at + readyMs * 1000, uuid: parts.uuid, by };
    },
    setPace(milliseconds) {
      readyMs = milliseconds;
    },
    begin(job, endsAt) {
      const execution: Execution = {
        name: `${job.id}-${parts.uuid().slice(0, 5)}`,
        createdAt: microsOf(parts.clock),
        endsAt: endsAt * 1000,
        template: innermost(templateOf(job)),
      };
      const executions = [...job.executions, execution].slice(-EXECUTIONS_KEPT);
      const after = { ...job, executions, executed: job.executed + 1 };
      workloads.set(after.name, after);
      return after;
    },
    settle(now) {
      for (const at of duesBy(now)) {
        parts.pass(at / 1000);
        for (const workload of workloads.values()) kept(workload, at);
      }
    },
  };

  function duesBy(now: number): readonly number[] {
    const dues = [...workloads.values()].flatMap(({ revisions }) =>
      revisions.flatMap(({ state }) => (state.is === 'pending' && state.readyAt <= now * 1000 ? [state.readyAt] : [])),
    );
    return [...new Set(dues)].toSorted((one, other) => one - other);
  }
}
