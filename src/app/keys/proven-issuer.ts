import { keyNameOf, parseKeyName } from '../../core/google/resource-names.ts';
import { holdsKey } from '../../core/key/stored-form.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { IssuedKey, Issuer, SecretName, Vault } from '../ports/ports.ts';
import { isMarkedFor } from './key-marks.ts';

/** For which secret a key's name must be proven, and by what. */
export interface KeyClaim {
  /** As Google spells it, which is how our marks name it. */
  readonly secret: SecretName;
  /** The projects of the settings: in no other one is a key asked for, read or touched. */
  readonly keyProjects: readonly string[];
  /** Versions that may hold the key, as far as they can be read. */
  readonly versions: readonly number[];
  /** Names that the same run has proven already. */
  readonly proven?: Set<string> | undefined;
}

/**
 * An issuer for names that an annotation gave (I16). Whoever may write one secret could name any key there; so a name is
 * only a hint until the key lies in a project of the settings, and bears our mark for this secret or has the very string
 * that a version of the secret holds. What fails rejects with `unproven`: nothing of it was read for use, or touched.
 * Keys that the issuer itself lists may be read for comparison. What is proven is remembered as long as
 * `claim.proven` is, or else for one act.
 */
export function provenIssuer(
  { vault, issuer }: { readonly vault: Vault; readonly issuer: Issuer },
  claim: KeyClaim,
): Issuer {
  const known = claim.proven ?? new Set<string>();
  const listed = new Set<string>();
  /** The record that a first proof looked at. */
  const prove = async (name: string): Promise<IssuedKey | undefined> => {
    if (known.has(name)) return undefined;
    const record = await provenRecord({ vault, issuer }, claim, name);
    known.add(name);
    return record;
  };
  const within = (project: string): void => {
    if (claim.keyProjects.includes(project)) return;
    throw new Fault(
      'unproven',
      `no key is made or looked for in project ${project}, which the settings do not name: see KEY_WARDEN_KEY_PROJECT and KEY_WARDEN_PROJECTS`,
    );
  };
  return {
    async mint(order) {
      within(order.project);
      const minted = await issuer.mint(order);
      known.add(minted.name);
      return minted;
    },
    async look(name) {
      return (await prove(name)) ?? issuer.look(name);
    },
    async keyString(name) {
      if (!listed.has(name)) await prove(name);
      return issuer.keyString(name);
    },
    async mark(name, annotations) {
      await prove(name);
      return issuer.mark(name, annotations);
    },
    async delete(name, unlessUsed) {
      await prove(name);
      return issuer.delete(name, unlessUsed);
    },
    async undelete(name) {
      await prove(name);
      return issuer.undelete(name);
    },
    async *list(project, withDeleted) {
      within(project);
      for await (const key of issuer.list(project, withDeleted)) {
        listed.add(key.name);
        yield key;
      }
    },
  };
}

/** Rejects with `unproven`, or with `not_found` where no project of the settings has such a key. */
async function provenRecord(
  { vault, issuer }: { readonly vault: Vault; readonly issuer: Issuer },
  claim: KeyClaim,
  name: string,
): Promise<IssuedKey> {
  const record = await recordOf(issuer, claim.keyProjects, name);
  if (isMarkedFor(record, claim.secret)) return record;
  const key = await issuer.keyString(record.name);
  let trouble: Fault | undefined;
  for (const version of claim.versions) {
    const reading = await attempt(() => vault.read(claim.secret, version));
    if (reading instanceof Fault) trouble ??= isUnreadable(reading) ? undefined : reading;
    else if (holdsKey(reading.bytes, key)) return record;
  }
  // Another worker marks the key and then disables its version: what could not be read is marked by now.
  const again = await recordOf(issuer, claim.keyProjects, name);
  if (isMarkedFor(again, claim.secret)) return again;
  // What may be readable in a moment proves nothing against the name.
  if (trouble !== undefined) throw trouble;
  throw new Fault(
    'unproven',
    `${name} is not proven to be a key of ${claim.secret}: it bears no mark of ours for it, and no version that can be read holds it. See who wrote the secret’s annotations, and mend them`,
  );
}

/**
 * Whether a name that is not proven is at least of no key that anybody could still use: a person deleted it before it could be
 * marked. Asked for in the settings' own projects alone.
 */
export async function isDeletedAtIssuer(issuer: Issuer, projects: readonly string[], name: string): Promise<boolean> {
  const record = await attempt(() => recordOf(issuer, projects, name));
  return !(record instanceof Fault) && record.deletedAt !== undefined;
}

/** The key under the id that a name gives, asked for in the settings' own projects alone: the name's own is never called. */
async function recordOf(issuer: Issuer, projects: readonly string[], name: string): Promise<IssuedKey> {
  const { project: own = '', id = '' } = parseKeyName(name) ?? {};
  // A project may be known by its id alone, and a name has its number: then the answer tells whether they are the same.
  for (const project of projects.includes(own) ? [own] : projects) {
    if (id === '') break;
    const asked = keyNameOf(project, id);
    const record = await attempt(() => issuer.look(asked));
    if (record instanceof Fault) {
      if (record.code !== 'not_found') throw record;
    } else if (record.name === name || asked === name) return record;
  }
  const why = `No project of the settings has a key ${name}.`;
  // That it is forgotten, as any is 30 days after its deletion, can only be said of a key that one of these projects made.
  throw new Fault((await isAmong(issuer, projects, own)) ? 'not_found' : 'unproven', why);
}

/** Whether a project is one of these, which may be spelled by its number where they are by their ids: their keys’ names have that. */
async function isAmong(issuer: Issuer, projects: readonly string[], own: string): Promise<boolean> {
  if (projects.includes(own)) return true;
  for (const project of projects)
    for await (const { name } of issuer.list(project, true)) {
      if (parseKeyName(name)?.project === own) return true;
      break;
    }
  return false;
}
