import { anything, flag, listOf, mapOf, message, smallInteger, text, type Of } from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.cloud.run.v2';

const envVar = message(
  `${PACKAGE}.EnvVar`,
  {
    name: text,
    value: text,
    valueSource: message(`${PACKAGE}.EnvVarSource`, {
      secretKeyRef: message(`${PACKAGE}.SecretKeySelector`, { secret: text, version: text }),
    }),
  },
  { values: ['value', 'valueSource'] },
);

/** A container; what nothing here looks at is taken and shown again. */
export const containerMessage = message(`${PACKAGE}.Container`, {
  name: text,
  image: text,
  sourceCode: anything,
  command: listOf(text),
  args: listOf(text),
  env: listOf(envVar),
  resources: anything,
  ports: anything,
  volumeMounts: listOf(message(`${PACKAGE}.VolumeMount`, { name: text, mountPath: text, subPath: text })),
  workingDir: text,
  livenessProbe: anything,
  startupProbe: anything,
  readinessProbe: anything,
  dependsOn: listOf(text),
  baseImageUri: text,
  buildInfo: anything,
});

export const volumeMessage = message(
  `${PACKAGE}.Volume`,
  {
    name: text,
    secret: message(`${PACKAGE}.SecretVolumeSource`, {
      secret: text,
      items: listOf(message(`${PACKAGE}.VersionToPath`, { path: text, version: text, mode: smallInteger })),
      defaultMode: smallInteger,
    }),
    cloudSqlInstance: anything,
    emptyDir: anything,
    nfs: anything,
    gcs: anything,
  },
  { volume_type: ['secret', 'cloudSqlInstance', 'emptyDir', 'nfs', 'gcs'] },
);

const COMMON = {
  containers: listOf(containerMessage),
  volumes: listOf(volumeMessage),
  serviceAccount: text,
  vpcAccess: anything,
  encryptionKey: text,
  nodeSelector: anything,
  gpuZonalRedundancyDisabled: flag,
};

const revisionTemplate = message(`${PACKAGE}.RevisionTemplate`, {
  ...COMMON,
  revision: text,
  labels: mapOf(text),
  annotations: mapOf(text),
  scaling: anything,
  timeout: text,
  executionEnvironment: anything,
  maxInstanceRequestConcurrency: smallInteger,
  serviceMesh: anything,
  encryptionKeyRevocationAction: anything,
  encryptionKeyShutdownDuration: anything,
  sessionAffinity: flag,
  healthCheckDisabled: flag,
  client: text,
  clientVersion: text,
});

const executionTemplate = message(`${PACKAGE}.ExecutionTemplate`, {
  labels: mapOf(text),
  annotations: mapOf(text),
  parallelism: smallInteger,
  taskCount: smallInteger,
  client: text,
  clientVersion: text,
  template: message(`${PACKAGE}.TaskTemplate`, {
    ...COMMON,
    maxRetries: smallInteger,
    timeout: text,
    executionEnvironment: anything,
  }),
});

const target = (type: string) =>
  listOf(message(`${PACKAGE}.${type}`, { type: anything, revision: text, percent: smallInteger, tag: text }));

/** What every resource of Cloud Run has; what is output only is accepted and not looked at. */
const RESOURCE = {
  name: text,
  uid: anything,
  generation: anything,
  labels: mapOf(text),
  annotations: mapOf(text),
  createTime: anything,
  updateTime: anything,
  deleteTime: anything,
  expireTime: anything,
  creator: anything,
  lastModifier: anything,
  client: text,
  clientVersion: text,
  launchStage: anything,
  binaryAuthorization: anything,
  observedGeneration: anything,
  terminalCondition: anything,
  conditions: anything,
  satisfiesPzs: anything,
  reconciling: anything,
  etag: text,
};
const REVISIONS = { description: text, latestReadyRevision: anything, latestCreatedRevision: anything };

/** Of each kind its message: what is not in it is refused as unknown. */
export const RESOURCES = {
  services: message(`${PACKAGE}.Service`, {
    ...RESOURCE,
    ...REVISIONS,
    template: revisionTemplate,
    traffic: target('TrafficTarget'),
    ingress: anything,
    scaling: anything,
    invokerIamDisabled: flag,
    defaultUriDisabled: flag,
    urls: anything,
    iapEnabled: flag,
    multiRegionSettings: anything,
    customAudiences: listOf(text),
    trafficStatuses: anything,
    uri: anything,
    threatDetectionEnabled: anything,
    buildConfig: anything,
  }),
  workerPools: message(`${PACKAGE}.WorkerPool`, {
    ...RESOURCE,
    ...REVISIONS,
    template: revisionTemplate,
    instanceSplits: target('InstanceSplit'),
    scaling: anything,
    customAudiences: listOf(text),
    instanceSplitStatuses: anything,
    threatDetectionEnabled: anything,
  }),
  jobs: message(`${PACKAGE}.Job`, {
    ...RESOURCE,
    template: executionTemplate,
    executionCount: anything,
    latestCreatedExecution: anything,
    startExecutionToken: text,
    runExecutionToken: text,
  }),
};

export type Container = Of<typeof containerMessage>;
