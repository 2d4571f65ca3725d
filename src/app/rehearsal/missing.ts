import { VAULT_PERMISSIONS, type Need } from '../../core/google/vault-permissions.ts';
import type { SecretName, Vault } from '../ports/ports.ts';
import type { ToldCall } from './told.ts';

/**
 * The permissions on the secret that these calls need and the caller lacks. Rejects with `Fault` when that cannot be asked.
 * Listing is a permission of the project: who lacks it is told what was not looked at.
 */
export async function missingFor(
  vault: Vault,
  secret: SecretName,
  calls: readonly ToldCall[],
): Promise<readonly Need[]> {
  const told = new Set(calls.map(({ call }) => call));
  const needs = Object.entries(VAULT_PERMISSIONS).flatMap(([call, need]) =>
    call !== 'list' && told.has(`vault.${call}`) ? [need] : [],
  );
  const permitted = await vault.permitted(
    secret,
    needs.map(({ permission }) => permission),
  );
  return needs.filter(({ permission }) => !permitted.includes(permission));
}
