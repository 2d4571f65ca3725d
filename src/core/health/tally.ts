import { CAUSES, type Cause, type Verdict } from '../causes/causes.ts';
import { DEPTHS, type Depth, type Finding } from './finding.ts';

/** How many findings went how far. */
export type DepthCounts = Readonly<Record<Depth, number>>;

/** Findings of one cause. */
export interface CauseTally {
  readonly depths: DepthCounts;
  /** The first of them by the name of its secret, so that it is the same in whatever order they came. */
  readonly example: { readonly secret: string; readonly message: string };
  /** The project that owns all of the keys, where every answer named the same. */
  readonly keyProject?: string | undefined;
}

/**
 * What any number of findings come to: as large for a hundred thousand of them as for ten. Tallies of parts are joined in any order,
 * so a run keeps no list of what it saw.
 */
export interface Tally {
  readonly causes: ReadonlyMap<Cause, CauseTally>;
}

export const NOTHING_SEEN: Tally = { causes: new Map() };

/** The tally of each project that was seen. */
export type ProjectTallies = ReadonlyMap<string, Tally>;

/** Counts findings by project. */
export function talliesOf(findings: readonly Finding[]): ProjectTallies {
  return new Map(
    [...Map.groupBy(findings, ({ project }) => project)].map(([project, own]) => [project, tallyOf(own)] as const),
  );
}

function tallyOf(findings: readonly Finding[]): Tally {
  return {
    causes: new Map(
      [...Map.groupBy(findings, ({ diagnosis }) => diagnosis.cause)].map(
        ([cause, alike]) => [cause, alike.map(ofOne).reduce(joinedCause)] as const,
      ),
    ),
  };
}

function ofOne({ secret, depth, diagnosis: { message, keyProject } }: Finding): CauseTally {
  return {
    depths: { none: 0, shallow: 0, deep: 0, [depth]: 1 },
    example: { secret, message },
    ...(keyProject === undefined ? {} : { keyProject }),
  };
}

/** Two tallies as one. */
export function joined(one: Tally, other: Tally): Tally {
  return { causes: joinedMaps(one.causes, other.causes, joinedCause) };
}

/** The tallies of two parts of a fleet as those of both. */
export function joinedProjects(one: ProjectTallies, other: ProjectTallies): ProjectTallies {
  return joinedMaps(one, other, joined);
}

function joinedMaps<Key, Value>(
  one: ReadonlyMap<Key, Value>,
  other: ReadonlyMap<Key, Value>,
  join: (one: Value, other: Value) => Value,
): ReadonlyMap<Key, Value> {
  const both = new Map(one);
  for (const [key, value] of other) {
    const known = both.get(key);
    both.set(key, known === undefined ? value : join(known, value));
  }
  return both;
}

function joinedCause(one: CauseTally, other: CauseTally): CauseTally {
  const isOfOne = one.keyProject !== undefined && one.keyProject === other.keyProject;
  return {
    depths: {
      none: one.depths.none + other.depths.none,
      shallow: one.depths.shallow + other.depths.shallow,
      deep: one.depths.deep + other.depths.deep,
    },
    example: other.example.secret < one.example.secret ? other.example : one.example,
    ...(isOfOne ? { keyProject: one.keyProject } : {}),
  };
}

/** How many findings of a cause went at least so far. */
export function countOf({ depths }: Pick<CauseTally, 'depths'>, atLeast: Depth = 'none'): number {
  return DEPTHS.slice(DEPTHS.indexOf(atLeast)).reduce((sum, depth) => sum + depths[depth], 0);
}

/** How many findings went at least so far, whatever they say; all of them when left out. */
export function seenIn({ causes }: Tally, atLeast: Depth = 'none'): number {
  return [...causes.values()].reduce((sum, one) => sum + countOf(one, atLeast), 0);
}

/** How many got each verdict; every verdict is named, so that a reader need not guess at a missing one. */
export function verdictsIn({ causes }: Tally): Readonly<Record<Verdict, number>> {
  const counts: Record<Verdict, number> = { works: 0, dead: 0, blocked: 0, throttled: 0, unclear: 0 };
  for (const [cause, one] of causes) counts[CAUSES[cause].verdict] += countOf(one);
  return counts;
}
