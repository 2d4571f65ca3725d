import { ApiError } from '../wire/api-error.ts';
import { ACCOUNT_STATES, projectOfAccount } from '../world/accounts.ts';
import { DISABLABLE_APIS } from '../world/iam.ts';
import { requireMember, requireMemberForm, requireRole } from '../world/iam-policy-rules.ts';
import { isConstraint, NO_BOUND_KEYS } from '../world/organisation.ts';
import type { ControlInput } from './input.ts';
import { USUAL_PROJECT, type Verb } from './verb.ts';

const CHOICES = {
  unboundGeminiKeys: ['accepted', 'refused'],
  unrestrictedKeys: ['accepted', 'refused'],
  boundKeyDefault: ['none', 'gemini'],
  boundKeys: ['allowed', 'geminiOnly'],
  bindingAsked: ['create', 'always'],
  unrestrictedStandardKeys: ['works', 'auth_refused', 'restricted_api', 'invalid'],
  etagMismatch: ['ABORTED', 'FAILED_PRECONDITION'],
} as const;

/** What an administrator decides: who may do what, what is enabled, what the organisation forbids. */
export const ORGANISATION_VERBS: Readonly<Record<string, Verb>> = {
  'POST grants': {
    fields: ['project', 'account', 'member', 'role', 'revoke'],
    act(input, { world }) {
      const { iam, accounts } = world();
      const [member, role, account] = [input.text('member'), input.text('role'), input.optionalText('account')];
      const revoke = input.flag('revoke');
      if (revoke) requireMemberForm(member);
      else requireMember(iam, member);
      requireRole(iam, role);
      const on = account === undefined ? iam : accounts;
      const change = revoke ? on.revoke : on.grant;
      change(account === undefined ? input.text('project') : accountIn(input), member, role);
      return {};
    },
  },
  'POST roles': {
    fields: ['name', 'permissions'],
    act(input, { world }) {
      world().iam.defineRole(input.text('name'), input.texts('permissions'));
      return {};
    },
  },
  'POST projects': {
    fields: ['project', 'number', 'folder'],
    act(input, { world }) {
      const [project, number] = [input.text('project'), input.optionalText('number')];
      if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project) || (number !== undefined && !/^\d{6,14}$/.test(number)))
        throw new ApiError('INVALID_ARGUMENT', "'project' must be the id of a project, and 'number' its number");
      const folder = input.optionalText('folder');
      if (folder !== undefined && !/^folders\/\d+$/.test(folder))
        throw new ApiError('INVALID_ARGUMENT', "'folder' must be one, such as folders/7");
      const { names, hierarchy } = world();
      const added = names.add(project, number);
      if (folder !== undefined) hierarchy.put(project, folder);
      return { project, number: added };
    },
  },
  'POST accounts': {
    fields: ['account', 'state'],
    act(input, { world }) {
      world().accounts.setState(accountIn(input), input.choice('state', ACCOUNT_STATES));
      return {};
    },
  },
  'POST apis': {
    fields: ['api', 'project', 'enabled'],
    act(input, { world }) {
      const project = world().names.add(input.optionalText('project') ?? USUAL_PROJECT);
      world().iam.setApi(project, input.choice('api', DISABLABLE_APIS), input.flag('enabled'));
      return {};
    },
  },
  'POST constraints': {
    fields: ['project', 'constraint', 'enforced'],
    act(input, { world }) {
      const constraint = input.text('constraint');
      if (!isConstraint(constraint))
        throw new ApiError('INVALID_ARGUMENT', `'constraint' must be ${NO_BOUND_KEYS} or begin with custom.`);
      const project = world().names.add(input.optionalText('project') ?? USUAL_PROJECT);
      world().organisation.enforce(project, constraint, input.flag('enforced'));
      return {};
    },
  },
  'POST switches': {
    fields: [...Object.keys(CHOICES), 'operationMs', 'deletedKeysCount'],
    act(input, { world }) {
      const { switches } = world();
      const operationMs = input.optionalNumber('operationMs');
      switches.turn({
        ...chosen(input),
        ...(operationMs !== undefined && { operationMs }),
        ...(input.has('deletedKeysCount') && { deletedKeysCount: input.flag('deletedKeysCount') }),
      });
      return switches.now();
    },
  },
};

function chosen(input: ControlInput): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(CHOICES).flatMap(([field, names]): [string, string][] => {
      const choice = input.optionalChoice<string>(field, names);
      return choice === undefined ? [] : [[field, choice]];
    }),
  );
}

function accountIn(input: ControlInput): string {
  const email = input.text('account');
  if (projectOfAccount(email) !== undefined) return email;
  throw new ApiError('INVALID_ARGUMENT', "'account' must be the email of a service account");
}
