import { holdsKey } from '../../core/key/stored-form.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { Issuer, SecretName, Vault, VersionRef } from '../ports/ports.ts';

/**
 * Whether consumers read this very key, whatever the annotations say of it: then nobody deletes it (I5). What nobody can
 * read, or the issuer no longer knows, nobody uses. Rejects with `Fault` when that cannot be told.
 */
export async function isRead(
  { vault, issuer }: { readonly vault: Vault; readonly issuer: Pick<Issuer, 'keyString'> },
  { secret, readAs }: { readonly secret: SecretName; readonly readAs: VersionRef },
  name: string,
): Promise<boolean> {
  const same = await attempt(async () => {
    const { bytes } = await vault.read(secret, readAs);
    return holdsKey(bytes, await issuer.keyString(name));
  });
  if (!(same instanceof Fault)) return same;
  if (isUnreadable(same)) return false;
  throw same;
}
