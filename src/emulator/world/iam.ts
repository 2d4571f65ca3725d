import { ApiError } from '../wire/api-error.ts';
import type { Accounts } from './accounts.ts';
import { KNOWN_ROLES } from './iam-roles.ts';
import { isScope, type Hierarchy } from './hierarchy.ts';
import type { ProjectNames } from './names.ts';
import { permissionDenied, unknownProject } from './iam-words.ts';
import { disabledService } from './service-disabled.ts';

/** Who sent a request. Without `email` it is the owner of the pretend cloud, who may do everything. */
export interface Caller {
  readonly email?: string;
}

/** One line of an IAM policy. A `condition` is stored and never evaluated: such a binding grants nothing here. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: unknown;
}

/** What a permission is asked on. */
interface Protected {
  /** Project id or number, or what is above projects, as `folders/7`: its grants hold for everything inside. */
  readonly project: string;
  /** The resource name as the caller sent it: Google repeats it in the refusal. */
  readonly name: string;
  /** The resource's own policy, if it has one. */
  readonly bindings?: readonly Binding[] | undefined;
}

const API_TITLES = {
  secretmanager: 'Secret Manager API',
  apikeys: 'API Keys API',
  pubsub: 'Cloud Pub/Sub API',
  cloudscheduler: 'Cloud Scheduler API',
  monitoring: 'Cloud Monitoring API',
  run: 'Cloud Run Admin API',
  cloudfunctions: 'Cloud Functions API',
} as const;

/** Short for `<name>.googleapis.com`. The Gemini API is disabled key by key, by the state `service_disabled`. */
export type DisablableApi = keyof typeof API_TITLES;

/** All of them, for whoever reads one from a request. */
export const DISABLABLE_APIS = [
  'secretmanager',
  'apikeys',
  'pubsub',
  'cloudscheduler',
  'monitoring',
  'run',
  'cloudfunctions',
] as const satisfies readonly DisablableApi[];

/** Everything that an administrator decided; project numbers stand for projects. */
export interface IamSnapshot {
  readonly roles: readonly (readonly [name: string, permissions: readonly string[]])[];
  readonly grants: readonly {
    /** Its number, or a folder or the organisation by name. */
    readonly project: string;
    readonly member: string;
    readonly role: string;
  }[];
  readonly disabled: readonly (readonly [api: string, project: string])[];
}

/** Principals, roles, grants and what is enabled, shared by every pretend service. */
export interface Iam {
  /** Makes `token` the bearer token of `email`, a service account or a user. */
  register(token: string, email: string): void;
  /** Grants a role on a whole project, folder or organisation. `member` is `serviceAccount:…`, `user:…` or `allUsers`. */
  grant(project: string, member: string, role: string): void;
  revoke(project: string, member: string, role: string): void;
  /** Whether there is a role of that name, Google's or a custom one. */
  hasRole(name: string): boolean;
  /** Whether a service account is there: any is, unless it was deleted. */
  hasAccount(email: string): boolean;
  /** Adds a custom role, or replaces one. */
  defineRole(name: string, permissions: readonly string[]): void;
  /** Disables an API for everybody in a project, also the owner, or enables it again. */
  setApi(project: string, api: DisablableApi, enabled: boolean): void;
  /** What was defined, granted on projects and disabled, as it is done. */
  snapshot(): IamSnapshot;
  /** No header, or a token that was never registered: the owner. */
  callerOf(authorizationHeader: string | undefined): Caller;
  holds(caller: Caller, permission: string, resource: Protected): boolean;
  /** Throws in Google's words unless the project is there, the API is enabled in it and the caller holds the permission. */
  require(caller: Caller, permission: string, resource: Protected): void;
}

interface IamParts {
  readonly names: ProjectNames;
  readonly accounts: Pick<Accounts, 'stateOf'>;
  readonly hierarchy: Hierarchy;
}

export function pretendIam({ names, accounts, hierarchy }: IamParts): Iam {
  const emails = new Map<string, string>();
  const roles = new Map(Object.entries(KNOWN_ROLES));
  const grants = new Map<string, readonly Binding[]>();
  const disabled = new Set<string>();

  const carries = (role: string, permission: string): boolean => (roles.get(role) ?? []).includes(permission);

  const keyOf = (on: string): string => (isScope(on) ? on : names.numberOf(on));
  const ownBindings = (on: string): readonly Binding[] => grants.get(keyOf(on)) ?? [];

  /** Its own, and those of the folder and the organisation that it is in. */
  const bindingsOf = (on: string): readonly Binding[] => [on, ...hierarchy.above(on)].flatMap(ownBindings);

  const without = (project: string, member: string, role: string): readonly Binding[] =>
    ownBindings(project).filter((binding) => binding.role !== role || !binding.members.includes(member));

  const holds: Iam['holds'] = (caller, permission, resource) => {
    if (caller.email === undefined) return true;
    const members = [...membersOf(caller.email), ...rolesOn(resource.project, caller.email)];
    return [...bindingsOf(resource.project), ...(resource.bindings ?? [])].some(
      (binding) =>
        binding.condition === undefined &&
        binding.members.some((member) => members.includes(member)) &&
        carries(binding.role, permission),
    );
  };

  /** Whoever has a basic role on a project is one of its owners, editors or viewers, which a policy can name. */
  const rolesOn = (project: string, email: string): readonly string[] =>
    Object.entries(BASIC_ROLES)
      .filter(([, role]) =>
        bindingsOf(project).some(
          (one) => one.role === role && one.members.some((own) => membersOf(email).includes(own)),
        ),
      )
      .flatMap(([member]) => [names.idOf(project), names.numberOf(project)].map((one) => `${member}:${one}`));

  /** A permission begins with the name of its API, but for operations, which belong to the API that they are of. */
  const requireEnabled = (permission: string, project: string): void => {
    const api = DISABLABLE_APIS.find((known) => permission.startsWith(`${known}.`));
    const number = names.numberOf(project);
    if (api === undefined || !disabled.has(`${api} ${number}`)) return;
    const { message, details } = disabledService(`${api}.googleapis.com`, API_TITLES[api], number);
    throw new ApiError('PERMISSION_DENIED', message, details);
  };

  return {
    register(token, email) {
      emails.set(token, email);
    },
    grant(project, member, role) {
      if (!isScope(project)) names.add(project);
      grants.set(keyOf(project), [...without(project, member, role), { role, members: [member] }]);
    },
    revoke(project, member, role) {
      grants.set(keyOf(project), without(project, member, role));
    },
    hasRole: (name) => roles.has(name),
    hasAccount: (email) => accounts.stateOf(email) !== 'deleted',
    defineRole(name, permissions) {
      roles.set(name, permissions);
    },
    snapshot: () => ({
      roles: [...roles].filter(([name, permissions]) => KNOWN_ROLES[name] !== permissions),
      grants: [...grants].flatMap(([project, bindings]) =>
        bindings.flatMap(({ role, members }) => members.map((member) => ({ project, member, role }))),
      ),
      disabled: [...disabled].map((key) => {
        const [api = '', project = ''] = key.split(' ');
        return [api, project];
      }),
    }),
    callerOf(authorizationHeader) {
      const token = /^Bearer\s+(.+)$/i.exec(authorizationHeader ?? '')?.[1];
      const email = token === undefined ? undefined : emails.get(token.trim());
      return email === undefined ? {} : { email };
    },
    holds,
    setApi(project, api, enabled) {
      const key = `${api} ${names.numberOf(project)}`;
      if (enabled) disabled.delete(key);
      else disabled.add(key);
    },
    require(caller, permission, resource) {
      if (isScope(resource.project)) {
        if (hierarchy.has(resource.project) && holds(caller, permission, resource)) return;
        throw permissionDenied(permission, resource.name);
      }
      if (!names.isKnown(resource.project)) throw unknownProject(permission, resource.project);
      requireEnabled(permission, resource.project);
      if (holds(caller, permission, resource)) return;
      throw permissionDenied(permission, resource.name);
    },
  };
}

const BASIC_ROLES = {
  projectOwner: 'roles/owner',
  projectEditor: 'roles/editor',
  projectViewer: 'roles/viewer',
} as const;

/** Groups and principals of federated identities are nobody here: who belongs to them is not known. */
function membersOf(email: string): readonly string[] {
  const domain = email.slice(email.indexOf('@') + 1);
  return [`serviceAccount:${email}`, `user:${email}`, `domain:${domain}`, 'allAuthenticatedUsers', 'allUsers'];
}
