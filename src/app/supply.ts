import { CAUSES } from '../core/causes.ts';
import type { KeyText } from '../core/key-text.ts';
import type { Policy } from '../core/policy.ts';
import { lintStoredBytes } from '../core/secret-text.ts';
import { probeConfirmed, readAsOf, type InspectPorts } from './inspect.ts';
import type { SecretName } from './ports.ts';

/** A key that somebody hands over: taken, refused, or not to be judged now. Only one that is taken is ever written. */
export type Supply = { readonly key: KeyText } | { readonly refused: string } | { readonly undecided: string };

/**
 * Looks at a key before a rotation is begun with it: the bytes must be clean, it must not be the one that consumers
 * read already, and it must do the job, deep. Rejects with `Fault` when the secret cannot be looked at.
 */
export async function examineSupply(
  ports: InspectPorts,
  secret: SecretName,
  bytes: Uint8Array,
  policy: Policy,
): Promise<Supply> {
  const { key, findings } = lintStoredBytes(bytes);
  if (key === undefined || findings.length > 0) {
    return {
      refused: `what was supplied is no clean key: ${findings.map(({ says }) => says).join('; ')} (printf %s "$KEY" adds nothing)`,
    };
  }
  const current = await ports.vault.read(secret, readAsOf(await ports.vault.look(secret)));
  if (lintStoredBytes(current.bytes).key?.equals(key) === true) {
    return { refused: `this is the key that consumers read already (version ${current.number})` };
  }
  const { diagnosis, depth, notes } = await probeConfirmed(ports, key, policy, true);
  const why = `${CAUSES[diagnosis.cause].title}: ${diagnosis.message}`;
  switch (diagnosis.verdict) {
    case 'works':
      return depth === 'deep' ? { key } : { undecided: notes.join('; ') };
    case 'dead':
    case 'blocked':
      return { refused: why };
    case 'throttled':
    case 'unclear':
      return { undecided: why };
  }
}
