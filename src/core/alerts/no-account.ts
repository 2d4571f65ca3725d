import { ABORT, ROTATE, ROTATE_AT_ONCE, WRITE_KEY_ALONE } from '../causes/commands.ts';
import { lineFor, valuesOf } from '../causes/names.ts';
import { namesOf } from '../health/finding.ts';
import { shellText } from '../values/command.ts';

/** A rotation that cannot have an account to bind its key to. */
interface Unbound {
  readonly secret: string;
  readonly project: string;
  readonly emergency: boolean;
  /** The version that somebody wants replaced by a key alone. */
  readonly replaced?: number | undefined;
}

/**
 * Why, and every way out: said before anything is begun, by the dry run, and where only the issuer could tell. `because`:
 * why the issuer knows no old key.
 */
export function noAccountText(of: Unbound, because?: string): string {
  const known = because === undefined ? 'neither the old key nor the policy names one' : `none is known: ${because}`;
  return `an auth key is bound to a service account, and ${known}: ${naming(of)}, set KEY_WARDEN_KEY_SERVICE_ACCOUNT, or ask for a key of the old type with --standard`;
}

/** The account that somebody named for one rotation is none: nothing goes on with it, and another may be named. */
export function noSuchAccountText(of: Unbound, refusal: string): string {
  return `no key can be bound to the account that was named: ${refusal} Name another one: ${naming(of)}`;
}

/** The same where a grant would do as well: the rotation is held for it, and must be given up before another account is named. */
export function notThisAccountText({ secret }: Unbound, refusal: string): string {
  return `${refusal} To name another account instead: ${lineFor(ABORT, secret)}, then rotate again`;
}

function naming({ secret, project, emergency, replaced }: Unbound): string {
  const values = valuesOf({ ...namesOf({ secret, project, version: replaced }), keyKind: 'standard' });
  if (replaced === undefined) return shellText(emergency ? ROTATE_AT_ONCE : ROTATE, values);
  const words = [...WRITE_KEY_ALONE.words, ...(emergency ? ['--emergency'] : [])];
  return shellText({ words }, values);
}
