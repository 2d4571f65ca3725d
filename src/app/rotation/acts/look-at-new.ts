import { isAsGood, isSharedTrouble, type KeySeen } from '../../../core/rotation/as-good.ts';
import type { KeyText } from '../../../core/key/key-text.ts';
import { heldKeyIn } from '../../../core/key/stored-form.ts';
import { attempt, Fault } from '../../ports/fault.ts';
import { probeConfirmed, type Probed } from '../../probe/probe-secret.ts';
import type { ActInput } from './act-input.ts';

/** What a new key was answered, and whether consumers are served by it at least as well as by the old one. */
export interface LookedAt extends Probed {
  readonly asGood: boolean;
}

/**
 * Asks about the new key, deep. Where it has trouble that the old one may share, the old key is asked right after it, from
 * the same place: a key that is no worse may follow it (I2). An old key that cannot be read is no measure. Asked about the old
 * key itself, which goes back to consumers, it passes whatever trouble is shared.
 */
export async function lookAtNew(input: ActInput, key: KeyText): Promise<LookedAt> {
  const { ports, checks } = input;
  const probed = await probeConfirmed(ports, key, checks, true);
  if (probed.diagnosis.verdict === 'works') return { ...probed, asGood: probed.depth === 'deep' };
  if (!isSharedTrouble(probed.diagnosis)) return { ...probed, asGood: false };
  const isNew = { diagnosis: probed.diagnosis, lists: probed.depth === 'deep', at: ports.clock.now() };
  const old = await oldKeySeen(input);
  return { ...probed, asGood: old !== undefined && isAsGood(isNew, old, input.journal) };
}

async function oldKeySeen({ ports, secret, journal, mint, checks }: ActInput): Promise<KeySeen | undefined> {
  const reading = await attempt(() => ports.vault.read(secret, journal.from));
  const key = reading instanceof Fault ? undefined : heldKeyIn(reading.bytes, mint.keyField);
  if (key === undefined) return undefined;
  // one answer is compared with one answer: to repeat it would take longer than two answers may lie apart
  const { diagnosis, depth } = await probeConfirmed(ports, key, { ...checks, confirmAnswers: 1 }, true);
  return { diagnosis, lists: depth === 'deep', at: ports.clock.now() };
}
