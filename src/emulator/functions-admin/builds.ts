import type { JsonObject } from '../wire/rest/json-body.ts';
import { microsOf, type MovableClock } from '../world/clock.ts';
import type { ProjectNames } from '../world/names.ts';
import { configOf, runNameOf, type Deployed } from './deployed.ts';
import { runJson } from './on-run.ts';

export interface BuildsParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly uuid: () => string;
  /** Cloud Run beneath functions of the second generation. */
  readonly run: { deploy(name: string, service: JsonObject): void };
}

/** Every function that there is, and what becomes of those that are being built. */
export interface Builds {
  /** By its full name, with the id of its project or with its number. */
  get(name: string): Deployed | undefined;
  all(): readonly Deployed[];
  /** Begins to build it as it is wanted; at once where a build takes no time. */
  begin(one: Deployed): void;
  remove(name: string): void;
  /** Milliseconds that a build takes from now on; none at first. */
  setPace(buildMs: number): void;
  /** Lets the next builds of a function fail, as those of a source that is stale do. */
  planFailure(name: string, times: number): void;
  /** Ends what is due by a moment in microseconds. */
  settle(at: number): void;
}

const BUILD_FAILED = 'Build failed with status: FAILURE. Could not build the function due to a missing dependency.';

export function buildFloor({ clock, names, uuid, run }: BuildsParts): Builds {
  const deployed = new Map<string, Deployed>();
  const plans = new Map<string, number>();
  let buildMs = 0;

  const canonical = (name: string): string =>
    name.replace(/^projects\/([^/]+)/, (_, project: string) => `projects/${names.idOf(project)}`);
  const settle = (at: number): void => {
    for (const one of deployed.values())
      if (one.builtAt !== undefined && one.builtAt <= at) deployed.set(one.name, built(one));
  };

  return {
    get: (name) => deployed.get(canonical(name)),
    all: () => [...deployed.values()],
    begin(one) {
      const now = microsOf(clock);
      deployed.set(one.name, { ...one, builtAt: now + buildMs * 1000 });
      settle(now);
    },
    remove(name) {
      deployed.delete(canonical(name));
    },
    setPace(milliseconds) {
      buildMs = milliseconds;
    },
    planFailure(name, times) {
      plans.set(canonical(name), times);
    },
    settle,
  };

  /** The build is over: what it made is deployed, or what ran before goes on. */
  function built(one: Deployed): Deployed {
    const builds = one.builds + 1;
    const left = plans.get(one.name) ?? 0;
    if (left > 0) {
      plans.set(one.name, left - 1);
      return { ...one, builds, builtAt: undefined, state: 'FAILED', trouble: BUILD_FAILED };
    }
    const config = configOf(one);
    const service = runNameOf(one.name);
    if (one.generation === 'GEN_2') {
      const id = service.slice(service.lastIndexOf('/') + 1);
      run.deploy(service, runJson(id, builds, config, uuid()));
    }
    return { ...one, builds, builtAt: undefined, state: 'ACTIVE', trouble: undefined, running: config };
  }
}
