import { CAUSES, type Cause } from '../causes/causes.ts';
import { PROJECT_CAUSES } from '../causes/project.ts';
import { DEPTHS, diagnosisOf, type Finding } from './finding.ts';
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
export function isPartOf({ outage }: SharedTrouble, { diagnosis, project }: Finding): boolean {
  return outage !== undefined && areAlike(outage.cause, diagnosis.cause) && (outage.project ?? project) === project;
}

/** The fleet first, then every project that was seen. `open`: projects whose outage is on record, with its cause. */
export function sharedTroublesOf(
  findings: readonly Finding[],
  open: ReadonlyMap<string, Cause>,
): readonly SharedTrouble[] {
  const byProject = Map.groupBy(findings, ({ project }) => project);
  return [
    troubleOfFleet(findings),
    ...[...byProject].map(([project, those]) => troubleOfProject(project, those, open.get(project))),
  ];
}

/**
 * Trouble about ourselves. An address that Google blocks, a dead network or missing credentials look like many bad keys;
 * blaming each would page once per key. To the fleet it is what `blocked` is to a key: something around it stops it, and
 * half of the keys in one run need no second opinion. It is over when most of them can be judged.
 */
function troubleOfFleet(findings: readonly Finding[]): SharedTrouble {
  const seen = findings.length;
  const fleet = { part: 'outage', name: 'outage', seen } as const;
  const outage = alike(findings, isAboutUs);
  if (outage !== undefined) {
    const { cause, message } = outage;
    return { ...fleet, outage, diagnosis: { verdict: 'blocked', cause, definitive: true, message } };
  }
  const judged = findings.filter((finding) => !isAboutUs(finding)).length;
  return { ...fleet, diagnosis: judged * 2 > seen ? judgedOf(judged, seen) : undefined };
}

/**
 * Trouble about a project, such as billing that is off: one thing to mend, however many keys it stops. What only a deep
 * probe shows is not disproved by shallow ones, so it goes on while a single key shows it, and is over when most keys
 * are judged and none does.
 */
function troubleOfProject(project: string, findings: readonly Finding[], open: Cause | undefined): SharedTrouble {
  const seen = findings.length;
  const one = { project, part: 'projectOutage', name: `projects/${project}/outage`, seen } as const;
  const still = findings.filter(({ diagnosis }) => diagnosis.cause === open);
  const goesOn = outageOf(still, still.length, seen);
  const outage = goesOn ?? alike(findings, isAboutProject);
  if (outage !== undefined)
    return { ...one, outage: { ...outage, project }, diagnosis: diagnosisOf(outage.cause, outage.message) };
  const judged = findings.filter((finding) => !isAboutUs(finding)).length;
  const isOver = judged * 2 > seen && !findings.some(isAboutProject);
  return { ...one, diagnosis: isOver ? judgedOf(judged, seen) : undefined };
}

/** Trouble that is alike for at least half of the findings that went as deep as those that show it; the commonest cause names it. */
function alike(findings: readonly Finding[], isTrouble: (finding: Finding) => boolean): FleetOutage | undefined {
  const troubled = findings.filter(isTrouble);
  const groups = [...Map.groupBy(troubled, ({ diagnosis }) => diagnosis.cause)];
  for (const [cause, group] of groups.toSorted(([, one], [, other]) => other.length - one.length)) {
    const failing = troubled.filter(({ diagnosis }) => areAlike(cause, diagnosis.cause));
    const depth = Math.min(...failing.map(depthOf));
    const comparable = findings.filter((finding) => depthOf(finding) >= depth).length;
    if (failing.length >= KEYS_MIN && failing.length * 2 >= comparable)
      return outageOf(group, failing.length, findings.length);
  }
  return undefined;
}

/** `alike` of `seen` findings as an outage, told by the first of `group`; an empty group is none. */
function outageOf(group: readonly Finding[], failing: number, seen: number): FleetOutage | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const { cause, message, keyProject } = first.diagnosis;
  const isOfOne = keyProject !== undefined && group.every(({ diagnosis }) => diagnosis.keyProject === keyProject);
  return { type: 'fleet.outage', cause, failing, seen, message, ...(isOfOne ? { keyProject } : {}) };
}

function judgedOf(judged: number, seen: number): Diagnosis {
  return diagnosisOf('ok', `${judged} of ${seen} were judged`);
}

/** Location refusals condemn the address that asked, not the key. */
const ABOUT_THE_ADDRESS: readonly Cause[] = ['location_unsupported', 'ip_blocked'];

function isAboutUs({ diagnosis }: Finding): boolean {
  return diagnosis.verdict === 'unclear' || ABOUT_THE_ADDRESS.includes(diagnosis.cause);
}

/** A quota that is used up comes back by itself, and our own requests count against it: it stays with the single key. */
function isAboutProject({ diagnosis: { cause } }: Finding): boolean {
  return cause in PROJECT_CAUSES && CAUSES[cause].verdict === 'blocked';
}

function depthOf({ depth }: Finding): number {
  return DEPTHS.indexOf(depth);
}
