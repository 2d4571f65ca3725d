import { ABORT, CUT_OFF_USERS, REVOKE_KEY, ROTATE_AT_ONCE } from '../core/causes/commands.ts';
import { byHand, valuesOfSecret } from '../core/causes/names.ts';
import { shellText } from '../core/values/command.ts';
import type { Reply } from './http.ts';

/** What only callers of emergencies may ask for, and the command for it. From an emergency nobody goes back, so that has none. */
const GRAVE = {
  emergency: ROTATE_AT_ONCE,
  revoke: REVOKE_KEY,
  abort: ABORT,
  'cut-off-users': CUT_OFF_USERS,
  rollback: undefined,
} as const;

interface Asked {
  readonly mode: keyof typeof GRAVE;
  readonly secret: string;
  /** The uid of the key that is to be revoked. */
  readonly confirm?: string | undefined;
}

/** A refusal, with the two ways out that there are: somebody of the list, or the rights of whoever asks. */
export function forEmergencyCallers(who: string, { mode, secret, confirm }: Asked): Reply {
  const command = GRAVE[mode];
  const values = { ...valuesOfSecret(secret), ...(confirm === undefined ? {} : { keyUid: confirm }) };
  const asked = mode === 'emergency' ? 'in an emergency' : `ask for ${mode} here`;
  const ways =
    command === undefined
      ? 'And nobody goes back to a key that leaked'
      : `Sign in as one of them, or do it with your own rights: ${shellText(byHand(command), values)}`;
  return {
    status: 403,
    why: `${who} may rotate, and not ${asked}: that is for the list \`emergency\` of the module’s callers (KEY_WARDEN_EMERGENCY_CALLERS). ${ways}`,
  };
}
