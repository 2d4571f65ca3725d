import type { KeyText } from '../../core/key/key-text.ts';
import { isToldOfLeak } from '../../core/rotation/last-current.ts';
import { valueOf } from '../../core/record/part.ts';
import { isMarkedFor, LEAK_MARK } from '../keys/key-marks.ts';
import { isRead } from '../keys/read-by-consumers.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { IssuedKey, Issuer, SecretSighting } from '../ports/ports.ts';
import { readAsOf } from '../probe/probe-secret.ts';
import { unheld, type UnheldPorts } from './unheld.ts';

export interface GoingPorts extends UnheldPorts {
  /** Proven for the secret (I16). */
  readonly issuer: Issuer;
}

/** A key at its issuer; the record is absent where that says that it has none, which one answer does not prove. */
export interface Going {
  readonly name: string;
  readonly record: IssuedKey | undefined;
}

/**
 * Rejects with `wrong_state` while somebody would be without a key for the deletion of this one. Consumers whom others brought back
 * to a leaked key lose it all the same: its mark at the issuer says that they had a better one, and people were told before.
 */
export async function mayGo(
  ports: GoingPorts,
  sighting: SecretSighting,
  { name, record }: Going,
  { isLeak }: { readonly isLeak: boolean },
): Promise<void> {
  const { vault, issuer } = ports;
  const { name: secret } = sighting;
  const readAs = readAsOf(sighting);
  let reading: Promise<KeyText> | undefined;
  const once = { keyString: () => (reading ??= issuer.keyString(name)) };
  if (await isRead({ vault, issuer: once }, { secret, readAs }, name)) {
    const isMarked = isLeak && record !== undefined && isMarkedFor(record, secret, LEAK_MARK);
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
  await unheld(ports, { secret, key, name, record, isLeak });
}
