const SECRETS = ['create', 'get', 'list', 'update', 'delete', 'getIamPolicy', 'setIamPolicy'].map(
  (verb) => `secretmanager.secrets.${verb}`,
);
const VERSIONS = ['add', 'get', 'list', 'access', 'enable', 'disable', 'destroy'].map(
  (verb) => `secretmanager.versions.${verb}`,
);
const LOCATIONS = ['secretmanager.locations.get', 'secretmanager.locations.list'];
const API_KEYS = ['create', 'delete', 'get', 'getKeyString', 'list', 'lookup', 'update', 'undelete'].map(
  (verb) => `apikeys.keys.${verb}`,
);
const API_KEYS_READ = ['get', 'getKeyString', 'list', 'lookup'].map((verb) => `apikeys.keys.${verb}`);
const BINDINGS = ['create', 'delete', 'undelete'].map((verb) => `iam.serviceAccountApiKeyBindings.${verb}`);
const PUBLISH = ['pubsub.topics.publish'];
const PUBSUB_READ = [
  'pubsub.topics.get',
  'pubsub.topics.list',
  'pubsub.subscriptions.get',
  'pubsub.subscriptions.list',
];
const PUBSUB_ALL = [
  ...PUBSUB_READ,
  ...PUBLISH,
  'pubsub.topics.create',
  'pubsub.topics.delete',
  'pubsub.topics.update',
  'pubsub.topics.attachSubscription',
  'pubsub.subscriptions.create',
  'pubsub.subscriptions.delete',
  'pubsub.subscriptions.update',
  'pubsub.subscriptions.consume',
];
const SCHEDULER_READ = ['cloudscheduler.jobs.get', 'cloudscheduler.jobs.list'];
const SCHEDULER_ALL = [
  ...SCHEDULER_READ,
  ...['create', 'delete', 'enable', 'pause', 'run', 'update'].map((verb) => `cloudscheduler.jobs.${verb}`),
];
const PUBSUB_POLICIES = ['topics', 'subscriptions'].flatMap((kind) => [
  `pubsub.${kind}.getIamPolicy`,
  `pubsub.${kind}.setIamPolicy`,
]);
const MONITORING_READ = ['monitoring.timeSeries.list'];
const RUN_READ = [
  ...['services', 'jobs', 'workerpools', 'revisions', 'executions'].flatMap((kind) => [
    `run.${kind}.get`,
    `run.${kind}.list`,
  ]),
  'run.services.getIamPolicy',
  'run.locations.list',
  'run.operations.get',
];
const RUN_WRITE = ['services', 'jobs', 'workerpools'].flatMap((kind) => [
  `run.${kind}.create`,
  `run.${kind}.update`,
  `run.${kind}.delete`,
]);
const FUNCTIONS_READ = ['cloudfunctions.functions.get', 'cloudfunctions.functions.list'];
const FUNCTIONS_WRITE = ['create', 'update', 'delete'].map((verb) => `cloudfunctions.functions.${verb}`);
const ASSETS_READ = ['cloudasset.assets.searchAllResources'];
const ACT_AS = 'iam.serviceAccounts.actAs';
/** What shows the parts of a deployment that are kept on the shelf. */
const DEPLOYMENT_READ = [
  ...[
    'artifactregistry.repositories',
    'cloudfunctions.functions',
    'cloudkms.cryptoKeys',
    'iam.roles',
    'iam.serviceAccounts',
    'logging.buckets',
    'logging.logMetrics',
    'logging.sinks',
    'monitoring.alertPolicies',
    'monitoring.dashboards',
    'monitoring.notificationChannels',
    'run.services',
    'serviceusage.services',
  ].flatMap((kind) => [`${kind}.get`, `${kind}.list`]),
  'logging.logEntries.list',
  'storage.buckets.get',
  'storage.objects.get',
];
const DEPLOYMENT_POLICIES = [
  'artifactregistry.repositories',
  'cloudkms.cryptoKeys',
  'iam.serviceAccounts',
  'resourcemanager.projects',
  'run.services',
].map((kind) => `${kind}.getIamPolicy`);
const SECRETS_READ = [
  'secretmanager.secrets.get',
  'secretmanager.secrets.list',
  'secretmanager.secrets.getIamPolicy',
  'secretmanager.versions.get',
  'secretmanager.versions.list',
  ...LOCATIONS,
];
const EVERYTHING = [
  ...SECRETS,
  ...VERSIONS,
  ...LOCATIONS,
  ...API_KEYS,
  ...BINDINGS,
  'serviceusage.operations.get',
  ...PUBSUB_ALL,
  ...SCHEDULER_ALL,
  ...PUBSUB_POLICIES,
  ...MONITORING_READ,
  ...DEPLOYMENT_READ,
  ...DEPLOYMENT_POLICIES,
  ...RUN_READ,
  ...RUN_WRITE,
  'run.jobs.run',
  ...FUNCTIONS_READ,
  ...FUNCTIONS_WRITE,
  ACT_AS,
  ...ASSETS_READ,
];

/**
 * Which permissions each known role carries, as far as the pretend services ask for them
 * (docs.cloud.google.com/iam/docs/roles-permissions/secretmanager, cloud.google.com/api-keys/docs/access-control).
 */
export const KNOWN_ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/owner': EVERYTHING,
  'roles/secretmanager.admin': [...SECRETS, ...VERSIONS, ...LOCATIONS],
  'roles/secretmanager.secretAccessor': ['secretmanager.versions.access'],
  'roles/secretmanager.secretVersionAdder': ['secretmanager.versions.add'],
  'roles/secretmanager.secretVersionManager': VERSIONS.filter((name) => name !== 'secretmanager.versions.access'),
  'roles/secretmanager.viewer': SECRETS_READ,
  'roles/serviceusage.apiKeysAdmin': [...API_KEYS, 'serviceusage.operations.get'],
  'roles/serviceusage.apiKeysViewer': API_KEYS_READ,
  'roles/iam.serviceAccountApiKeyBindingAdmin': BINDINGS,
  'roles/iam.serviceAccountAdmin': BINDINGS,
  'roles/pubsub.publisher': PUBLISH,
  'roles/pubsub.subscriber': ['pubsub.subscriptions.consume', 'pubsub.topics.attachSubscription'],
  'roles/pubsub.viewer': PUBSUB_READ,
  'roles/pubsub.editor': PUBSUB_ALL,
  'roles/cloudscheduler.viewer': SCHEDULER_READ,
  'roles/cloudscheduler.admin': SCHEDULER_ALL,
  'roles/pubsub.admin': [...PUBSUB_ALL, ...PUBSUB_POLICIES],
  'roles/monitoring.viewer': MONITORING_READ,
  'roles/iam.securityReviewer': [
    ...DEPLOYMENT_POLICIES,
    'secretmanager.secrets.getIamPolicy',
    'pubsub.topics.getIamPolicy',
    'pubsub.subscriptions.getIamPolicy',
  ],
  'roles/run.viewer': RUN_READ,
  'roles/run.developer': [...RUN_READ, ...RUN_WRITE, 'run.jobs.run'],
  'roles/cloudfunctions.viewer': [...FUNCTIONS_READ, 'run.operations.get'],
  'roles/cloudfunctions.developer': [...FUNCTIONS_READ, ...FUNCTIONS_WRITE, 'run.operations.get'],
  'roles/cloudasset.viewer': ASSETS_READ,
  'roles/iam.serviceAccountUser': [ACT_AS],
  'roles/iam.serviceAccountTokenCreator': ['iam.serviceAccounts.getAccessToken', 'iam.serviceAccounts.signJwt'],
  'roles/logging.logWriter': ['logging.logEntries.create'],
  'roles/logging.viewer': ['logging.buckets.get', 'logging.logEntries.list'],
  'roles/storage.objectViewer': ['storage.objects.get', 'storage.objects.list'],
  // The basic viewer can read API key strings, though not secret payloads.
  'roles/viewer': [
    ...SECRETS_READ,
    ...API_KEYS_READ,
    ...PUBSUB_READ,
    ...SCHEDULER_READ,
    ...MONITORING_READ,
    ...DEPLOYMENT_READ,
    ...RUN_READ,
  ],
};
