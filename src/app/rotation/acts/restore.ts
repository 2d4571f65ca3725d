import type { Outcome } from '../../../core/rotation/advance.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { tombstoneOf } from '../../keys/tombstone.ts';
import { isPrevious } from '../../keys/replaced-version.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import type { SecretSighting } from '../../ports/ports.ts';
import { unproven } from './prove.ts';
import { unsure, type ActInput } from './act-input.ts';

/**
 * Makes the old version readable again; `current` moves back in the commit that follows, never before. It enables even
 * what is enabled, because that moves the version's etag and so fences a retire that is still on its way. What is disabled
 * it enables only where the alias `previous` names it too (I16): a journal alone brings back no version.
 */
export async function restore(input: ActInput, sighting: SecretSighting): Promise<Outcome> {
  const { ports, secret, journal } = input;
  const { from, fromKey } = journal;
  const reading = await attempt(async () => {
    const old = await ports.vault.lookVersion(secret, from);
    if (old.state === 'disabled' && !isPrevious(sighting, from))
      throw new Fault(
        'unproven',
        `version ${from} of ${secret} is disabled, and the alias previous does not name it, so it is not brought back on the journal’s word: see who wrote the annotations; if it is to come back, enable it by hand and resume`,
      );
    await ports.vault.enable(secret, old);
    const bytes = await ports.vault.read(secret, from);
    // Once the version can be read, its key is proof of the name as good as our mark.
    if (fromKey !== undefined && (await ports.issuer.look(fromKey.name)).deletedAt !== undefined)
      await ports.issuer.undelete(fromKey.name);
    return bytes;
  });
  if (reading instanceof Fault) {
    const gone = reading.code === 'destroyed' || reading.code === 'not_found';
    return gone ? { kind: 'refused', why: `the old key cannot be brought back: ${reading.message}` } : unsure(reading);
  }
  const key = heldKeyIn(reading.bytes, input.mint.keyField);
  if (key === undefined) return { kind: 'refused', why: `version ${from} holds no key` };
  return (await unproven(input, key)) ?? { kind: 'done', tombstone: tombstoneOf(secret, key) };
}
