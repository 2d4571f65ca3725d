import { BINDING_PERMISSIONS, BINDING_ROLE, BOUND_KEYS_CONSTRAINT } from '../../core/google/key-rules.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { KeyRules } from '../ports/key-rules.ts';
import type { Part } from './deployed-parts.ts';

/** Whether auth keys can be made that are bound to `account`: two calls for it, and one per project that makes keys. */
export async function keyRuleParts(
  rules: KeyRules,
  account: string,
  projects: readonly string[],
): Promise<readonly Part[]> {
  return [await accountPart(rules, account), ...(await policyParts(rules, projects))];
}

/** Whether an organisation policy stands in the way of such keys, one call per project that makes keys. */
export async function policyParts(rules: KeyRules, projects: readonly string[]): Promise<readonly Part[]> {
  return Promise.all(projects.map((one) => policyPart(rules, one)));
}

async function accountPart(rules: KeyRules, account: string): Promise<Part> {
  const title = `account ${account}`;
  const permitted = await attempt(() => rules.permittedOn(account, BINDING_PERMISSIONS));
  if (permitted instanceof Fault) return { title, state: 'unknown', says: permitted.message };
  const missing = BINDING_PERMISSIONS.filter((one) => !permitted.includes(one));
  if (missing.length === 0) return { title, state: 'well', says: 'is there, and you may bind keys to it' };
  const says = `does not exist, or you lack ${missing.join(', ')} on it, for example with ${BINDING_ROLE}`;
  return { title, state: 'broken', says };
}

/** Enforced is no fault: Google is said to let keys for Gemini alone through, which auth keys are. */
async function policyPart(rules: KeyRules, project: string): Promise<Part> {
  const title = `policy ${BOUND_KEYS_CONSTRAINT} in ${project}`;
  const enforced = await attempt(() => rules.isEnforced(project, BOUND_KEYS_CONSTRAINT));
  if (enforced instanceof Fault) return { title, state: 'unknown', says: enforced.message };
  return {
    title,
    state: 'well',
    says: enforced
      ? 'is enforced: keys for the Gemini API alone are said to pass; how to do without: key-warden runbook without-a-key'
      : 'is not enforced',
  };
}
