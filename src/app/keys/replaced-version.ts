import { holdsKey } from '../../core/key/stored-form.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Issuer, SecretName, SecretSighting, Vault } from '../ports/ports.ts';

/** A version that a journal calls the replaced one, and the name that it gives of its key. */
export interface Replaced {
  readonly secret: SecretName;
  readonly version: number;
  readonly keyName?: string | undefined;
}

/** Whether the alias that a promotion sets on the version it replaces says so too. */
export function isPrevious({ aliases }: Pick<SecretSighting, 'aliases'>, version: number): boolean {
  return aliases['previous'] === version;
}

/**
 * A journal's word is not enough to take a version from whoever reads it (I16): the alias of the replaced version names
 * it, or it holds the key whose name was proven. Rejects with `unproven`, or with `Fault` when that cannot be told.
 */
export async function proveReplaced(
  { vault, issuer }: { readonly vault: Vault; readonly issuer: Issuer },
  { secret, version, keyName }: Replaced,
  sighting: SecretSighting,
): Promise<void> {
  if (isPrevious(sighting, version)) return;
  const key = keyName === undefined ? undefined : await attempt(() => issuer.keyString(keyName));
  if (key instanceof Fault && key.code !== 'not_found') throw key;
  if (key !== undefined && !(key instanceof Fault) && holdsKey((await vault.read(secret, version)).bytes, key)) return;
  throw new Fault(
    'unproven',
    `version ${version} of ${secret} is not proven to be the one that was replaced: the alias previous does not name it, and it holds no key that is known to be this secret’s. See who wrote the secret’s annotations and aliases; if it is to go, disable it by hand and resume`,
  );
}
