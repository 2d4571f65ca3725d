import { parseSecretName, secretNameOf } from '../../core/google/resource-names.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, SecretScope, Vault } from '../ports/ports.ts';

/**
 * Whether a secret that a caller or an event names lies in the projects and locations of the settings: they authorise,
 * the name does not (I16). A name with a project's number is asked for in the settings' own projects alone, and the answer
 * tells whether it is the same secret; the project that it names is never called. Rejects with `Fault` when that cannot be told.
 */
export async function isWithin(vault: Vault, scopes: readonly SecretScope[], name: SecretName): Promise<boolean> {
  const id = parseSecretName(name);
  if (id === undefined) return false;
  const near = scopes.filter(({ location }) => location === id.location);
  if (near.some(({ project }) => project === id.project)) return true;
  for (const { project } of near) {
    const seen = await attempt(() => vault.look(secretNameOf({ ...id, project })));
    if (!(seen instanceof Fault)) {
      if (seen.name === name) return true;
    } else if (seen.code !== 'not_found') throw seen;
  }
  return false;
}

/** The first of the names that a caller gave which lies outside; `undefined` where all are within. */
export async function firstOutside(
  vault: Vault,
  scopes: readonly SecretScope[],
  names: readonly SecretName[],
): Promise<SecretName | undefined> {
  for (const name of names) if (!(await isWithin(vault, scopes, name))) return name;
  return undefined;
}

/** What is said of a secret outside. */
export function outside(secret: SecretName): string {
  return `${secret} is in none of the projects and locations of the settings (KEY_WARDEN_PROJECTS, KEY_WARDEN_LOCATIONS), so nothing is done to it`;
}
