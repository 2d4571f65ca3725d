import { anything, flag, listOf, mapOf, message, smallInteger, text, type Of } from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.cloud.functions.v2';

export const configMessage = message(`${PACKAGE}.ServiceConfig`, {
  service: text,
  timeoutSeconds: smallInteger,
  availableMemory: text,
  availableCpu: text,
  environmentVariables: mapOf(text),
  maxInstanceCount: smallInteger,
  minInstanceCount: smallInteger,
  vpcConnector: text,
  vpcConnectorEgressSettings: anything,
  directVpcNetworkInterface: anything,
  directVpcEgress: anything,
  ingressSettings: anything,
  uri: anything,
  serviceAccountEmail: text,
  allTrafficOnLatestRevision: flag,
  secretEnvironmentVariables: listOf(
    message(`${PACKAGE}.SecretEnvVar`, { key: text, projectId: text, secret: text, version: text }),
  ),
  secretVolumes: listOf(
    message(`${PACKAGE}.SecretVolume`, {
      mountPath: text,
      projectId: text,
      secret: text,
      versions: listOf(message(`${PACKAGE}.SecretVolume.SecretVersion`, { version: text, path: text })),
    }),
  ),
  revision: anything,
  maxInstanceRequestConcurrency: smallInteger,
  securityLevel: anything,
  binaryAuthorizationPolicy: text,
});

/** A `Function` as a caller sends it; what is output only is accepted and not looked at. */
export const functionMessage = message(`${PACKAGE}.Function`, {
  name: text,
  description: text,
  buildConfig: anything,
  serviceConfig: configMessage,
  eventTrigger: anything,
  state: anything,
  updateTime: anything,
  labels: mapOf(text),
  stateMessages: anything,
  environment: text,
  url: anything,
  kmsKeyName: text,
  satisfiesPzs: anything,
  createTime: anything,
  upgradeInfo: anything,
});

export type ServiceConfig = Of<typeof configMessage>;
