import type { Outcome } from '../../../core/rotation/advance.ts';
import { lintStoredBytes } from '../../../core/key/stored-bytes.ts';
import { attempt, Fault, type FaultCode } from '../../ports/fault.ts';
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
  const { key, findings } = lintStoredBytes(reading.bytes);
  if (key === undefined || findings.length > 0) {
    const why = `version ${to} holds no clean key: ${findings.map(({ says }) => says).join('; ')}`;
    return { kind: 'refused', why, learned: { passOver: [to] } };
  }
  const expected = await candidateKey(input);
  if (expected instanceof Fault) return unsure(expected);
  if (expected !== undefined && !expected.equals(key)) {
    return {
      kind: 'refused',
      why: `version ${to} does not hold the key of this rotation`,
      learned: { passOver: [to] },
    };
  }
  const trouble = await unproven(input, key);
  if (trouble === undefined) return { kind: 'done' };
  return trouble.kind === 'refused' ? { ...trouble, learned: { passOver: [to] } } : trouble;
}
