import { projectIn } from '../../core/google/resource-names.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { SecretName } from '../ports/ports.ts';

/**
 * The projects whose keys may be made, read and touched for a secret: the one that the settings name for new keys, the
 * watched ones, and the secret's own. `settings` is the deployment's policy: what an annotation adds is no authority (I16). The
 * secret's name may be given as it was asked for and as Google spells it, by number.
 */
export function keyProjectsFor(settings: SecretPolicy, ...spellings: readonly SecretName[]): readonly string[] {
  const { keyProject } = settings.mint;
  const named = [...(keyProject === undefined ? [] : [keyProject]), ...(settings.keyProjects ?? [])];
  return [...new Set([...spellings.map(projectIn), ...named])];
}
