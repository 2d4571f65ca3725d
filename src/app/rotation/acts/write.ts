import type { Outcome } from '../../../core/rotation/advance.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { copiesOf } from '../../keys/copies.ts';
import { payloadFor } from './payload.ts';
import { unproven } from './prove.ts';
import { unsure, type ActInput } from './act-input.ts';

/**
 * Puts the new key into the secret, in the form of the value that consumers read (I11). It looks before it adds, because
 * an add whose answer was lost cannot be told from one that never arrived; and it proves the key first, because `latest`
 * moves with the add (I3).
 */
export async function write(input: ActInput): Promise<Outcome> {
  const { ports, secret, journal } = input;
  const key = await candidateKey(input);
  if (key === undefined)
    return { kind: 'refused', why: 'the process that was given the key is gone, and nobody else has it' };
  if (key instanceof Fault) return key.code === 'not_found' ? { kind: 'refused', why: key.message } : unsure(key);
  const payload = await payloadFor(input, key);
  if (!(payload instanceof Uint8Array)) return payload;
  const written = await attempt(async () => {
    const versions = await ports.vault.versions(secret);
    return copiesOf(
      ports.vault,
      secret,
      key,
      versions.filter(({ number }) => number > journal.from),
    );
  });
  if (written instanceof Fault) return unsure(written);
  const [newest] = written;
  if (newest !== undefined) return { kind: 'done', to: newest.number };
  // the mint may have been long in coming: its time runs from then
  const trouble = await unproven(input, key, journal.since);
  if (trouble !== undefined) return trouble;
  const added = await attempt(() => ports.vault.add(secret, payload));
  return added instanceof Fault ? unsure(added) : { kind: 'done', to: added.number };
}

/** The new key: from the issuer, which can be asked again, or from this process's memory. */
export async function candidateKey({ ports, journal, supplied }: ActInput): Promise<KeyText | Fault | undefined> {
  const { toKey } = journal;
  return toKey === undefined ? supplied : attempt(() => ports.issuer.keyString(toKey.name));
}
