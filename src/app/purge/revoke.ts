import { holdsKey } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { plural } from '../../core/values/plural.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Actor } from '../../core/record/actor.ts';
import { keyOnRecord } from '../../core/record/key-on-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { isMarkedFor } from '../keys/key-marks.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import { holdersIn, holdersText, notLookedText, type Holder, type Holders } from '../listing/holders.ts';
import type { Scope } from '../listing/gather.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { IssuedKey, Issuer, Log, SecretName, SecretSighting, VersionReading } from '../ports/ports.ts';
import { readAsOf } from '../probe/probe-secret.ts';
import { openLeakOf } from './open-leak-of.ts';
import type { WatchPorts } from './watch-leaks.ts';

export type RevokePorts = WatchPorts & { readonly log: Log };

/** Which key of which secret must die now, although no successor may be there. */
export interface RevokeOrder extends Omit<Scope, 'secrets'> {
  readonly secret: SecretName;
  /** As people know it, usually its id. */
  readonly project: string;
  readonly secretPolicy: SecretPolicy;
  /** The uid of the key; without it is only said what could be deleted. */
  readonly confirm?: string | undefined;
  readonly by?: Actor | undefined;
}

/** A key of the secret that is alive at its issuer, and who is without one when it is deleted. */
export interface Doomed {
  readonly key: string;
  readonly uid: string;
  readonly displayName: string;
  readonly version: number;
  /** What consumers of this secret read it as; absent where they read another version. */
  readonly readAs?: string | undefined;
  /** Other secrets that serve it (I13), in words; absent where none does. */
  readonly alsoServed?: string | undefined;
  /** What was not looked at for others that serve it. */
  readonly notLooked?: string | undefined;
}

export type Revoked =
  | { readonly outcome: 'would_delete'; readonly doomed: readonly Doomed[]; readonly why: string }
  | { readonly outcome: 'deleted'; readonly doomed: Doomed; readonly why: string }
  | { readonly outcome: 'refused'; readonly why: string };

/**
 * Deletes a key at its issuer whoever reads it, or says which could be deleted. It works from the bytes of the secret and from the
 * issuer alone: an annotation that cannot be read keeps nothing alive. The handle is proven (I16), whoever else serves the key is
 * named before (`warn`, I13), and its leak is open until it is proven dead (I18). Rejects with `Fault`.
 */
export async function revoke(ports: RevokePorts, order: RevokeOrder, warn: (doomed: Doomed) => void): Promise<Revoked> {
  const sighting = await ports.vault.look(order.secret);
  const keyProjects = keyProjectsFor(order.secretPolicy, sighting.name, order.secret);
  const { values, versions } = await readAll(ports, sighting);
  const issuer = provenIssuer(ports, { secret: sighting.name, keyProjects, versions });
  const held = await keysHeld(issuer, { sighting, keyProjects, values, versions, confirm: order.confirm });
  const holders = holdersIn(ports, order);
  const doomed: Doomed[] = [];
  for (const one of held) doomed.push(await doomedOf({ ...ports, holders }, sighting, one));
  const [only] = doomed;
  if (only === undefined) return { outcome: 'refused', why: noneOf(sighting.name, order.confirm, keyProjects) };
  if (order.confirm === undefined)
    return { outcome: 'would_delete', doomed, why: 'nothing was changed: name the uid of the key that must die' };
  warn(only);
  const isWatched = await openLeakOf(ports, order, sighting, only);
  await issuer.delete(only.key, false);
  ports.log.write('WARNING', `${only.key} was deleted at its issuer, as somebody asked for`, { secret: sighting.name });
  return {
    outcome: 'deleted',
    doomed: only,
    why: `deleted at its issuer, which can undo it for 30 days; ${isWatched ? 'its death is watched' : NOT_WATCHED}`,
  };
}

const NOT_WATCHED =
  'its death is not watched, because the secret could not remember it: see yourself in half an hour that Google refuses it';

function noneOf(secret: SecretName, confirm: string | undefined, keyProjects: readonly string[]): string {
  const where = `of ${plural(keyProjects.length, 'project')} (${keyProjects.join(', ')})`;
  return confirm === undefined
    ? `${secret} holds no key ${where} that is alive: one that was made elsewhere has to be deleted there`
    : `no key ${where} that is alive has the uid ${confirm} and is proven to be one of ${secret}: nothing was deleted`;
}

interface Held {
  readonly issued: IssuedKey;
  readonly characters: KeyText;
  readonly version: number;
}

/** Every version, and the values of those that can be read. */
async function readAll({ vault }: RevokePorts, { name }: SecretSighting) {
  const values: VersionReading[] = [];
  const all = await vault.versions(name);
  for (const { number } of all.filter(({ state }) => state === 'enabled')) {
    const reading = await attempt(() => vault.read(name, number));
    if (!(reading instanceof Fault)) values.push(reading);
    else if (!isUnreadable(reading)) throw reading;
  }
  return { values, versions: all.map(({ number }) => number) };
}

interface Sought {
  readonly sighting: SecretSighting;
  readonly keyProjects: readonly string[];
  readonly values: readonly VersionReading[];
  readonly versions: readonly number[];
  readonly confirm: string | undefined;
}

/** The keys of the settings' projects whose characters a version holds, or that bear our mark and are on record for one. */
async function keysHeld(issuer: Issuer, sought: Sought): Promise<readonly Held[]> {
  const { sighting, keyProjects, confirm } = sought;
  const held: Held[] = [];
  // A project may be spelled by its id and by its number.
  const seen = new Set<string>();
  for (const project of keyProjects) {
    for await (const issued of issuer.list(project, false)) {
      if (seen.has(issued.name) || (confirm !== undefined && issued.uid !== confirm)) continue;
      seen.add(issued.name);
      const characters = await attempt(() => issuer.keyString(issued.name));
      if (characters instanceof Fault) {
        if (characters.code !== 'not_found') throw characters; // else it was deleted since it was listed
        continue;
      }
      const version =
        sought.values.find(({ bytes }) => holdsKey(bytes, characters))?.number ??
        (isMarkedFor(issued, sighting.name) ? versionOnRecord(sought, issued.name) : undefined);
      if (version !== undefined) held.push({ issued, characters, version });
    }
  }
  return held;
}

/** Of a version that is disabled nobody can read the key: the record names it, and our mark on the key proves it. */
function versionOnRecord({ sighting: { record }, versions }: Sought, key: string): number | undefined {
  const leaks = valueOf(record.leaks) ?? [];
  return (
    leaks.find((leak) => leak.key === key)?.version ??
    versions.find((version) => keyOnRecord(record, version)?.name === key)
  );
}

async function doomedOf(
  { vault, holders }: RevokePorts & { readonly holders: Holders },
  sighting: SecretSighting,
  { issued, characters, version }: Held,
): Promise<Doomed> {
  const readAs = readAsOf(sighting);
  const read = await attempt(() => vault.lookVersion(sighting.name, readAs));
  const others = await attempt(() => holders.othersOf(characters, sighting.name));
  const { name: key, uid, displayName } = issued;
  return {
    key,
    uid,
    displayName,
    version,
    readAs: !(read instanceof Fault) && read.number === version ? readAs : undefined,
    ...(others instanceof Fault
      ? { notLooked: others.message }
      : { alsoServed: servedText(others), notLooked: notLookedText(holders.notLooked()) }),
  };
}

function servedText(others: readonly Holder[]): string | undefined {
  return others.length === 0 ? undefined : holdersText(others);
}
