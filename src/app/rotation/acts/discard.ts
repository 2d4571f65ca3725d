import type { Outcome } from '../../../core/rotation/advance.ts';
import { keyNameOf } from '../../../core/google/resource-names.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { attempt, Fault, type FaultCode } from '../../ports/fault.ts';
import type { SecretSighting, VersionSighting } from '../../ports/ports.ts';
import { copiesOf, copiesOfVersion } from '../../keys/copies.ts';
import { markLeft } from '../../keys/mark-left.ts';
import { isRead } from '../../keys/read-by-consumers.ts';
import { readAsOf } from '../../probe/probe-secret.ts';
import { unproven } from './prove.ts';
import { unsure, unwritten, type ActInput } from './act-input.ts';
import { onTheWayBack } from './reached.ts';
import { candidateKey } from './write.ts';

/**
 * Takes back what the rotation did. Readers of `latest` come first: if the newest version is to be disabled, the old
 * key is added again above it, proven. What a person added is left alone and passed over from now on, and so is what
 * a person made current meanwhile (I1, I7): the secret is looked at again between the versions' etags and the disabling.
 */
export async function discard(input: ActInput, sighting: SecretSighting): Promise<Outcome> {
  const { ports, secret, journal } = input;
  const waiting = await onTheWayBack(input, sighting.aliases['current']);
  if (waiting !== undefined) return waiting;
  const versions = await attempt(() => ports.vault.versions(secret));
  if (versions instanceof Fault) return unsure(versions);
  const written = await attempt(() => writtenBy(input, versions));
  if (written instanceof Fault) return unsure(written);
  const ours = written.filter(({ number }) => number !== sighting.aliases['current']);
  const isWanted = ours.length < written.length;
  const passOver = journal.to === undefined ? [] : [journal.to];
  const [newest] = versions;
  if (ours.some(({ number }) => number === newest?.number)) {
    const again = await addAgain(input, sighting);
    if (typeof again !== 'number') return again;
    passOver.push(again);
  } else {
    const again = await attempt(() => addedAgain(input, newest));
    if (again instanceof Fault) return unsure(again);
    passOver.push(...again);
  }
  const undone = await attempt(async () => {
    await markAsLeft(input, ours);
    if (ours.length > 0) await unwritten(input, sighting);
    for (const version of ours) await ports.vault.disable(secret, version);
    if (!isWanted && journal.candidate === 'minted' && journal.promotedAt === undefined)
      await deleteKey(input, sighting);
  });
  return undone instanceof Fault ? unsure(undone) : { kind: 'done', passOver };
}

/**
 * What was never promoted comes on no list of old keys: the purge knows it by the mark on its key. What somebody supplied or added
 * bears none, and stays.
 */
async function markAsLeft({ ports, secret, journal }: ActInput, ours: readonly VersionSighting[]): Promise<void> {
  const { to, toKey, candidate, promotedAt } = journal;
  const left = ours.filter(({ number }) => promotedAt === undefined || number !== to);
  if (toKey !== undefined && candidate === 'minted' && left.length > 0)
    await markLeft(ports, { secret, key: toKey.name, versions: left.map(({ number }) => number) });
}

/** Enabled versions that hold this rotation's key, or the one that a rollback leaves. Nothing of an adopted candidate. */
async function writtenBy(input: ActInput, versions: readonly VersionSighting[]): Promise<readonly VersionSighting[]> {
  const { ports, secret, journal } = input;
  const above = versions.filter(({ number, state }) => number > journal.from && state === 'enabled');
  if (journal.reason === 'rollback') return above.filter(({ number }) => number === journal.to);
  if (journal.candidate === 'adopted') return [];
  const key = await candidateKey(input);
  if (key instanceof Fault && key.code !== 'not_found') throw key;
  if (key === undefined || key instanceof Fault) {
    const named = above.filter(({ number }) => number === journal.to);
    if (named.length > 0 && journal.candidate === 'minted') throw new Fault('unproven', notWritten(secret, journal.to));
    return named;
  }
  return copiesOf(ports.vault, secret, key, above);
}

/** A key that we made can be asked for as long as it is there: where it cannot, a journal alone takes no version away (I16). */
function notWritten(secret: string, version: number | undefined): string {
  return `version ${version} of ${secret} is not proven to be this rotation’s: its key is none that we know of. See who wrote the secret’s annotations; if it is to go, disable it by hand and resume`;
}

/**
 * Adds the old key above everything else; answers the new version's number. Held when the old key does not work. One that leaked
 * and was replaced stays away: then what consumers read is added again.
 */
async function addAgain(input: ActInput, { aliases }: SecretSighting): Promise<number | Outcome> {
  const { ports, secret, journal, isLeak } = input;
  const { current } = aliases;
  const version = isLeak === true && current !== undefined ? current : journal.from;
  const reading = await attempt(() => ports.vault.read(secret, version));
  if (reading instanceof Fault) return unsure(reading);
  const key = heldKeyIn(reading.bytes, input.mint.keyField);
  const trouble = key === undefined ? 'it holds no key' : await unproven(input, key);
  if (typeof trouble === 'string')
    return { kind: 'refused', why: `version ${version} cannot be read by consumers again: ${trouble}` };
  if (trouble?.kind === 'refused')
    return {
      ...trouble,
      why: `neither the new key nor the old one works (${trouble.why}): add a good one by hand, then resume`,
    };
  if (trouble !== undefined) return trouble;
  const added = await attempt(() => ports.vault.add(secret, reading.bytes));
  return added instanceof Fault ? unsure(added) : added.number;
}

/**
 * The newest version where it holds the old key: a discard that was cut short added it, and it is no candidate. An old
 * version that nobody can read was not added again.
 */
async function addedAgain({ ports, secret, journal }: ActInput, newest?: VersionSighting): Promise<readonly number[]> {
  const { from, to } = journal;
  if (newest === undefined || newest.number <= from || newest.number === to) return [];
  const copies = await attempt(() => copiesOfVersion(ports.vault, secret, from, [newest]));
  if (!(copies instanceof Fault)) return copies.map(({ number }) => number);
  if (copies.code === 'disabled' || copies.code === 'destroyed') return [];
  throw copies;
}

/**
 * By the id it was asked for under: a mint whose answer was lost is not in the journal. Most often there was none, which
 * a look tells; who may not even look is no prisoner of that, because what might be left is the sweep's (I5). A key that
 * consumers read stays, whatever the journal says of it.
 */
async function deleteKey({ ports, secret, journal, keyProject }: ActInput, seen: SecretSighting): Promise<void> {
  const { issuer } = ports;
  const deleted = await attempt(async () => {
    const name = journal.toKey?.name ?? (await issuer.look(keyNameOf(keyProject, journal.id))).name;
    if (!(await isRead(ports, { secret, readAs: readAsOf(seen) }, name))) await issuer.delete(name, false);
  });
  if (!(deleted instanceof Fault) || deleted.code === 'not_found') return;
  if (journal.toKey !== undefined || !NOT_LET_IN.includes(deleted.code)) throw deleted;
}

const NOT_LET_IN: readonly FaultCode[] = ['denied', 'switched_off'];
