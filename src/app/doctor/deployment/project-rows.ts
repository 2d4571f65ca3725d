import { LOOKS } from './looks.ts';
import { memberOf, type Place } from './place.ts';
import { APPLY, type Rows } from './row.ts';
import { grants, isNamed, recordsIn, textIn, unseen, type Flaw, type Sighted } from './sighted.ts';

/** APIs that the module turns on. */
export const APIS = [
  'apikeys',
  'artifactregistry',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'cloudscheduler',
  'generativelanguage',
  'iam',
  'iamcredentials',
  'logging',
  'monitoring',
  'pubsub',
  'run',
  'secretmanager',
] as const;

/** Where the agent of each API lives: its email is `service-PROJECT_NUMBER@DOMAIN.iam.gserviceaccount.com`. */
const AGENTS = {
  artifactregistry: 'gcp-sa-artifactregistry',
  cloudbuild: 'gcp-sa-cloudbuild',
  cloudfunctions: 'gcf-admin-robot',
  cloudscheduler: 'gcp-sa-cloudscheduler',
  pubsub: 'gcp-sa-pubsub',
  run: 'serverless-robot-prod',
  secretmanager: 'gcp-sa-secretmanager',
} as const;

/** An API whose agent the module asks for. */
export type AgentOf = keyof typeof AGENTS;

/** All of them. */
export const AGENT_APIS = Object.keys(AGENTS).filter((api): api is AgentOf => Object.hasOwn(AGENTS, api));

/** Who an agent is in a policy; `undefined` where the number of the project is not known. */
export function agentOf({ number }: Place, api: AgentOf): string | undefined {
  return number === undefined ? undefined : `serviceAccount:service-${number}@${AGENTS[api]}.iam.gserviceaccount.com`;
}

/** As whom Identity-Aware Proxy calls; whoever sets it up makes that agent, and the module grants it the call. */
export function iapAgentOf({ number }: Place): string | undefined {
  return number === undefined ? undefined : `serviceAccount:service-${number}@gcp-sa-iap.iam.gserviceaccount.com`;
}

/** What is said of an agent while the number of the project is not known. */
export const NO_NUMBER = 'is not known by name: the settings of health-check say the number of the project';

/** What the project itself was given: APIs, Google's agents, audit logs, roles for the build. */
export const PROJECT_ROWS: Rows = {
  'google_project_service.api': {
    title: 'APIs',
    shownBy: ['enabledApis'],
    mend: (apis, { project }) => `gcloud services enable ${apis.join(' ')} --project=${project}`,
    find: ({ project }, see) =>
      APIS.map((api) => see(`${api}.googleapis.com`, LOOKS.enabledApis(project), isOn(project, api))),
  },
  'time_sleep.apis': { leavesNothing: 'a wait' },
  'time_sleep.grants': { leavesNothing: 'a wait' },
  'google_project_service_identity.agent': {
    title: 'agents of Google’s APIs',
    shownBy: ['projectPolicy', 'topicPolicy'],
    mend: APPLY,
    find: (place, see) =>
      AGENT_APIS.map(async (api): Promise<Sighted> => {
        const name = `agent of ${api}.googleapis.com`;
        const member = agentOf(place, api);
        if (member === undefined) return unseen(name, NO_NUMBER);
        const seen = await see(name, whereGranted(place, api), named(member));
        // Google has no call that shows an agent: one that is granted nothing may be there all the same.
        return seen.is === 'wrong' ? { ...seen, is: 'unseen' } : seen;
      }),
  },
  'google_project_iam_audit_config.secret_manager': {
    title: 'audit logs of Secret Manager',
    shownBy: ['projectPolicy'],
    mend: APPLY,
    find: ({ watchedProjects }, see) =>
      watchedProjects.map(async (project): Promise<Sighted> => {
        const seen = await see(`audit configuration of ${project}`, LOOKS.projectPolicy(project), audited);
        // The module may have been told to leave it alone, which shows nowhere.
        return seen.is === 'wrong' ? { ...seen, is: 'unseen' } : seen;
      }),
  },
  'google_project_iam_member.build': {
    title: 'what the build may do in the project',
    shownBy: ['projectPolicy'],
    mend: APPLY,
    find: (place, see) =>
      BUILD_ROLES.map((role) =>
        see(`policy of ${place.project}`, LOOKS.projectPolicy(place.project), grants(role, memberOf(place, 'build'))),
      ),
  },
};

/** Roles of the build's account on the project. */
export const BUILD_ROLES = ['roles/logging.logWriter', 'roles/storage.objectViewer'] as const;

function isOn(project: string, api: string): Flaw {
  return (json) =>
    recordsIn(json, 'services').some((service) => textIn(service, 'name').endsWith(`/services/${api}.googleapis.com`))
      ? undefined
      : `is not turned on in ${project}`;
}

/** Google gives most agents a role on the project when it makes them; two have one from the module alone. */
function whereGranted({ name, project }: Place, api: AgentOf) {
  if (api === 'secretmanager') return LOOKS.topicPolicy(`projects/${project}/topics/${name}-secret-events`);
  if (api === 'pubsub') return LOOKS.topicPolicy(`projects/${project}/topics/${name}-dead-letters`);
  return LOOKS.projectPolicy(project);
}

function named(member: string): Flaw {
  return (policy) => (isNamed(policy, member) ? undefined : 'is granted nothing, and shows by its grants alone');
}

const audited: Flaw = (policy) => {
  const types = recordsIn(policy, 'auditConfigs')
    .filter((one) => ['secretmanager.googleapis.com', 'allServices'].includes(textIn(one, 'service')))
    .flatMap((one) => recordsIn(one, 'auditLogConfigs').map((log) => textIn(log, 'logType')));
  return ['DATA_READ', 'DATA_WRITE'].every((type) => types.includes(type))
    ? undefined
    : 'does not record who reads and writes, which is right where guards.audit_logs is false';
};
