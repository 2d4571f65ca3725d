import { valueOf } from '../../core/record/part.ts';
import { isOldEnoughToSweep } from '../../core/rotation/next-purge.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import { rotationIdPrefix } from '../../core/rotation/begin-rotation.ts';
import { plural } from '../../core/values/plural.ts';
import { isWithin, outside } from '../listing/within-scope.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Holders } from '../listing/holders.ts';
import { copiesOf } from '../keys/copies.ts';
import { leftVersionsOf, ROTATION_MARK, SECRET_MARK } from '../keys/key-marks.ts';
import type { IssuedKey, SecretName, SecretScope, SecretSighting } from '../ports/ports.ts';
import { purgeLeft } from './left-versions.ts';
import { agreeingClock, type PurgePorts } from './purge-steps.ts';

/** A key that a rotation made and that belongs to no journal, ledger or version any more, or a version that it left, and what became of it. */
export interface Swept {
  readonly key: string;
  /** The secret it was made for. */
  readonly secret: string;
  /** The version that was left with the key, where that is what goes. */
  readonly version?: number | undefined;
  /** `outside`: nothing is done, because the settings or the key's own name do not say that it is ours. */
  readonly outcome: 'done' | 'would_do' | 'waiting' | 'refused' | 'failed' | 'outside';
  readonly why: string;
  readonly until?: Instant | undefined;
}

export interface SweepOrder {
  /** Project whose keys are looked through. */
  readonly project: string;
  readonly dryRun: boolean;
  readonly secretPolicy: SecretPolicy;
  readonly holders: Holders;
  /** Where a secret must lie for a key of it to be touched (I16). */
  readonly scopes: readonly SecretScope[];
}

/**
 * Deletes the keys that died rotations left, unless somebody used them in the last week, and destroys the versions that were left with
 * keys that are deleted. Only keys that bear our marks are looked at, and what cannot be told stays. Marks are annotations, which more
 * people may write than may delete keys: so the secret that they name must lie within the settings, and the key's id, which nobody can
 * change, must be a rotation's of that secret (I16). A key that is on record in the list that the run began with needs no other look. Rejects with
 * `Fault` when the project's keys cannot be listed.
 */
export async function sweep(
  ports: PurgePorts,
  { project, dryRun, secretPolicy, holders, scopes }: SweepOrder,
  listed: ReadonlyMap<SecretName, KeysOnRecord> = new Map(),
): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  const foreign: Swept[] = [];
  const parents = new Set([...listed.keys()].map(parentOf));
  await agreeingClock(ports);
  for await (const key of ports.issuer.list(project, true)) {
    const { [SECRET_MARK]: secret, [ROTATION_MARK]: rotation } = key.annotations;
    if (secret === undefined || rotation === undefined) continue;
    if (!mayBeLeft(key, ports.clock.now())) continue;
    const known = listed.get(secret);
    if (key.deletedAt === undefined && known !== undefined && isAmong(known, key)) continue;
    const about = { key: key.name, secret };
    const within = parents.has(parentOf(secret)) || (await attempt(() => isWithin(ports.vault, scopes, secret)));
    if (within instanceof Fault) {
      swept.push({ ...about, outcome: 'failed', why: within.message });
      continue;
    }
    const notOurs = within ? unlessMintedFor(secret, key.name, rotation) : outside(secret);
    if (notOurs !== undefined) {
      foreign.push({ ...about, outcome: 'outside', why: notOurs });
      continue;
    }
    const { deletedAt } = key;
    const left = await attempt(() =>
      deletedAt === undefined
        ? sweepKey({ ...ports, holders }, key, secret, dryRun)
        : purgeLeft(ports, { ...key, deletedAt }, { secret, secretPolicy, dryRun }),
    );
    if (left instanceof Fault) swept.push({ ...about, outcome: 'failed', why: left.message });
    else swept.push(...left);
  }
  return [...swept, ...inOneLine(foreign)];
}

/** A project may make keys for deployments besides this one: of what is theirs, one line is enough. */
function inOneLine(foreign: readonly Swept[]): readonly Swept[] {
  const [first, ...others] = foreign;
  if (first === undefined || others.length === 0) return foreign;
  return [{ ...first, why: `${first.why} (and ${plural(others.length, 'more key')} with marks like these)` }];
}

/** A rotation's id is made of its secret and the moment, and is the id of its key: see `opened`. */
function unlessMintedFor(secret: SecretName, key: string, rotation: string): string | undefined {
  return rotation.startsWith(rotationIdPrefix(secret)) && key.endsWith(`/keys/${rotation}`) ? undefined : NOT_OURS;
}

/** A secret that is gone is looked for in vain; but where others of the same project and location were listed, it lay within. */
function parentOf(secret: SecretName): string {
  return secret.slice(0, secret.lastIndexOf('/'));
}

const NOT_OURS =
  'its marks name this secret, and its id is not that of a rotation of it: somebody marked it by hand, so nothing is done to it';

/** A key that lives is an orphan from some age on; one that is deleted may have left versions behind. */
function mayBeLeft(key: IssuedKey, now: Instant): boolean {
  return key.deletedAt === undefined ? isOldEnoughToSweep(key.createdAt, now) : leftVersionsOf(key).length > 0;
}

/** Answers nothing of a key that belongs to somebody. */
async function sweepKey(
  ports: PurgePorts & { readonly holders: Holders },
  key: IssuedKey,
  secret: SecretName,
  dryRun: boolean,
): Promise<readonly Swept[]> {
  const about = { key: key.name, secret };
  const sighting = await attempt(() => ports.vault.look(secret));
  const isGone = sighting instanceof Fault;
  if (isGone && sighting.code !== 'not_found') throw sighting;
  if (!isGone && isAmong(keysOnRecord(sighting), key)) return [];
  if (await belongs(ports, key, secret, isGone)) return [];
  return [{ ...about, ...(await deleteOrphan(ports, key, dryRun)) }];
}

async function deleteOrphan(
  { issuer }: PurgePorts,
  { name }: IssuedKey,
  dryRun: boolean,
): Promise<Pick<Swept, 'outcome' | 'why'>> {
  if (dryRun) return { outcome: 'would_do', why: ORPHAN };
  const deleted = await attempt(() => issuer.delete(name, true));
  if (!(deleted instanceof Fault)) return { outcome: 'done', why: ORPHAN };
  return { outcome: deleted.code === 'wrong_state' ? 'refused' : 'failed', why: deleted.message };
}

const ORPHAN = 'belongs to no journal, ledger or version: its rotation died';

/**
 * Whether a version holds the key, whatever the annotations say: then it is somebody's, and so is one that somebody moved to another
 * secret (I13). A secret that is gone holds nothing.
 */
async function belongs(
  { vault, issuer, holders }: PurgePorts & { readonly holders: Holders },
  key: IssuedKey,
  secret: SecretName,
  isGone: boolean,
): Promise<boolean> {
  const characters = await issuer.keyString(key.name);
  if (!isGone && (await copiesOf(vault, secret, characters, await vault.versions(secret))).length > 0) return true;
  return (await holders.othersBeforeDeletion(characters, secret)).length > 0;
}

/** The keys that the record of a secret knows: by name, and that of the rotation in flight. One that is not understood knows all. */
export type KeysOnRecord = 'all' | { readonly names: readonly string[]; readonly inFlight: string | undefined };

/** What a run keeps of each secret that it listed. */
export function keysOnRecord({ record }: Pick<SecretSighting, 'record'>): KeysOnRecord {
  const journal = valueOf(record.rotation);
  const retired = valueOf(record.retired);
  const history = valueOf(record.history);
  if (journal === undefined || retired === undefined || history === undefined) return 'all';
  const current = history.flatMap(({ outcome, toKey }) => (outcome === 'completed' ? (toKey?.name ?? []) : []));
  return {
    names: [...current, ...retired.flatMap(({ key }) => key?.name ?? [])],
    inFlight: journal.phase === 'resting' ? undefined : journal.id,
  };
}

function isAmong(known: KeysOnRecord, { name, annotations: marks }: IssuedKey): boolean {
  if (known === 'all') return true;
  return known.names.includes(name) || (known.inFlight !== undefined && known.inFlight === marks[ROTATION_MARK]);
}
