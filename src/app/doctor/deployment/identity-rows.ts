import { BINDING_ROLE } from '../../../core/google/key-rules.ts';
import { grantsOf, IDENTITIES, type GrantedOn, type Identity } from '../../../core/google/permissions-of-deployment.ts';
import { LOOKS } from './looks.ts';
import { accountOf, FUNCTION_NAMES, FUNCTIONS, functionsOf, memberOf, type Place } from './place.ts';
import { agentOf, NO_NUMBER } from './project-rows.ts';
import { APPLY, type Rows } from './row.ts';
import { grants, textsIn, unseen, type Flaw } from './sighted.ts';

/** What a custom role holds, by the level that it is granted at. */
export const LEVELS = {
  project: 'each project with watched secrets',
  secret: 'each watched secret',
  keys: 'each project that keys are made in',
  consumers: 'each project that consumers are looked up in',
  memory: 'the secret that remembers what inventories told',
} as const satisfies Record<string, GrantedOn>;

/** Where a custom role is granted. */
export type Level = keyof typeof LEVELS;

/** Every identity of a deployment. */
const NAMES = Object.keys(IDENTITIES).filter((name): name is Identity => Object.hasOwn(IDENTITIES, name));

/** Identities that may bind keys to an account. */
const BINDERS: readonly Identity[] = NAMES.filter(
  (identity) => grantsOf(identity, 'each account that keys are bound to').length > 0,
);

/** Identities that work on each watched secret. */
export function onSecrets(place: Pick<Place, 'functions'>): readonly Identity[] {
  return identitiesOf(place).filter((identity) => grantsOf(identity, LEVELS.secret).length > 0);
}

/** One custom role in one project. */
interface CustomRole {
  readonly identity: Identity;
  readonly level: Level;
  readonly project: string;
}

/** The full name of a custom role: the module's prefix, the identity and the level, in capitals. */
export function roleOf({ name }: Place, { identity, level, project }: CustomRole): string {
  return `projects/${project}/roles/${roleIdOf(name, identity, level)}`;
}

function roleIdOf(name: string, identity: Identity, level: Level): string {
  return `${name}-${identity}-${level}`
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

const ENABLE_ACCOUNT = ([email = '']: readonly string[]): string =>
  `${APPLY}; a disabled one: gcloud iam service-accounts enable ${email}`;

/** Accounts, and what each may do where. */
export const IDENTITY_ROWS: Rows = {
  'google_service_account.identity': {
    title: 'accounts of the worker',
    shownBy: ['account'],
    mend: ENABLE_ACCOUNT,
    find: (place, see) =>
      identitiesOf(place).map((identity) => {
        const email = accountOf(place, identity);
        return see(email, LOOKS.account(email), enabled);
      }),
  },
  'google_service_account.keys': {
    title: 'accounts that keys are bound to',
    shownBy: ['account'],
    mend: ENABLE_ACCOUNT,
    find: ({ boundAccounts }, see) => boundAccounts.map((email) => see(email, LOOKS.account(email), enabled)),
  },
  'google_service_account_iam_member.binding': {
    title: 'who may bind keys to them',
    shownBy: ['accountPolicy'],
    mend: APPLY,
    find: (place, see) =>
      place.boundAccounts.flatMap((email) =>
        BINDERS.map((identity) =>
          see(`policy of ${email}`, LOOKS.accountPolicy(email), grants(BINDING_ROLE, memberOf(place, identity))),
        ),
      ),
  },
  'google_service_account_iam_member.reached': {
    title: 'who may act as consumers',
    shownBy: ['accountPolicy'],
    mend: APPLY,
    find: (place, see) =>
      (identitiesOf(place).includes('reacher') ? place.reachAccounts : []).map((email) =>
        see(
          `policy of ${email}`,
          LOOKS.accountPolicy(email),
          grants('roles/iam.serviceAccountUser', memberOf(place, 'reacher')),
        ),
      ),
  },
  'google_service_account_iam_member.push_tokens': {
    title: 'who signs the tokens of pushes',
    shownBy: ['accountPolicy'],
    mend: APPLY,
    find: (place, see) => {
      const email = accountOf(place, 'push');
      const name = `policy of ${email}`;
      const agent = agentOf(place, 'pubsub');
      if (agent === undefined) return [unseen(name, `names an agent that ${NO_NUMBER}`)];
      return [see(name, LOOKS.accountPolicy(email), grants('roles/iam.serviceAccountTokenCreator', agent))];
    },
  },
  'google_project_iam_custom_role.worker': {
    title: 'custom roles',
    shownBy: ['role'],
    mend: APPLY,
    find: (place, see) =>
      customRoles(place).map(({ identity, level, project }) => {
        const id = roleIdOf(place.name, identity, level);
        const needs = grantsOf(identity, LEVELS[level]).map((grant) => grant.needs);
        return see(`role ${id} of ${project}`, LOOKS.role(project, id), holding(needs));
      }),
  },
  'google_project_iam_member.worker': {
    title: 'who has them on projects',
    shownBy: ['projectPolicy'],
    mend: APPLY,
    find: (place, see) =>
      customRoles(place)
        .filter(({ level }) => level !== 'secret' && level !== 'memory')
        .map((role) =>
          see(
            `policy of ${role.project}`,
            LOOKS.projectPolicy(role.project),
            grants(roleOf(place, role), memberOf(place, role.identity)),
          ),
        ),
  },
};

/** Whoever runs nothing that is there is left out, as its function is. */
export function identitiesOf(place: Pick<Place, 'functions'>): readonly Identity[] {
  const idle = FUNCTION_NAMES.filter((name) => !functionsOf(place).includes(name)).map(
    (name) => FUNCTIONS[name].identity,
  );
  const busy: readonly Identity[] = functionsOf(place).map((name) => FUNCTIONS[name].identity);
  return NAMES.filter((identity) => busy.includes(identity) || !idle.some((one) => one === identity));
}

function customRoles(place: Place): readonly CustomRole[] {
  const { watchedProjects, keyProjects, consumerProjects, books } = place;
  const projectsOf = {
    project: watchedProjects,
    secret: watchedProjects,
    keys: keyProjects,
    consumers: consumerProjects,
    memory: books.filter(({ level }) => level === 'memory').map(({ secret }) => secret.project),
  } as const;
  const levels = Object.keys(LEVELS).filter((level): level is Level => Object.hasOwn(LEVELS, level));
  return identitiesOf(place).flatMap((identity) =>
    levels
      .filter((level) => grantsOf(identity, LEVELS[level]).length > 0)
      .flatMap((level) => projectsOf[level].map((project) => ({ identity, level, project }))),
  );
}

const enabled: Flaw = ({ disabled }) => (disabled === true ? 'is disabled' : undefined);

/** A role that was deleted is shown for a week. */
function holding(needs: readonly string[]): Flaw {
  return (role) => {
    if (role['deleted'] === true) return 'is deleted';
    const missing = needs.filter((permission) => !textsIn(role, 'includedPermissions').includes(permission));
    return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`;
  };
}
