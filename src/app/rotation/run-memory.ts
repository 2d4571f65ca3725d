import type { IssuedKey, SecretName, Vault, VersionReading, VersionRef } from '../ports/ports.ts';

/** Where to read what a version holds. */
export type Contents = Pick<Vault, 'read'>;

/** Why a key has no record at its issuer that we know of. */
export interface NoRecord {
  readonly because: string;
}

/** What one run has found out about a secret and cannot change while the run lasts, so that no later step asks again. */
export interface RunMemory {
  /** What versions hold, which never changes. Whether one can be read is for the vault to say, each time. */
  readonly contents: Contents;
  /** What the issuer knows of the key that a version holds, asked before a rotation begins and needed again by its mint. */
  readonly records: Map<string, IssuedKey | NoRecord>;
  /** Names of keys that were proven to be this secret's (I16). */
  readonly proven: Set<string>;
}

/** A memory for one run over one secret; nothing of it outlives the run. */
export function runMemory(vault: Vault): RunMemory {
  const held = new Map<string, VersionReading>();
  const read = async (secret: SecretName, version: VersionRef): Promise<VersionReading> => {
    const name = `${secret} ${version}`;
    const known = held.get(name);
    if (known !== undefined) return known;
    const reading = await vault.read(secret, version);
    // An alias may be moved; what stands under a number stays.
    if (typeof version === 'number') held.set(name, reading);
    return reading;
  };
  return { contents: { read }, records: new Map(), proven: new Set() };
}

/** Where a step of a run reads what a version holds. */
export function contentsFor({
  vault,
  memory,
}: {
  readonly vault: Vault;
  readonly memory?: RunMemory | undefined;
}): Contents {
  return memory?.contents ?? vault;
}
