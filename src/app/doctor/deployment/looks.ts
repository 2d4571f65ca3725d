import type { Look, ReadApi } from '../../ports/google-reader.ts';
import { GLOBAL, projectIn } from '../../../core/google/resource-names.ts';

/** Every call that shows a part of a deployment; a test compares them with Google's own descriptions of its APIs. */
export const LOOKS = {
  enabledApis: (project: string): Look => ({
    ...get('serviceusage', project, `/v1/projects/${project}/services`, 'serviceusage.services.list'),
    query: { filter: 'state:ENABLED', pageSize: '200' },
    list: 'services',
  }),
  projectPolicy: (project: string): Look => ({
    api: 'cloudresourcemanager',
    method: 'POST',
    path: `/v3/projects/${project}:getIamPolicy`,
    permission: 'resourcemanager.projects.getIamPolicy',
    project,
  }),
  account: (email: string): Look => get('iam', projectOf(email), accountPath(email), 'iam.serviceAccounts.get'),
  accountPolicy: (email: string): Look => ({
    api: 'iam',
    method: 'POST',
    path: `${accountPath(email)}:getIamPolicy`,
    permission: 'iam.serviceAccounts.getIamPolicy',
    project: projectOf(email),
  }),
  role: (project: string, id: string): Look =>
    get('iam', project, `/v1/projects/${project}/roles/${id}`, 'iam.roles.get'),
  secrets: (project: string, location: string, label: string): Look => ({
    ...get('secretmanager', project, `/v1/${parentOf(project, location)}/secrets`, 'secretmanager.secrets.list'),
    query: { filter: `labels.${label}`, pageSize: '500' },
    list: 'secrets',
    ...(location !== GLOBAL && { location }),
  }),
  secretPolicy: (project: string, location: string, id: string): Look => ({
    ...get(
      'secretmanager',
      project,
      `/v1/${parentOf(project, location)}/secrets/${id}:getIamPolicy`,
      'secretmanager.secrets.getIamPolicy',
    ),
    ...(location !== GLOBAL && { location }),
  }),
  kmsPolicy: (key: string): Look =>
    get('cloudkms', projectIn(key), `/v1/${key}:getIamPolicy`, 'cloudkms.cryptoKeys.getIamPolicy'),
  topic: (topic: string): Look => get('pubsub', projectIn(topic), `/v1/${topic}`, 'pubsub.topics.get'),
  topicPolicy: (topic: string): Look =>
    get('pubsub', projectIn(topic), `/v1/${topic}:getIamPolicy`, 'pubsub.topics.getIamPolicy'),
  subscription: (name: string): Look => get('pubsub', projectIn(name), `/v1/${name}`, 'pubsub.subscriptions.get'),
  subscriptionPolicy: (name: string): Look =>
    get('pubsub', projectIn(name), `/v1/${name}:getIamPolicy`, 'pubsub.subscriptions.getIamPolicy'),
  job: (project: string, region: string, id: string): Look =>
    get('cloudscheduler', project, `/v1/${parentOf(project, region)}/jobs/${id}`, 'cloudscheduler.jobs.get'),
  deployedFunction: (project: string, region: string, id: string): Look =>
    get('cloudfunctions', project, `/v2/${parentOf(project, region)}/functions/${id}`, 'cloudfunctions.functions.get'),
  servicePolicy: (project: string, region: string, id: string): Look =>
    get('run', project, `/v2/${parentOf(project, region)}/services/${id}:getIamPolicy`, 'run.services.getIamPolicy'),
  repository: (project: string, region: string, id: string): Look =>
    get(
      'artifactregistry',
      project,
      `/v1/${parentOf(project, region)}/repositories/${id}`,
      'artifactregistry.repositories.get',
    ),
  repositoryPolicy: (project: string, region: string, id: string): Look =>
    get(
      'artifactregistry',
      project,
      `/v1/${parentOf(project, region)}/repositories/${id}:getIamPolicy`,
      'artifactregistry.repositories.getIamPolicy',
    ),
  bucket: (project: string, bucket: string): Look =>
    get('storage', project, `/storage/v1/b/${bucket}`, 'storage.buckets.get'),
  object: (project: string, bucket: string, object: string): Look =>
    get('storage', project, `/storage/v1/b/${bucket}/o/${object}`, 'storage.objects.get'),
  metrics: (project: string): Look => ({
    ...get('logging', project, `/v2/projects/${project}/metrics`, 'logging.logMetrics.list'),
    query: { pageSize: '500' },
    list: 'metrics',
  }),
  sink: (project: string, id: string): Look =>
    get('logging', project, `/v2/projects/${project}/sinks/${id}`, 'logging.sinks.get'),
  logBucket: (project: string, region: string, id: string): Look =>
    get('logging', project, `/v2/${parentOf(project, region)}/buckets/${id}`, 'logging.buckets.get'),
  alarms: (project: string): Look => ({
    ...get('monitoring', project, `/v3/projects/${project}/alertPolicies`, 'monitoring.alertPolicies.list'),
    query: { pageSize: '500' },
    list: 'alertPolicies',
  }),
  channels: (project: string): Look => ({
    ...get(
      'monitoring',
      project,
      `/v3/projects/${project}/notificationChannels`,
      'monitoring.notificationChannels.list',
    ),
    query: { pageSize: '500' },
    list: 'notificationChannels',
  }),
  dashboards: (project: string): Look => ({
    ...get('monitoring', project, `/v1/projects/${project}/dashboards`, 'monitoring.dashboards.list'),
    query: { pageSize: '500' },
    list: 'dashboards',
  }),
} as const;

/** One of the looks, by its name. */
export type LookName = keyof typeof LOOKS;

function get(api: ReadApi, project: string, path: string, permission: string): Look {
  return { api, method: 'GET', path, permission, project };
}

function parentOf(project: string, location: string): string {
  return location === GLOBAL ? `projects/${project}` : `projects/${project}/locations/${location}`;
}

function accountPath(email: string): string {
  return `/v1/projects/${projectOf(email)}/serviceAccounts/${email}`;
}

/** The project that a service account lives in: the first part of its domain. */
function projectOf(email: string): string {
  return email.slice(email.indexOf('@') + 1).replace('.iam.gserviceaccount.com', '');
}
