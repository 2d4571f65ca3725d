import { lintStoredBytes } from '../../core/key/stored-bytes.ts';
import { sameBytes } from '../../core/values/same-bytes.ts';
import { holdsKey } from '../../core/key/stored-form.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { SecretName, Vault, VersionSighting } from '../ports/ports.ts';

/** The enabled ones of these versions that hold this very key, in whatever form: what a rotation wrote, whoever recorded it. */
export async function copiesOf(
  vault: Vault,
  secret: SecretName,
  key: KeyText,
  versions: readonly VersionSighting[],
): Promise<readonly VersionSighting[]> {
  return readable(vault, secret, versions, (bytes) => holdsKey(bytes, key));
}

/** The enabled ones with the very bytes of a version that holds a key and is readable: a person’s own version differs in something. */
export async function copiesOfVersion(
  vault: Vault,
  secret: SecretName,
  number: number,
  among: readonly VersionSighting[],
): Promise<readonly VersionSighting[]> {
  if (among.length === 0) return [];
  const { bytes: original } = await vault.read(secret, number);
  if (lintStoredBytes(original).candidates.length === 0) return [];
  return readable(vault, secret, among, (bytes) => sameBytes(bytes, original));
}

async function readable(
  vault: Vault,
  secret: SecretName,
  versions: readonly VersionSighting[],
  isWanted: (bytes: Uint8Array) => boolean,
): Promise<readonly VersionSighting[]> {
  const wanted: VersionSighting[] = [];
  for (const version of versions) {
    if (version.state !== 'enabled') continue;
    const { bytes } = await vault.read(secret, version.number);
    if (isWanted(bytes)) wanted.push(version);
  }
  return wanted;
}
