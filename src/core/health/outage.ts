import { CAUSES, type Cause } from '../causes/causes.ts';
import { PROJECT_CAUSES } from '../causes/project.ts';
import { DEPTHS, diagnosisOf, type Finding } from './finding.ts';
import { countOf, joined, NOTHING_SEEN, seenIn, type CauseTally, type ProjectTallies, type Tally } from './tally.ts';
import type { Diagnosis } from '../classify/classify.ts';

/** Fewer keys than this failing alike are taken one by one. */
const KEYS_MIN = 3;

/** Nobody was reached, or nobody there could answer: one dead network, and one bad hour of Google’s, show as any mix of these. */
const ON_THE_WAY: readonly Cause[] = [
  'network',
  'timeout',
  'egress_blocked',
  'overloaded',
  'server_error',
  'store_unavailable',
];

/** Whether two secrets that fail for these causes fail alike. */
function areAlike(one: Cause, other: Cause): boolean {
  return one === other || (ON_THE_WAY.includes(one) && ON_THE_WAY.includes(other));
}

/** Many keys failed alike in one run: the trouble is ours, the network's, Google's or a project's, and no key is blamed. */
export interface FleetOutage {
  readonly type: 'fleet.outage';
  /** The project whose keys they are; absent when the trouble is not one project's. */
  readonly project?: string | undefined;
  readonly cause: Cause;
  readonly failing: number;
  readonly seen: number;
  /** The project that owns all of the keys, where every answer named the same. */
  readonly keyProject?: string | undefined;
  /** One of the answers, as an example. */
  readonly message: string;
}

/** What the findings of a run say about what they have in common: the whole fleet, or one project. */
export interface SharedTrouble {
  /** Absent for the whole fleet. */
  readonly project?: string | undefined;
  /** Which part of the record of one secret remembers it for all. */
  readonly part: 'outage' | 'projectOutage';
  /** Begins the ids of its episodes. */
  readonly name: string;
  readonly seen: number;
  readonly outage?: FleetOutage | undefined;
  /** The run as a check of them all. `undefined` when it shows nothing either way. */
  readonly diagnosis?: Diagnosis | undefined;
}

/** Whether a finding is one of those that an outage accounts for. */
export function isPartOf(
  trouble: SharedTrouble,
  { diagnosis, project }: Pick<Finding, 'diagnosis' | 'project'>,
): boolean {
  return accountsFor(trouble, project, diagnosis.cause);
}

/** Whether an outage accounts for what fails for this cause in a project. */
export function accountsFor({ outage }: SharedTrouble, project: string, cause: Cause): boolean {
  return outage !== undefined && areAlike(outage.cause, cause) && (outage.project ?? project) === project;
}

/** The fleet first, then every project that was seen. `open`: projects whose outage is on record, with its cause. */
export function sharedTroublesOf(tallies: ProjectTallies, open: ReadonlyMap<string, Cause>): readonly SharedTrouble[] {
  return [
    troubleOfFleet([...tallies.values()].reduce(joined, NOTHING_SEEN)),
    ...[...tallies].map(([project, tally]) => troubleOfProject(project, tally, open.get(project))),
  ];
}

/**
 * Trouble about ourselves. An address that Google blocks, a dead network or missing credentials look like many bad keys;
 * blaming each would page once per key. To the fleet it is what `blocked` is to a key: something around it stops it, and
 * half of the keys in one run need no second opinion. It is over when most of them can be judged.
 */
function troubleOfFleet(tally: Tally): SharedTrouble {
  const seen = seenIn(tally);
  const fleet = { part: 'outage', name: 'outage', seen } as const;
  const outage = alike(tally, isAboutUs);
  if (outage !== undefined) {
    const { cause, message } = outage;
    return { ...fleet, outage, diagnosis: { verdict: 'blocked', cause, definitive: true, message } };
  }
  const judged = judgedIn(tally);
  return { ...fleet, diagnosis: judged * 2 > seen ? judgedOf(judged, seen) : undefined };
}

/**
 * Trouble about a project, such as billing that is off: one thing to mend, however many keys it stops. What only a deep
 * probe shows is not disproved by shallow ones, so it goes on while a single key shows it, and is over when most keys
 * are judged and none does.
 */
function troubleOfProject(project: string, tally: Tally, open: Cause | undefined): SharedTrouble {
  const seen = seenIn(tally);
  const one = { project, part: 'projectOutage', name: `projects/${project}/outage`, seen } as const;
  const still = open === undefined ? undefined : tally.causes.get(open);
  const goesOn = open && still && outageOf(open, still, countOf(still), seen);
  const outage = goesOn ?? alike(tally, isAboutProject);
  if (outage !== undefined)
    return { ...one, outage: { ...outage, project }, diagnosis: diagnosisOf(outage.cause, outage.message) };
  const judged = judgedIn(tally);
  const isOver = judged * 2 > seen && ![...tally.causes.keys()].some(isAboutProject);
  return { ...one, diagnosis: isOver ? judgedOf(judged, seen) : undefined };
}

/** Trouble that is alike for at least half of the findings that went as deep as those that show it; the commonest cause names it. */
function alike(tally: Tally, isTrouble: (cause: Cause) => boolean): FleetOutage | undefined {
  const troubled = [...tally.causes].filter(([cause]) => isTrouble(cause));
  for (const [cause, group] of troubled.toSorted(commonestFirst)) {
    const those = troubled.filter(([other]) => areAlike(cause, other)).map(([, one]) => one);
    const failing = those.reduce((sum, one) => sum + countOf(one), 0);
    const depth = DEPTHS.find((at) => those.some(({ depths }) => depths[at] > 0));
    if (failing >= KEYS_MIN && failing * 2 >= seenIn(tally, depth))
      return outageOf(cause, group, failing, seenIn(tally));
  }
  return undefined;
}

/** Of causes as common as each other, that of the first secret by name. */
function commonestFirst([, one]: readonly [Cause, CauseTally], [, other]: readonly [Cause, CauseTally]): number {
  return countOf(other) - countOf(one) || (one.example.secret < other.example.secret ? -1 : 1);
}

/** `failing` of `seen` findings as an outage, told by an example of its commonest cause. */
function outageOf(
  cause: Cause,
  { example: { message }, keyProject }: CauseTally,
  failing: number,
  seen: number,
): FleetOutage {
  return {
    type: 'fleet.outage',
    cause,
    failing,
    seen,
    message,
    ...(keyProject === undefined ? {} : { keyProject }),
  };
}

/** Findings that say something about the key. */
function judgedIn({ causes }: Tally): number {
  return [...causes].reduce((sum, [cause, one]) => sum + (isAboutUs(cause) ? 0 : countOf(one)), 0);
}

function judgedOf(judged: number, seen: number): Diagnosis {
  return diagnosisOf('ok', `${judged} of ${seen} were judged`);
}

/** Location refusals condemn the address that asked, not the key. */
const ABOUT_THE_ADDRESS: readonly Cause[] = ['location_unsupported', 'ip_blocked'];

function isAboutUs(cause: Cause): boolean {
  return CAUSES[cause].verdict === 'unclear' || ABOUT_THE_ADDRESS.includes(cause);
}

/** A quota that is used up comes back by itself, and our own requests count against it: it stays with the single key. */
function isAboutProject(cause: Cause): boolean {
  return cause in PROJECT_CAUSES && CAUSES[cause].verdict === 'blocked';
}
