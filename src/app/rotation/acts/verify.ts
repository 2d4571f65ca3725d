import type { Outcome } from '../../../core/rotation/advance.ts';
import { sameBytes } from '../../../core/values/same-bytes.ts';
import { KeyText } from '../../../core/key/key-text.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { forbidden, NO_TOMBSTONES } from '../../../core/record/tombstones.ts';
import { tombstoneOf } from '../../keys/tombstone.ts';
import { attempt, Fault, isUnreadable, type FaultCode } from '../../ports/fault.ts';
import { contentsFor } from '../run-memory.ts';
import { adoptedKey, payloadFor } from './payload.ts';
import { unproven } from './prove.ts';
import { unsure, type ActInput } from './act-input.ts';
import { candidateKey } from './write.ts';

/** What says about a version that it cannot become current, however often it is asked. */
const GONE: readonly FaultCode[] = ['not_found', 'disabled', 'destroyed'];

/** Reads the new version back by its number, the one read that is strongly consistent, and probes what came back (I2). */
export async function verify(input: ActInput): Promise<Outcome> {
  const { ports, secret, journal } = input;
  const { to } = journal;
  if (to === undefined) return { kind: 'refused', why: 'the journal names no new version' };
  const reading = await attempt(() => ports.vault.read(secret, to));
  if (reading instanceof Fault)
    return GONE.includes(reading.code)
      ? { kind: 'refused', why: reading.message, learned: { passOver: [to] } }
      : unsure(reading);
  const key = await keyIn(input, to, reading.bytes);
  if (!(key instanceof KeyText)) return key;
  const retired = forbidden(input.tombstones ?? NO_TOMBSTONES, tombstoneOf(secret, key));
  if (retired !== undefined) return { kind: 'refused', why: writtenBackText(to, retired), learned: { passOver: [to] } };
  const trouble = await unproven(input, key);
  if (trouble === undefined) return oldTombstone(input, key);
  return trouble.kind === 'refused' ? { ...trouble, learned: { passOver: [to] } } : trouble;
}

/** I14: nobody is given a retired key again, whoever wrote it. Readers of `latest` have it all the same. */
function writtenBackText(version: number, retired: string): string {
  return `version ${version} holds ${retired}, so it is not promoted: another tool wrote it back, as External Secrets (PushSecret), Terraform or a restored backup does. Make it stop, and disable the version: readers of latest get it`;
}

/** What will be left of the old key, which can still be read. The very same key in a cleaner form is not retired. */
async function oldTombstone({ ports, secret, journal, mint }: ActInput, key: KeyText): Promise<Outcome> {
  const reading = await attempt(() => contentsFor(ports).read(secret, journal.from));
  if (reading instanceof Fault) return isUnreadable(reading) ? { kind: 'done' } : unsure(reading);
  const old = heldKeyIn(reading.bytes, mint.keyField);
  if (old === undefined || old.equals(key)) return { kind: 'done' };
  return { kind: 'done', tombstone: tombstoneOf(secret, old) };
}

/** The new key, if the version holds what it should: of an adopted one the form, of any other every byte (I11). */
async function keyIn(input: ActInput, to: number, bytes: Uint8Array): Promise<KeyText | Outcome> {
  const expected = await candidateKey(input);
  if (expected instanceof Fault) return unsure(expected);
  if (expected === undefined) return adoptedKey(input, to, bytes);
  const payload = await payloadFor(input, expected);
  if (!(payload instanceof Uint8Array)) return payload;
  if (sameBytes(payload, bytes)) return expected;
  return {
    kind: 'refused',
    why: `version ${to} does not hold the key of this rotation, as consumers read it`,
    learned: { passOver: [to] },
  };
}
