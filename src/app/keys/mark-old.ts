import { holdsKey } from '../../core/key/stored-form.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { Issuer, SecretName, Vault } from '../ports/ports.ts';
import { LEAK_MARK, markFor } from './key-marks.ts';
import { recordAtIssuer } from './record-at-issuer.ts';

/** A key that a rotation replaced, by a name that is proven (I16), and the version that holds it. */
interface Old {
  readonly secret: SecretName;
  readonly name: string;
  readonly version: number;
  /** Its rotation is an emergency. */
  readonly isLeak: boolean;
}

/**
 * Marks an old key at its issuer as this secret's, for which the purge takes no other word, and one that leaked as leaked: from then
 * on it is deleted whatever the secret's annotations and aliases come to say. One that is deleted is left as it is. The marks
 * of other secrets stay beside ours. Rejects with `Fault`.
 */
export async function markOld(
  { vault, issuer }: { readonly vault: Vault; readonly issuer: Issuer },
  { secret, name, version, isLeak }: Old,
): Promise<void> {
  const record = await recordAtIssuer(issuer, name);
  if (record === undefined || record.deletedAt !== undefined) return;
  const leak = isLeak ? markFor(record, secret, LEAK_MARK) : undefined;
  const mayMark = leak !== undefined && (await isReplaced({ vault, issuer }, { secret, name, version }));
  const marks = { ...markFor(record, secret), ...(mayMark ? leak : {}) };
  if (Object.keys(marks).length > 0) await issuer.mark(name, marks);
}

/**
 * Whether the old version holds this very key, and what consumers read now does not: a journal that calls their key leaked is
 * not enough to have it deleted.
 */
async function isReplaced(
  { vault, issuer }: { readonly vault: Vault; readonly issuer: Issuer },
  { secret, name, version }: Omit<Old, 'isLeak'>,
): Promise<boolean> {
  const seen = await attempt(async () => {
    const [old, now] = [await vault.read(secret, version), await vault.read(secret, 'current')];
    const key = await issuer.keyString(name);
    return holdsKey(old.bytes, key) && !holdsKey(now.bytes, key);
  });
  if (!(seen instanceof Fault)) return seen;
  if (isUnreadable(seen)) return false;
  throw seen;
}
