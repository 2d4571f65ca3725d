import { BEGUN_MAX, keysLeftIn, type Stops } from '../../core/fleet/key-quota.ts';
import { sliceOfRun } from '../../core/fleet/slice-of-run.ts';
import { resumeFromList, type ReconciledSecret, type ReconcileOrder } from './resume-from-list.ts';
import type { RotationView } from './rotation-view.ts';
import { inPool } from '../listing/pool.ts';
import type { Asked } from '../../core/rotation/plan.ts';
import type { Instant } from '../../core/values/time.ts';
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
 * A look at a secret at rest takes up to two metadata reads, and Secret Manager gives a project 600 a minute. Larger
 * fleets are looked at in turns; what is in flight, or dead, is looked at in every run.
 */
const LOOKS_MAX = 150;

/** Consumers of a dead key have nothing to lose: neither trouble elsewhere nor a full project keeps it from being replaced. */
export function beginDead(
  run: ReconcileRun,
  seen: readonly RotationView[],
  young: number,
): Promise<readonly ReconciledSecret[]> {
  const dead = seen.filter(({ toReplace }) => toReplace);
  return begin(run, dead, young, new Map());
}

/** What a run has found out by the time that it begins anything. */
export interface Beginnings {
  /** Rotations that consumers have not got yet. */
  readonly young: number;
  /** Secrets that serve a key which is being replaced in another one, and is used still. */
  readonly sharing: ReadonlySet<SecretName>;
}

/**
 * Those whose turn it is, as long as there is room; project by project, so that the keys of each are read once. Whoever serves a key that
 * drains elsewhere comes first, because that drain waits for it, unless its owner wants nothing to begin by itself.
 */
export function beginDue(
  run: ReconcileRun,
  seen: readonly RotationView[],
  stops: Stops,
  { young, sharing }: Beginnings,
): Promise<readonly ReconciledSecret[]> {
  const { runEveryMinutes } = run.order;
  const now = run.ports.clock.now();
  const free = ({ journal, toReplace, currentAstray, keyProject }: RotationView) =>
    journal?.phase === 'resting' && !toReplace && !currentAstray && !stops.has(keyProject);
  const shared = seen.filter((one) => sharing.has(one.secret) && mayBeginByItself(one, now) && free(one));
  const byProject = seen.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const due = sliceOfRun(byProject, LOOKS_MAX, runEveryMinutes, now).filter(
    (one) => free(one) && !shared.includes(one),
  );
  return begin(run, [...shared, ...due], young, keysLeftIn(seen), (one) => (shared.includes(one) ? SHARED : undefined));
}

/** A policy that never rotates because of age wants a person to begin; a rotation that failed is not tried for ever. */
function mayBeginByItself({ journal, policy }: RotationView, now: Instant): boolean {
  if (journal?.phase !== 'resting' || policy.maxAgeDays === 0) return false;
  return journal.notBefore === undefined || journal.notBefore <= now;
}

const SHARED: Asked = {
  reason: 'request',
  note: 'its key is being replaced in another secret',
  candidate: 'minted',
  emergency: false,
};

function placeOf({ keyProject, secret }: RotationView): string {
  return `${keyProject} ${secret}`;
}

/** A project that `keysLeft` does not name has room for any number. */
async function begin(
  { ports, order, inTime, issuerFor }: ReconcileRun,
  due: readonly RotationView[],
  young: number,
  keysLeft: Map<string, number>,
  askedFor?: (one: RotationView) => Asked | undefined,
): Promise<readonly ReconciledSecret[]> {
  const room = { left: Math.min(order.rotationsMax - young, BEGUN_MAX) };
  const mayStart = () => inTime() && room.left > 0;
  const width = Math.min(order.concurrency, Math.max(1, room.left));
  const lines = await inPool(due, width, mayStart, async (one) => {
    const { keyProject } = one;
    const left = keysLeft.get(keyProject) ?? Infinity;
    if (left <= 0) return undefined;
    const give = (rotations: number): void => {
      room.left += rotations;
      keysLeft.set(keyProject, (keysLeft.get(keyProject) ?? Infinity) + rotations);
    };
    give(-1);
    const line = await resumeFromList({ ...ports, issuer: issuerFor(one.sighting) }, order, one, askedFor?.(one));
    // What came to nothing takes no room, or a few secrets that cannot be looked at would keep all others waiting.
    if (line.phase === 'resting' || line.phase === 'unknown') give(1);
    return line.phase === 'resting' && line.did !== 'failed' ? undefined : line;
  });
  return lines.filter((line) => line !== undefined);
}
