import { ApiError } from '../wire/api-error.ts';
import { projectOfAccount, type Accounts } from '../world/accounts.ts';
import type { Caller, Iam } from '../world/iam.ts';
import { forbiddenBy, NO_BOUND_KEYS, type Organisation } from '../world/organisation.ts';
import { GEMINI_API, type KeyRestrictions } from '../world/restrictions.ts';
import type { ApiKeysSwitches } from './switches.ts';

const KEYS_PER_PROJECT = 300;
const KEY_ID = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** INVALID_ARGUMENT for an id that CreateKey does not take (apikeys.proto). */
export function requireKeyId(keyId: string | undefined): void {
  if (keyId === undefined || (KEY_ID.test(keyId) && !UUID.test(keyId))) return;
  throw new ApiError('INVALID_ARGUMENT', 'key_id must match [a-z]([a-z0-9-]{0,61}[a-z0-9])? and not look like a UUID.');
}

/** RESOURCE_EXHAUSTED beyond the 300 keys of a project. */
export function requireKeysLeft(keys: number): void {
  if (keys < KEYS_PER_PROJECT) return;
  throw new ApiError('RESOURCE_EXHAUSTED', `A project may have at most ${KEYS_PER_PROJECT} API keys.`);
}

interface Binding {
  readonly iam: Iam;
  readonly accounts: Accounts;
  readonly caller: Caller;
}

/**
 * Binding a key to a service account is asked for on that account, and roles/serviceusage.apiKeysAdmin does not have
 * the permission. What Google answers of an account that there is not is not settled.
 */
export function requireBinding(
  { iam, accounts, caller }: Binding,
  email: string,
  verb: 'create' | 'delete' | 'undelete',
): void {
  const project = projectOfAccount(email);
  if (project === undefined)
    throw new ApiError('INVALID_ARGUMENT', 'service_account_email is not the email of a service account.');
  iam.require(caller, `iam.serviceAccountApiKeyBindings.${verb}`, {
    project,
    name: `//iam.googleapis.com/projects/${project}/serviceAccounts/${email}`,
    bindings: accounts.bindingsOf(email),
  });
  if (accounts.stateOf(email) === 'deleted')
    throw new ApiError('NOT_FOUND', `Service account ${email} does not exist.`);
  // Whoever a key is bound to is there, also for those who look at accounts.
  if (accounts.stateOf(email) === 'active') accounts.setState(email, 'active');
}

interface Draft {
  readonly project: string;
  readonly serviceAccountEmail: string | undefined;
  readonly restrictions: KeyRestrictions;
}

/** What organisation policies and the API itself forbid of a new key. */
export function requireAllowed(
  { project, serviceAccountEmail, restrictions: { apiTargets } }: Draft,
  organisation: Organisation,
  switches: ApiKeysSwitches,
): void {
  const [custom] = organisation.customConstraints(project);
  const parent = `projects/${project}/locations/global`;
  if (custom !== undefined) throw forbiddenBy(custom, parent);
  const forGemini = apiTargets.some(({ service }) => service === GEMINI_API);
  const forGeminiAlone = forGemini && apiTargets.every(({ service }) => service === GEMINI_API);
  const bound = serviceAccountEmail !== undefined;
  if (bound && !forGeminiAlone && organisation.forbidsBoundKeys(project)) throw forbiddenBy(NO_BOUND_KEYS, parent);
  if (forGemini && !bound && switches.unboundGeminiKeys === 'refused')
    throw new ApiError('INVALID_ARGUMENT', `A key for ${GEMINI_API} must be bound to a service account.`);
  if (apiTargets.length === 0 && switches.unrestrictedKeys === 'refused')
    throw new ApiError('INVALID_ARGUMENT', 'API key restrictions must name at least one API target.');
}
