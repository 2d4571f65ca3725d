import { ROTATE, ROTATE_AT_ONCE } from '../causes/commands.ts';
import { valuesOf } from '../causes/names.ts';
import { namesOf } from '../health/finding.ts';
import { shellText } from '../values/command.ts';

/** Why, and every way out: said before anything is begun, by the dry run, and where only the issuer could tell. */
export function noAccountText(secret: string, project: string, emergency: boolean): string {
  const values = valuesOf({ ...namesOf({ secret, project }), keyKind: 'standard' });
  const named = shellText(emergency ? ROTATE_AT_ONCE : ROTATE, values);
  return `an auth key is bound to a service account, and neither the old key nor the policy names one: ${named}, set KEY_WARDEN_KEY_SERVICE_ACCOUNT, or ask for a key of the old type with --standard`;
}
