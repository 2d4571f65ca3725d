import type { Binding } from './iam.ts';

/** Whether keys bound to a service account can stand for it. */
export const ACCOUNT_STATES = ['active', 'disabled', 'deleted'] as const;

export type AccountState = (typeof ACCOUNT_STATES)[number];

/** Service accounts, as far as keys are bound to them: who may, and whether they are in use. */
export interface Accounts {
  /** `active` unless it was set: any well-formed account of a project counts as one that is there. */
  stateOf(email: string): AccountState;
  setState(email: string, state: AccountState): void;
  /** Grants a role on one account. */
  grant(email: string, member: string, role: string): void;
  revoke(email: string, member: string, role: string): void;
  bindingsOf(email: string): readonly Binding[];
  /** Every state that was set, and every grant, as they are made. */
  states(): readonly (readonly [email: string, state: AccountState])[];
  grants(): readonly { readonly account: string; readonly member: string; readonly role: string }[];
}

const OWNED = /^[a-z](?:[a-z0-9-]{4,28}[a-z0-9])@([a-z][a-z0-9.:-]*)\.iam\.gserviceaccount\.com$/;
const AGENT = /^service-(\d+)@[a-z0-9.-]+\.iam\.gserviceaccount\.com$/;
const COMPUTE = /^(\d+)-compute@developer\.gserviceaccount\.com$/;
const APP_ENGINE = /^([a-z][a-z0-9.:-]*)@appspot\.gserviceaccount\.com$/;

/** The project id or number of a service account, by the forms that Google gives them; `undefined` for no account. */
export function projectOfAccount(email: string): string | undefined {
  return [AGENT, OWNED, COMPUTE, APP_ENGINE].map((form) => form.exec(email)?.[1]).find((found) => found !== undefined);
}

export function serviceAccounts(): Accounts {
  const states = new Map<string, AccountState>();
  const bindings = new Map<string, readonly Binding[]>();
  const bindingsOf: Accounts['bindingsOf'] = (email) => bindings.get(email) ?? [];
  const without = (email: string, member: string, role: string): readonly Binding[] =>
    bindingsOf(email).filter((binding) => binding.role !== role || !binding.members.includes(member));
  return {
    stateOf: (email) => states.get(email) ?? 'active',
    setState(email, state) {
      states.set(email, state);
    },
    grant(email, member, role) {
      bindings.set(email, [...without(email, member, role), { role, members: [member] }]);
    },
    revoke(email, member, role) {
      bindings.set(email, without(email, member, role));
    },
    bindingsOf,
    states: () => [...states],
    grants: () =>
      [...bindings].flatMap(([account, all]) =>
        all.flatMap(({ role, members }) => members.map((member) => ({ account, member, role }))),
      ),
  };
}
