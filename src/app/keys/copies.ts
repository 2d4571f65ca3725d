import { lintStoredBytes } from '../../core/key/stored-bytes.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { SecretName, Vault, VersionSighting } from '../ports/ports.ts';

/** The enabled ones of these versions that hold this very key: what a rotation wrote, whoever recorded it. */
export async function copiesOf(
  vault: Vault,
  secret: SecretName,
  key: KeyText,
  versions: readonly VersionSighting[],
): Promise<readonly VersionSighting[]> {
  const copies: VersionSighting[] = [];
  for (const version of versions) {
    if (version.state !== 'enabled') continue;
    const { bytes } = await vault.read(secret, version.number);
    if (lintStoredBytes(bytes).key?.equals(key) === true) copies.push(version);
  }
  return copies;
}

/** The same for the key that a version holds; that version must be readable. */
export async function copiesOfVersion(
  vault: Vault,
  secret: SecretName,
  number: number,
  among: readonly VersionSighting[],
): Promise<readonly VersionSighting[]> {
  if (among.length === 0) return [];
  const { key } = lintStoredBytes((await vault.read(secret, number)).bytes);
  return key === undefined ? [] : copiesOf(vault, secret, key, among);
}
