import type { KeyText } from '../../core/key/key-text.ts';
import { storedFormOf } from '../../core/key/stored-form.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault, VersionRef } from '../ports/ports.ts';

/** The key that a consumer of a secret uses, or why the value gives none, with no byte of it (I9). */
export type ConsumerKey =
  | { readonly is: 'key'; readonly key: KeyText; readonly version: number }
  | { readonly is: 'none'; readonly version: number; readonly says: string };

interface Order {
  readonly secret: SecretName;
  readonly readAs: VersionRef;
  /** Where the key stands in a document; what the secret's own policy names, where it is wanted and may be read. */
  readonly field?: string | undefined;
}

/**
 * Reads a secret as its consumer, with one access and nothing but `secretAccessor`. Where a document holds several keys, the policy on
 * the secret says which; a consumer that may not see it names the field. Rejects with `Fault`.
 */
export async function consumerKey({ vault }: { readonly vault: Vault }, order: Order): Promise<ConsumerKey> {
  const { secret, readAs, field } = order;
  const { bytes, number } = await vault.read(secret, readAs);
  const plain = storedFormOf(bytes, field);
  const isOpen = plain.is === 'not_kept' && plain.why === 'several_keys' && field === undefined;
  const named = isOpen ? await fieldOnRecord(vault, secret) : undefined;
  const stored = named === undefined ? plain : storedFormOf(bytes, named);
  if (stored.is === 'kept') return { is: 'key', key: stored.key, version: number };
  const where = stored.fields.length > 0 ? ` (in ${stored.fields.join(', ')}): name one with --field` : '';
  return { is: 'none', version: number, says: `version ${number} ${stored.says}${where}` };
}

/** The field that the policy names; `undefined` too where the metadata may not be read, which a consumer need not. */
async function fieldOnRecord(vault: Vault, secret: SecretName): Promise<string | undefined> {
  const sighting = await attempt(() => vault.look(secret));
  if (sighting instanceof Fault || sighting.record.policy.is !== 'read') return undefined;
  const { keyField } = sighting.record.policy.value;
  return typeof keyField === 'string' ? keyField : undefined;
}
