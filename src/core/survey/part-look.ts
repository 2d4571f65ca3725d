import type { Cause } from '../causes/causes.ts';
import { addedCensus, type KeyCensus } from '../health/key-census.ts';
import type { OpenTrouble } from '../health/open-trouble.ts';
import { joinedProjects, type ProjectTallies, type Tally } from '../health/tally.ts';

/** What one instance saw of its part: counts, and by name the few secrets that somebody has to look at again before anything is done. */
export interface PartLook {
  /** Secrets that were listed, and those among them for which there was no time. */
  readonly expected: number;
  readonly missed: number;
  readonly tally: Tally;
  readonly census: KeyCensus;
  /** Secrets in trouble, and those of which something is to be written or told. */
  readonly notable: readonly Notable[];
  /** More of them than an answer names. */
  readonly beyond: Tally;
  /** Episodes that are on record as open. */
  readonly open: readonly OpenTrouble[];
  /** The first secret by name that remembers an outage of the fleet, and one of the project with its cause. */
  readonly fleetKeeper?: string | undefined;
  readonly keeper?: Keeper | undefined;
  /** Whether the list of the project went to its end; `problems` says why not. */
  readonly isListed: boolean;
  readonly problems: readonly string[];
  /** Whether a setting or a permission would have let it see more. */
  readonly barred: boolean;
}

/** A secret that its part points at, and what it showed. */
export interface Notable {
  readonly secret: string;
  readonly cause: Cause;
  readonly need: Need;
}

/**
 * What is to be done about it. `record`: something is to be written or told. `first_good`: nothing but that its key was good for the first
 * time, which can wait. `none`: it is in trouble that needs nothing of this run, and a report lists it.
 */
export const NEEDS = ['record', 'first_good', 'none'] as const;
export type Need = (typeof NEEDS)[number];

/** A secret that remembers an outage of its project; without a cause it is over. */
export interface Keeper {
  readonly secret: string;
  readonly cause?: Cause | undefined;
}

/** What all parts saw, project by project. */
export interface FleetLook {
  readonly expected: number;
  readonly missed: number;
  readonly tallies: ProjectTallies;
  readonly census: KeyCensus;
  readonly notable: readonly (Notable & { readonly project: string })[];
  readonly beyond: ProjectTallies;
  readonly open: readonly OpenTrouble[];
  readonly fleetKeeper: (Keeper & { readonly project: string }) | undefined;
  readonly keepers: ReadonlyMap<string, Keeper>;
}

export const NOTHING_LOOKED_AT: FleetLook = {
  expected: 0,
  missed: 0,
  tallies: new Map(),
  census: { groups: [], due: 0, overdue: 0 },
  notable: [],
  beyond: new Map(),
  open: [],
  fleetKeeper: undefined,
  keepers: new Map(),
};

/** The look of one part as that of a fleet that has nothing else. */
export function fleetOf(project: string, look: PartLook): FleetLook {
  const { expected, missed, tally, census, notable, beyond, open, fleetKeeper: secret, keeper } = look;
  return {
    expected,
    missed,
    census,
    open,
    fleetKeeper: secret === undefined ? undefined : { secret, project },
    tallies: new Map([[project, tally]]),
    notable: notable.map((one) => ({ ...one, project })),
    beyond: new Map([[project, beyond]]),
    keepers: new Map(keeper === undefined ? [] : [[project, keeper]]),
  };
}

/** The looks of two disjoint sets of parts as one: in whatever order they are joined, `inOrder` makes the same of it. */
export function joinedLooks(one: FleetLook, other: FleetLook): FleetLook {
  const keepers = new Map(one.keepers);
  for (const [project, keeper] of other.keepers)
    keepers.set(project, [keepers.get(project) ?? keeper, keeper].reduce(firstKeeper));
  return {
    expected: one.expected + other.expected,
    missed: one.missed + other.missed,
    tallies: joinedProjects(one.tallies, other.tallies),
    census: addedCensus(one.census, other.census),
    notable: [...one.notable, ...other.notable],
    beyond: joinedProjects(one.beyond, other.beyond),
    open: [...one.open, ...other.open],
    fleetKeeper: [one.fleetKeeper, other.fleetKeeper]
      .flatMap((keeper) => keeper ?? [])
      .toSorted((a, b) => compare(nameOf(a), nameOf(b)))[0],
    keepers,
  };
}

/** The same look with its lists and groups in one order, whichever part answered first. */
export function inOrder(look: FleetLook): FleetLook {
  const groups = look.census.groups.toSorted((one, other) =>
    compare(`${one.kind} ${one.age}`, `${other.kind} ${other.age}`),
  );
  return {
    ...look,
    census: { ...look.census, groups },
    notable: look.notable.toSorted((one, other) => compare(nameOf(one), nameOf(other))),
    open: look.open.toSorted((one, other) => compare(nameOf(one), nameOf(other))),
    tallies: byProject(look.tallies),
    beyond: byProject(look.beyond),
    keepers: byProject(look.keepers),
  };
}

function byProject<Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...map].toSorted(([one], [other]) => compare(one, other)));
}

function nameOf({ project, secret }: Pick<OpenTrouble, 'project' | 'secret'>): string {
  return [project, secret].join(' ');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}

/** One that says that the outage goes on, before one that says that it is over; then the first by name. */
function firstKeeper(one: Keeper, other: Keeper): Keeper {
  const rank = ({ secret, cause }: Keeper): string => `${cause === undefined ? 1 : 0} ${secret} ${cause ?? ''}`;
  return rank(one) <= rank(other) ? one : other;
}
