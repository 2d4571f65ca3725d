import type { JsonObject } from '../wire/rest/json-body.ts';
import type { Accounts } from '../world/accounts.ts';
import type { Iam } from '../world/iam.ts';

/** The policy of a project: what `grants` holds, and the audit configuration that was put at the project. */
export function projectPolicy(iam: Iam, number: string, { auditConfigs }: JsonObject): JsonObject {
  const grants = iam.snapshot().grants.filter(({ project }) => project === number);
  return { version: 1, etag: 'ACAB', ...bindingsOf(grants), ...(auditConfigs !== undefined && { auditConfigs }) };
}

/** The policy of a service account. */
export function accountPolicy(accounts: Accounts, email: string): JsonObject {
  return { version: 1, etag: 'ACAB', ...bindingsOf(accounts.grants().filter(({ account }) => account === email)) };
}

function bindingsOf(grants: readonly { readonly member: string; readonly role: string }[]): JsonObject {
  const bindings = [...Map.groupBy(grants, ({ role }) => role)].map(([role, own]) => ({
    role,
    members: own.map(({ member }) => member),
  }));
  return bindings.length === 0 ? {} : { bindings };
}
