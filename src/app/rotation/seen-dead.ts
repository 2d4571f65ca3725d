import { heldKeyIn } from '../../core/key/stored-form.ts';
import type { Opening } from '../../core/record/journal.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { attempt, Fault, isUnreadable } from '../ports/fault.ts';
import type { SecretName } from '../ports/ports.ts';
import { probeConfirmed } from '../probe/probe-secret.ts';
import type { ActPorts } from './acts/act-input.ts';

/** Whether a rotation begins for no other reason than that the record calls the key dead: whoever may write the secret can write that. */
export function isByRecord({ reason }: Pick<Opening, 'reason'>, isAsked: boolean): boolean {
  return !isAsked && (reason === 'dead' || reason === 'leaked');
}

export const UNSEEN =
  'its record calls the key dead, for which a rotation waits for nobody, and Google does not refuse it just now: that is looked at again';

/** Whether Google refuses the key now that a rotation would replace, or nobody can read one there. Rejects with `Fault`. */
export async function isSeenDead(
  ports: ActPorts,
  secret: SecretName,
  { from }: Pick<Opening, 'from'>,
  { checks, mint }: SecretPolicy,
): Promise<boolean> {
  const reading = await attempt(() => ports.vault.read(secret, from));
  if (reading instanceof Fault) {
    if (isUnreadable(reading)) return true;
    throw reading;
  }
  const key = heldKeyIn(reading.bytes, mint.keyField);
  if (key === undefined) return true;
  const { diagnosis } = await probeConfirmed(ports, key, checks, false);
  return diagnosis.verdict === 'dead';
}
