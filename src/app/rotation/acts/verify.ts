import type { Outcome } from '../../../core/rotation/advance.ts';
import { sameBytes } from '../../../core/values/same-bytes.ts';
import { KeyText } from '../../../core/key/key-text.ts';
import { attempt, Fault, type FaultCode } from '../../ports/fault.ts';
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
  const trouble = await unproven(input, key);
  if (trouble === undefined) return { kind: 'done' };
  return trouble.kind === 'refused' ? { ...trouble, learned: { passOver: [to] } } : trouble;
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
