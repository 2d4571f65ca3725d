import type { Service } from '../wire/http.ts';
import { jsonObjectOf } from '../wire/rest/json-body.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import { testPermissionsRequest } from '../world/iam-policy.ts';
import { requirePermissions } from '../world/iam-policy-rules.ts';
import type { Accounts } from '../world/accounts.ts';
import type { Iam } from '../world/iam.ts';
import { NO_BOUND_KEYS, type Organisation } from '../world/organisation.ts';

export interface KeyRulesParts {
  readonly iam: Iam;
  readonly accounts: Accounts;
  readonly organisation: Organisation;
}

const ACCOUNT = /^\/v1\/(?<name>projects\/(?<project>[^/]+)\/serviceAccounts\/(?<email>[^/:]+)):testIamPermissions$/;
const POLICY = /^\/v2\/(?<name>projects\/(?<project>[^/]+)\/policies\/(?<constraint>[\w.]+)):getEffectivePolicy$/;

/**
 * Of IAM and Organisation Policy, what tells beforehand whether a key can be made: `testIamPermissions` of a service
 * account, which needs no permission, and the effective policy of a project.
 */
export function keyRulesApi({ iam, accounts, organisation }: KeyRulesParts): Service {
  return {
    title: 'IAM and Organisation Policy',
    answer(asked) {
      const caller = iam.callerOf(asked.headers['authorization']);
      const account = ACCOUNT.exec(asked.path)?.groups;
      if (account !== undefined && asked.method === 'POST') {
        const { name = '', project = '', email = '' } = account;
        const on = { project, name, bindings: accounts.bindingsOf(email) };
        const { permissions: wanted = [] } = readRoot(testPermissionsRequest, jsonObjectOf(asked.body));
        requirePermissions(wanted);
        const permissions = wanted.filter((permission) => iam.holds(caller, permission, on));
        return { status: 200, body: permissions.length === 0 ? {} : { permissions } };
      }
      const policy = POLICY.exec(asked.path)?.groups;
      if (policy === undefined || asked.method !== 'GET') return undefined;
      const { name = '', project = '', constraint = '' } = policy;
      iam.require(caller, 'orgpolicy.policy.get', { project, name });
      const enforce =
        constraint === NO_BOUND_KEYS
          ? organisation.forbidsBoundKeys(project)
          : organisation.customConstraints(project).includes(constraint);
      return { status: 200, body: { name, spec: { rules: [{ enforce }] } } };
    },
  };
}
