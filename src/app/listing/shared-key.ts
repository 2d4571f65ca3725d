import { heldKeyIn } from '../../core/key/stored-form.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { plural } from '../../core/values/plural.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault, VersionRef } from '../ports/ports.ts';
import { holdersText, type Holder, type Holders } from './holders.ts';

/** Who else serves the key of a secret, asked before anything is done to it (I13). */
export interface SharedKey {
  readonly holders: readonly Holder[];
  /** Why there may be more: what nobody could look at. */
  readonly notLooked: readonly string[];
}

export interface SharedKeyOrder {
  readonly secret: SecretName;
  /** The version that is to be replaced; what consumers read when left out. */
  readonly version?: VersionRef | undefined;
  /** The deployment's; the secret's own comes on top. */
  readonly secretPolicy: SecretPolicy;
  /** Field of the stored value that holds the key, where whoever asks names it. */
  readonly keyField?: string | undefined;
}

/**
 * Finds who else serves the key that a secret serves. Trouble is said and is no answer: whoever asks goes on, because what is
 * done to this secret takes the key from nobody else until it is deleted, and then it is asked again.
 */
export async function sharedKeyOf(
  vault: Vault,
  holders: Holders,
  { secret, version, secretPolicy, keyField }: SharedKeyOrder,
): Promise<SharedKey> {
  const found = await attempt(async () => {
    const { name, aliases, record } = await vault.look(secret);
    const field = keyField ?? secretPolicyOf(record, secretPolicy).secretPolicy.mint.keyField;
    const { bytes } = await vault.read(secret, version ?? aliases['current'] ?? 'latest');
    const key = heldKeyIn(bytes, field);
    return key === undefined ? [] : holders.othersOf(key, name);
  });
  if (found instanceof Fault) return { holders: [], notLooked: [found.message] };
  return { holders: found, notLooked: holders.notLooked() };
}

/** What people are told of it; nothing where nobody else serves the key and all was looked at. */
export function sharedKeyText({ holders, notLooked }: SharedKey): readonly string[] {
  const named =
    holders.length === 0
      ? []
      : [`the same key serves ${plural(holders.length, 'other secret')}: ${holdersText(holders)}`];
  const [first] = notLooked;
  const blind =
    first === undefined
      ? []
      : [
          `others may serve the same key: ${plural(notLooked.length, 'place')} not looked at, of which the first: ${first}`,
        ];
  return [...named, ...blind];
}
