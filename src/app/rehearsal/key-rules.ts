import { BINDING_PERMISSIONS, BINDING_ROLE, BOUND_KEYS_CONSTRAINT } from '../../core/google/key-rules.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { KeyRules } from '../ports/key-rules.ts';
import type { MintOrder } from '../ports/ports.ts';

/** Rejects as the issuer would where that can be known before a key is made; `doubt` hears what cannot. */
export async function foresee(rules: KeyRules, order: MintOrder, doubt: (text: string) => void): Promise<void> {
  const { serviceAccountEmail: account, project } = order;
  if (account === undefined) return;
  const [create] = BINDING_PERMISSIONS;
  const permitted = await attempt(() => rules.permittedOn(account, [create]));
  if (permitted instanceof Fault) doubt(`whether you may bind a key to ${account}: ${permitted.message}`);
  else if (!permitted.includes(create))
    throw new Fault(
      'denied',
      `Cannot mint a key that is bound to ${account}: grant ${create} on that account, for example with ${BINDING_ROLE}.`,
    );
  const enforced = await attempt(() => rules.isEnforced(project, BOUND_KEYS_CONSTRAINT));
  if (enforced instanceof Fault) doubt(`whether an organisation policy forbids the key: ${enforced.message}`);
  else if (enforced)
    doubt(
      `the organisation policy ${BOUND_KEYS_CONSTRAINT} is enforced in ${project}; a key for the Gemini API alone, as this one, is said to pass`,
    );
}
