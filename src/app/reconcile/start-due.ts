import { sharedCauseOf, type Trouble } from '../../core/fleet/alike.ts';
import { alikeText, BEGUN_MAX, keysLeftIn, type Stops } from '../../core/fleet/key-quota.ts';
import { sliceOfRun } from '../../core/fleet/slice-of-run.ts';
import { resumeFromList, type ReconciledSecret, type ReconcileOrder, type Resumed } from './resume-from-list.ts';
import { wholeViewOf, type ListedView, type WholeView } from './listed-view.ts';
import { inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import type { Instant } from '../../core/values/time.ts';
import { isOwed as isOwedAtRest } from '../../core/record/journal.ts';
import type { Issuer, SecretName, SecretSighting } from '../ports/ports.ts';
import type { RotatePorts } from '../rotation/drive.ts';

/** What the parts of one run have in common. */
export interface ReconcileRun {
  readonly ports: RotatePorts;
  readonly order: ReconcileOrder;
  readonly inTime: () => boolean;
  /** For beginnings: finds old keys with few reads. */
  readonly issuerFor: (secret: SecretSighting) => Issuer;
}

/**
 * A look at a secret at rest takes up to three metadata reads, and Secret Manager gives a project 600 a minute. Larger
 * fleets are looked at in turns; what is in flight, or dead, is looked at in every run.
 */
const LOOKS_MAX = 150;

/** What a run began, and the projects in which it began no more because the first ones failed alike. */
export interface Begun {
  readonly lines: readonly ReconciledSecret[];
  readonly stops: Stops;
}

/** Consumers of a dead key have nothing to lose: neither trouble elsewhere nor a full project keeps it from being replaced. */
export async function beginDead(
  run: ReconcileRun,
  seen: readonly WholeView[],
  young: number,
): Promise<readonly ReconciledSecret[]> {
  const dead = seen.filter(({ toReplace }) => toReplace);
  const { beginAll } = beginning(run, young, new Map());
  return beginAll(dead);
}

/** What a run has found out by the time that it begins anything. */
export interface Beginnings {
  /** Rotations that consumers have not got yet. */
  readonly young: number;
  /** Secrets that serve a key which is being replaced in another one and used still, or awaits its deletion there. */
  readonly sharing: ReadonlySet<SecretName>;
}

/**
 * Those whose turn it is, as long as there is room; project by project, so that the keys of each are read once. Whoever serves a key that
 * drains elsewhere, or that cannot be deleted because of that, comes first, unless its owner wants nothing to begin by itself. Where nothing
 * went well lately they are begun one by one until one goes on: two that fail alike speak for all the others.
 */
export async function beginDue(
  run: ReconcileRun,
  seen: readonly ListedView[],
  stops: Stops,
  { young, sharing }: Beginnings,
): Promise<Begun> {
  const { order, ports } = run;
  const now = ports.clock.now();
  const free = ({ journal, toReplace, currentAstray, keyProject }: ListedView) =>
    journal?.phase === 'resting' && !toReplace && !currentAstray && !stops.has(keyProject);
  const shared = seen.filter((one) => sharing.has(one.secret) && mayBeginByItself(one, now) && free(one));
  const byProject = seen.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const turns = sliceOfRun(byProject, LOOKS_MAX, order.runEveryMinutes, now);
  const owed = seen.filter((one) => isOwed(one) && free(one) && !shared.includes(one)).slice(0, LOOKS_MAX);
  const first = [...shared, ...owed];
  const due = [...first, ...turns.filter((one) => free(one) && !first.includes(one))];
  const proven = new Set(
    seen.filter(({ recentOutcome }) => recentOutcome === 'success').map(({ keyProject }) => keyProject),
  );
  const { beginOne, beginAll, mayStart, width } = beginning(run, young, keysLeftIn(seen), (one) =>
    shared.includes(one) ? SHARED : undefined,
  );
  const unproven = [
    ...Map.groupBy(
      due.filter(({ keyProject }) => !proven.has(keyProject)),
      ({ keyProject }) => keyProject,
    ),
  ];
  const leads = await inPool(unproven, width(), mayStart, ([project, own]) => leadOf(project, own, beginOne, mayStart));
  const led = leads.filter((lead) => lead !== undefined);
  const rest = [...led.flatMap(({ left }) => left), ...due.filter(({ keyProject }) => proven.has(keyProject))];
  return {
    lines: [...led.flatMap(({ lines }) => lines), ...(await beginAll(rest))],
    stops: new Map(led.flatMap(({ project, stop }) => (stop === undefined ? [] : [[project, stop]]))),
  };
}

interface Lead {
  readonly project: string;
  readonly lines: readonly ReconciledSecret[];
  /** What may be begun at once from here on. */
  readonly left: readonly ListedView[];
  readonly stop?: string | undefined;
}

/** Begins one after the other until one goes on, or two failed alike. */
async function leadOf(
  project: string,
  own: readonly ListedView[],
  beginOne: Beginning['beginOne'],
  mayStart: () => boolean,
): Promise<Lead> {
  const lines: ReconciledSecret[] = [];
  const troubles: Trouble[] = [];
  for (const [at, one] of own.entries()) {
    if (!mayStart()) return { project, lines, left: [] };
    const { line, trouble } = await beginOne(one);
    if (line !== undefined) lines.push(line);
    if (trouble !== undefined) troubles.push(trouble);
    else if (line !== undefined && line.did !== 'failed') return { project, lines, left: own.slice(at + 1) };
    const shared = sharedCauseOf(troubles);
    if (shared !== undefined) return { project, lines, left: [], stop: alikeText(shared) };
  }
  return { project, lines, left: [] };
}

/** A policy that never rotates because of age wants a person to begin; a rotation that failed is not tried for ever. */
function mayBeginByItself({ journal, policy }: ListedView, now: Instant): boolean {
  if (journal?.phase !== 'resting' || policy.maxAgeDays === 0) return false;
  return journal.notBefore === undefined || journal.notBefore <= now;
}

/** Secret Manager’s schedule or unusual use has asked for it, and it could not begin then. */
function isOwed({ journal }: ListedView): boolean {
  return journal?.phase === 'resting' && isOwedAtRest(journal);
}

const SHARED: Asked = {
  reason: 'request',
  note: 'its key is being replaced in another secret',
  candidate: 'minted',
  emergency: false,
};

function placeOf({ keyProject, secret }: ListedView): string {
  return `${keyProject} ${secret}`;
}

interface Beginning {
  mayStart(): boolean;
  /** So many at a time. */
  width(): number;
  /** A secret for which nothing was due has no line. */
  beginOne(one: ListedView): Promise<{ readonly line?: ReconciledSecret; readonly trouble?: Trouble | undefined }>;
  beginAll(due: readonly ListedView[]): Promise<readonly ReconciledSecret[]>;
}

/** The room that rotations to begin share. A project that `keysLeft` does not name has room for any number. */
function beginning(
  { ports, order, inTime, issuerFor }: ReconcileRun,
  young: number,
  keysLeft: Map<string, number>,
  askedFor?: (one: ListedView) => Asked | undefined,
): Beginning {
  const room = { left: Math.min(order.rotationsMax - young, BEGUN_MAX) };
  const mayStart = () => inTime() && room.left > 0;
  const resume = async (one: ListedView): Promise<Resumed> => {
    const whole = await attempt(() => wholeViewOf(ports.vault, one, order.secretPolicy, ports.clock.now()));
    if (whole instanceof Fault)
      return { line: { secret: one.secret, phase: 'unknown', did: 'failed', why: whole.message } };
    return resumeFromList({ ...ports, issuer: issuerFor(whole.sighting) }, order, whole, askedFor?.(one));
  };
  const beginOne: Beginning['beginOne'] = async (one) => {
    const { keyProject } = one;
    const left = keysLeft.get(keyProject) ?? Infinity;
    if (left <= 0) return {};
    const give = (rotations: number): void => {
      room.left += rotations;
      keysLeft.set(keyProject, (keysLeft.get(keyProject) ?? Infinity) + rotations);
    };
    give(-1);
    const { line, trouble } = await resume(one);
    // What came to nothing takes no room, or a few secrets that cannot be looked at would keep all others waiting.
    if (line.phase === 'resting' || line.phase === 'unknown') give(1);
    return line.phase === 'resting' && line.did !== 'failed' ? { trouble } : { line, trouble };
  };
  const width = () => Math.min(order.concurrency, Math.max(1, room.left));
  return {
    mayStart,
    width,
    beginOne,
    async beginAll(due) {
      const begun = await inPool(due, width(), mayStart, beginOne);
      return begun.flatMap((one) => one?.line ?? []);
    },
  };
}
