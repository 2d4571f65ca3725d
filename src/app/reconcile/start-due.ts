import { BEGUN_MAX, keysLeftIn, type Stops } from '../../core/fleet/key-quota.ts';
import { sliceOfRun } from '../../core/fleet/slice-of-run.ts';
import { resumeFromList, type ReconciledSecret, type ReconcileOrder } from './resume-from-list.ts';
import type { RotationView } from './rotation-view.ts';
import { inPool } from '../listing/pool.ts';
import type { Issuer, SecretSighting } from '../ports/ports.ts';
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

/** Those whose turn it is, as long as there is room; project by project, so that the keys of each are read once. */
export function beginDue(
  run: ReconcileRun,
  seen: readonly RotationView[],
  stops: Stops,
  young: number,
): Promise<readonly ReconciledSecret[]> {
  const { runEveryMinutes } = run.order;
  const byProject = seen.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const due = sliceOfRun(byProject, LOOKS_MAX, runEveryMinutes, run.ports.clock.now()).filter(
    ({ journal, toReplace, currentAstray, keyProject }) =>
      journal?.phase === 'resting' && !toReplace && !currentAstray && !stops.has(keyProject),
  );
  return begin(run, due, young, keysLeftIn(seen));
}

function placeOf({ keyProject, secret }: RotationView): string {
  return `${keyProject} ${secret}`;
}

/** A project that `keysLeft` does not name has room for any number. */
async function begin(
  { ports, order, inTime, issuerFor }: ReconcileRun,
  due: readonly RotationView[],
  young: number,
  keysLeft: Map<string, number>,
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
    const line = await resumeFromList({ ...ports, issuer: issuerFor(one.sighting) }, order, one);
    // What came to nothing takes no room, or a few secrets that cannot be looked at would keep all others waiting.
    if (line.phase === 'resting' || line.phase === 'unknown') give(1);
    return line.phase === 'resting' && line.did !== 'failed' ? undefined : line;
  });
  return lines.filter((line) => line !== undefined);
}
