import { Fault } from '../../../src/app/ports/fault.ts';
import type { SecretScope, SecretSighting, VersionRef, VersionSighting } from '../../../src/app/ports/ports.ts';
import { parseSecretName, scopeParentOf, secretNameOf } from '../../../src/core/google/resource-names.ts';

export interface StoredVersion {
  sighting: VersionSighting;
  /** Absent once destroyed. */
  bytes: Uint8Array | undefined;
}

export interface StoredSecret {
  sighting: SecretSighting;
  readonly versions: StoredVersion[];
  readonly destroyDelayMs: number | undefined;
}

/** Answers name projects by number, whatever was sent; every id stands for this one here. */
const PROJECT_NUMBER = '123456789012';

/** The secrets of the twin, found by any name that the API would take for them. */
export interface MemorySecrets {
  put(stored: StoredSecret): void;
  /** Throws `not_found`. */
  get(name: string): StoredSecret;
  /** Newest first, as the API lists. */
  within(scope: SecretScope): readonly StoredSecret[];
}

export function memorySecrets(): MemorySecrets {
  const secrets = new Map<string, StoredSecret>();
  return {
    put(stored) {
      const { name } = stored.sighting;
      if (secrets.has(name)) throw new Fault('exists', `Secret [${name}] already exists.`);
      secrets.set(name, stored);
    },
    get(name) {
      const found = secrets.get(canonicalName(name));
      if (found === undefined) throw new Fault('not_found', `Secret [${canonicalName(name)}] not found.`);
      return found;
    },
    within(scope) {
      const prefix = `${scopeParentOf({ ...scope, project: numberOf(scope.project) })}/secrets/`;
      return [...secrets.values()].filter(({ sighting }) => sighting.name.startsWith(prefix)).toReversed();
    },
  };
}

/** The name with the project's number in it. Throws `invalid` for what is not a secret's name. */
export function canonicalName(name: string): string {
  const id = parseSecretName(name);
  if (id === undefined) throw new Fault('invalid', `"${name}" is not the name of a secret.`);
  return secretNameOf({ ...id, project: numberOf(id.project) });
}

function numberOf(project: string): string {
  return /^\d+$/.test(project) ? project : PROJECT_NUMBER;
}

/** `latest` is the newest version in any state; an alias resolves whatever state its version is in. */
export function versionOf({ sighting, versions }: StoredSecret, ref: VersionRef): StoredVersion {
  const number = ref === 'latest' ? versions.length : typeof ref === 'number' ? ref : numberBehind(sighting, ref);
  const found = versions.find((version) => version.sighting.number === number);
  if (found === undefined) throw new Fault('not_found', `Secret Version [${sighting.name}/versions/${ref}] not found.`);
  return found;
}

function numberBehind({ name, aliases }: SecretSighting, ref: string): number {
  if (/^\d+$/.test(ref)) return Number(ref);
  const number = aliases[ref];
  if (number === undefined) throw new Fault('not_found', `Secret [${name}] has no alias [${ref}]`);
  return number;
}
