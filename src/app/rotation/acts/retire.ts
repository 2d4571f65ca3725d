import { ROLLBACK } from '../../../core/causes/commands.ts';
import { lineFor } from '../../../core/causes/names.ts';
import type { Outcome } from '../../../core/rotation/advance.ts';
import { aliasesText, foreignAliasesOn } from '../../../core/rotation/foreign-alias.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import type { SecretSighting, VersionSighting } from '../../ports/ports.ts';
import { markLeft } from '../../keys/mark-left.ts';
import { markOld } from '../../keys/mark-old.ts';
import { copiesOfVersion } from '../../keys/copies.ts';
import { proveReplaced } from '../../keys/replaced-version.ts';
import { unsure, unwritten, type ActInput } from './act-input.ts';

/**
 * Disables the old version, and copies that a worker with a lost answer left. The order fences it: the versions' etags
 * are read first, then the secret is looked at again, so that a rollback which began in between has moved either.
 */
export async function retire(input: ActInput, sighting: SecretSighting): Promise<Outcome> {
  const { ports, secret } = input;
  const { from, fromKey } = input.journal;
  const done = await attempt(async () => {
    const versions = await ports.vault.versions(secret);
    const lost = lostVersion(input, versions) ?? stillRead(input, sighting, versions);
    if (lost !== undefined) return lost;
    const { old, again, copies } = await doomedVersions(input, versions);
    const doomed = [...old, ...again, ...copies];
    const read = readByAlias(input, sighting, doomed);
    if (read !== undefined) return read;
    if (doomed.some(({ number }) => number === from))
      await proveReplaced(input.ports, { secret, version: from, keyName: fromKey?.name }, sighting);
    await mark(input);
    await markCopies(input, again, copies);
    await unwritten(input, sighting);
    for (const version of doomed) await ports.vault.disable(secret, version);
    return undefined;
  });
  if (done instanceof Fault) return unsure(done);
  return done === undefined ? { kind: 'done' } : { kind: 'refused', why: done };
}

/** What consumers read is never the old version, whatever the journal says: somebody moved the alias, or wrote the journal. */
function stillRead(
  { journal: { from } }: ActInput,
  { aliases }: SecretSighting,
  versions: readonly VersionSighting[],
): string | undefined {
  const readAs = from === aliases['current'] ? 'current' : from === versions[0]?.number ? 'latest' : undefined;
  if (readAs === undefined) return undefined;
  return `consumers read version ${from} as ${readAs}, so it is not disabled: see who wrote the aliases and the annotations of the secret, and mend them`;
}

/**
 * Whoever set another alias on what is to be disabled reads it by that name, and is not left without a key. In an emergency that
 * keeps no leaked key alive; then they are told.
 */
function readByAlias(
  { journal }: ActInput,
  { aliases }: SecretSighting,
  doomed: readonly VersionSighting[],
): string | undefined {
  if (journal.emergency) return undefined;
  const held = doomed
    .map(({ number }) => [number, foreignAliasesOn(aliases, [number])] as const)
    .find(([, names]) => names.length > 0);
  if (held === undefined) return undefined;
  const [number, names] = held;
  return `${aliasesText(names, number)}, so it stays enabled: whoever reads it so would be without a key. Move it to the new version, or remove it, then resume`;
}

/** Its version can still be read to prove that the key is this secret's. */
async function mark({ ports, secret, journal }: ActInput): Promise<void> {
  const { fromKey, from, emergency } = journal;
  if (fromKey !== undefined) await markOld(ports, { secret, name: fromKey.name, version: from, isLeak: emergency });
}

/** The list of old keys names the old version alone: the purge knows these by the mark on their key. */
async function markCopies(
  { ports, secret, journal: { fromKey, toKey } }: ActInput,
  again: readonly VersionSighting[],
  copies: readonly VersionSighting[],
): Promise<void> {
  for (const [key, held] of [
    [fromKey, again],
    [toKey, copies],
  ] as const)
    if (key !== undefined && held.length > 0)
      await markLeft(ports, { secret, key: key.name, versions: held.map(({ number }) => number) });
}

/**
 * A hold may have lasted for days since the new key was proven: the old one stays while the new one cannot be read (I4), unless
 * it leaked.
 */
function lostVersion({ secret, journal, isLeak }: ActInput, versions: readonly VersionSighting[]): string | undefined {
  const { to } = journal;
  if (isLeak === true) return undefined;
  const state = to === undefined ? 'enabled' : (versions.find(({ number }) => number === to)?.state ?? 'gone');
  if (state === 'enabled') return undefined;
  return `version ${to}, which consumers read, is ${state}, so the old key stays: enable it and resume, or ${lineFor(ROLLBACK, secret)}`;
}

/**
 * `from`, and what workers left: copies of this rotation's key, and the old key where an earlier discard added it again.
 * Never what a person added, and never the newest version: readers of `latest` would be left without one.
 */
async function doomedVersions(
  { ports, secret, journal }: ActInput,
  versions: readonly VersionSighting[],
): Promise<Readonly<Record<'old' | 'again' | 'copies', readonly VersionSighting[]>>> {
  const { from, to, candidate, keepOld, rest } = journal;
  const enabled = versions.filter(({ state }) => state === 'enabled');
  const old = keepOld === true ? [] : enabled.filter(({ number }) => number === from);
  const others = enabled.filter(({ number }) => number !== from && number !== to && number !== versions[0]?.number);
  const passedOver = others.filter(({ number }) => rest.passedOver.includes(number));
  return {
    old,
    again: old.length === 0 ? [] : await copiesOfVersion(ports.vault, secret, from, passedOver),
    copies: to === undefined || candidate === 'adopted' ? [] : await copiesOfVersion(ports.vault, secret, to, others),
  };
}
