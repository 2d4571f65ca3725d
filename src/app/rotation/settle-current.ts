import type { KeyText } from '../../core/key/key-text.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { heldKeyIn } from '../../core/key/stored-form.ts';
import type { SecretRisk } from '../../core/health/secret-risk.ts';
import type { Journal } from '../../core/record/journal.ts';
import type { LastCurrent } from '../../core/record/last-current.ts';
import { valueOf } from '../../core/record/part.ts';
import { withoutTombstone } from '../../core/record/tombstones.ts';
import { changeOf, type RecordChange } from '../../core/record/secret-record.ts';
import type { PastRotations } from '../../core/rotation/commit-entry.ts';
import { PASSED_OVER_MAX, REST_MS_MAX } from '../../core/rotation/advance.ts';
import { afterMove, contestedText, currentTrouble, leakedText, missingText } from '../../core/rotation/last-current.ts';
import { MINUTE_MS, plusMs, type Instant } from '../../core/values/time.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';
import { tombstoneOf } from '../keys/tombstone.ts';
import { probeConfirmed } from '../probe/probe-secret.ts';
import type { ActPorts } from './acts/act-input.ts';
import type { Step } from './tick.ts';
import type { ViewOrder } from './view-of.ts';

/** Told before the commit; trouble with that stands in nobody's way. */
export type Warn = (risk: SecretRisk, secret: SecretName) => Promise<void>;

type Settling = ViewOrder & { readonly warn: Warn };

/** Between two looks at a version that could not be judged. */
const AGAIN_MS = 10 * MINUTE_MS;

/**
 * Sees to an alias `current` that is not where it was left, before anything is begun: one that was taken away is put back once, where
 * its version still works; where a person moved it is where it stays, and the version that they left is passed over until they ask
 * for it. `undefined` where nothing is the matter, or somebody asks for a rotation, which sets it. Rejects with `Fault`.
 */
export async function settleCurrent(
  ports: ActPorts,
  order: Settling,
  sighting: SecretSighting,
  journal: Journal,
  past: PastRotations,
): Promise<Step | undefined> {
  const { record, name } = sighting;
  const now = ports.clock.now();
  const last = valueOf(record.lastCurrent) ?? undefined;
  const current = sighting.aliases['current'];
  const trouble = order.asked === undefined ? currentTrouble({ journal, current, last, now }) : undefined;
  if (trouble === undefined) return undefined;
  const { tombstones } = past;
  const settle = settling(ports, sighting, journal);
  switch (trouble.do) {
    case 'held':
      return { did: 'held', why: trouble.why, journal };
    case 'follow': {
      const key = await keyIn(trouble.current);
      const tombstone = key && tombstoneOf(name, key);
      if (isLeaked(past, trouble.current, tombstone)) return stop('leaked', trouble.current);
      const change = {
        lastCurrent: afterMove(last, trouble.current, now),
        rotation: followed(journal, trouble, plusMs(now, REST_MS_MAX)),
        tombstones: tombstone === undefined ? tombstones : withoutTombstone(tombstones, tombstone),
      };
      return settle(`somebody moved current to version ${trouble.current}`, change);
    }
    case 'stop':
      return stop(trouble.is, trouble.version);
    case 'put back': {
      const { version } = trouble;
      const key = await keyIn(version);
      const tombstone = key && tombstoneOf(name, key);
      if (isLeaked(past, version, tombstone)) return stop('missing', version);
      const works = key !== undefined && (await isProven(ports, order.secretPolicy.checks, key));
      if (works === 'unclear') {
        if (journal.phase !== 'resting') return undefined;
        const why = `whether version ${version} works, from which somebody took the alias current, cannot be told now`;
        return { did: 'wait', until: plusMs(now, AGAIN_MS), why, journal };
      }
      if (!works) return stop('missing', version);
      await order.warn({ because: 'current_removed', version }, name);
      const lastCurrent: LastCurrent = { ...last, version, is: 'put_back' };
      return settle(`somebody took current away: put back on version ${version}`, { lastCurrent }, version);
    }
  }

  /** The key in a version, which must be enabled now; none where nobody can read one. */
  async function keyIn(version: number): Promise<KeyText | undefined> {
    const reading = await attempt(() => ports.vault.read(name, version));
    if (!(reading instanceof Fault)) return heldKeyIn(reading.bytes, order.secretPolicy.mint.keyField);
    if (isUnreadable(reading)) return undefined;
    throw reading;
  }

  async function stop(is: 'missing' | 'contested' | 'leaked', version: number): Promise<Step> {
    await order.warn({ because: `current_${is}`, version }, name);
    const moved = current === undefined ? {} : { movedTo: current, movedAt: now };
    const lastCurrent: LastCurrent = { ...last, ...moved, version, is };
    return settle(STOPPED[is](version), { lastCurrent });
  }
}

/** By its key, or by the ledger where nobody can read that any more. */
function isLeaked({ tombstones, retired }: PastRotations, version: number, tombstone: string | undefined): boolean {
  if (tombstone !== undefined && tombstones.leaked.includes(tombstone)) return true;
  return retired.some((old) => old.version === version && old.urgent === true);
}

const STOPPED = { missing: missingText, contested: contestedText, leaked: leakedText } as const;

/** The journal once a person was followed: who goes back does not want a newer key at once. */
function followed(
  journal: Journal,
  { current, left }: { readonly current: number; readonly left: number },
  restUntil: Instant,
): Journal {
  if (journal.phase !== 'resting' || left < current) return journal;
  return { ...journal, notBefore: restUntil, passedOver: [...journal.passedOver, left].slice(-PASSED_OVER_MAX) };
}

/** One write under the etag of what was seen. */
function settling({ vault }: ActPorts, sighting: SecretSighting, journal: Journal) {
  return async (by: string, change: RecordChange, version?: number): Promise<Step> => {
    const aliases = version === undefined ? {} : { current: version };
    const annotations = changeOf(sighting.record, change);
    const left = await attempt(() => vault.commit(sighting, { annotations, aliases }));
    if (!(left instanceof Fault)) return { did: 'moved', by, before: journal, after: change.rotation ?? journal, left };
    if (left.code === 'stale') return { did: 'lost', why: left.message };
    throw left;
  };
}

/** Whether a key does the job, deep (I2). */
async function isProven(ports: ActPorts, checks: CheckPolicy, key: KeyText): Promise<boolean | 'unclear'> {
  const { diagnosis, depth } = await probeConfirmed(ports, key, checks, true);
  if (diagnosis.verdict === 'works' && depth === 'deep') return true;
  return diagnosis.verdict === 'dead' || diagnosis.verdict === 'blocked' ? false : 'unclear';
}
