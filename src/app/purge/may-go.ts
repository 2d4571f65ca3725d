import type { KeyText } from '../../core/key/key-text.ts';
import { isToldOfLeak } from '../../core/rotation/last-current.ts';
import { valueOf } from '../../core/record/part.ts';
import { copiesOf } from '../keys/copies.ts';
import { isMarkedFor, LEAK_MARK } from '../keys/key-marks.ts';
import { isRead } from '../keys/read-by-consumers.ts';
import { freeingText, holdersText, type Holders } from '../listing/holders.ts';
import { BY_NUMBER } from '../listing/unnamed-versions.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { IssuedKey, Issuer, SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import { readAsOf } from '../probe/probe-secret.ts';

export interface GoingPorts {
  readonly vault: Vault;
  /** Proven for the secret (I16). */
  readonly issuer: Issuer;
  readonly holders: Holders;
}

/**
 * Rejects with `wrong_state` while somebody would be without a key for the deletion of this one. Consumers whom others brought back
 * to a leaked key lose it all the same: its mark at the issuer says that they had a better one, and people were told before.
 */
export async function mayGo(
  { vault, issuer, holders }: GoingPorts,
  sighting: SecretSighting,
  record: IssuedKey,
  { isLeak }: { readonly isLeak: boolean },
): Promise<void> {
  const { name: secret } = sighting;
  const readAs = readAsOf(sighting);
  let reading: Promise<KeyText> | undefined;
  const once = { keyString: () => (reading ??= issuer.keyString(record.name)) };
  if (await isRead({ vault, issuer: once }, { secret, readAs }, record.name)) {
    const isMarked = isLeak && isMarkedFor(record, secret, LEAK_MARK);
    const journal = valueOf(sighting.record.rotation);
    if (!isMarked)
      throw new Fault(
        'wrong_state',
        `consumers read this very key as ${readAs}, so it is not deleted: rotate first if it should go`,
      );
    if (!isToldOfLeak(journal, valueOf(sighting.record.lastCurrent) ?? undefined))
      throw new Fault(
        'wrong_state',
        `somebody brought consumers back to this very key as ${readAs}: people are told of that first, and then it is deleted all the same`,
      );
  }
  const key = await attempt(() => once.keyString());
  if (key instanceof Fault) {
    if (key.code !== 'not_found') throw key; // else the issuer forgot it, and it is nobody's
    return;
  }
  await unheld(holders, secret, key);
  if (!isLeak) await unheldByItself(vault, secret, key);
}

/** Rejects with `wrong_state`, which names them, while other secrets serve the key. */
async function unheld(holders: Holders, secret: SecretName, key: KeyText): Promise<void> {
  const others = await holders.othersBeforeDeletion(key, secret);
  if (others.length === 0) return;
  throw new Fault(
    'wrong_state',
    `other secrets serve this very key, so it is not deleted: ${holdersText(others)}. ${freeingText(others)}`,
  );
}

/** The same of this secret's own versions, also those that no name leads to. Of a leak they are told, and keep it from nothing. */
async function unheldByItself(vault: Vault, secret: SecretName, key: KeyText): Promise<void> {
  const [copy] = await copiesOf(vault, secret, key, await vault.versions(secret));
  if (copy === undefined) return;
  const holder = { secret, version: copy.number, readAs: BY_NUMBER };
  throw new Fault(
    'wrong_state',
    `version ${copy.number} is enabled and holds this very key, so it is not deleted. ${freeingText([holder])}`,
  );
}
