import { utcText } from './micros.ts';
import type { Policy, SecretRecord, VersionRecord } from './resource.ts';
import { SECRET_TYPE_NUMBERS, STATE_NUMBERS, versionName } from './resource.ts';
import { isObject } from '../rest/proto-json.ts';
import type { Json } from '../rest/proto-json.ts';

/** A `Secret` in protobuf's JSON form. Unset fields are left out, as production does. */
export function secretJson(secret: SecretRecord): Json {
  return {
    name: secret.name,
    ...(secret.replication === undefined ? {} : { replication: secret.replication }),
    createTime: utcText(secret.createdAt),
    ...unlessEmpty('labels', secret.labels),
    ...(secret.topics.length === 0 ? {} : { topics: secret.topics.map((name) => ({ name })) }),
    ...timeJson('expireTime', secret.expireAt),
    etag: secret.etag,
    ...rotationJson(secret),
    ...unlessEmpty('versionAliases', aliasesJson(secret)),
    ...unlessEmpty('annotations', secret.annotations),
    ...(secret.destroyDelaySeconds === undefined ? {} : { versionDestroyTtl: `${secret.destroyDelaySeconds}s` }),
    ...(secret.encryption === undefined ? {} : { customerManagedEncryption: secret.encryption }),
    ...(secret.secretType === undefined ? {} : { secretType: secret.secretType }),
  };
}

/** A `SecretVersion`: metadata only, never the payload. */
export function versionJson(secret: SecretRecord, version: VersionRecord): Json {
  return {
    name: versionName(secret, version.number),
    createTime: utcText(version.createdAt),
    ...timeJson('destroyTime', version.destroyedAt),
    state: version.state,
    ...(secret.replication === undefined ? {} : { replicationStatus: replicationStatusJson(secret.replication) }),
    etag: version.etag,
    ...(version.clientChecksum ? { clientSpecifiedPayloadChecksum: true } : {}),
    ...timeJson('scheduledDestroyTime', version.scheduledDestroyAt),
  };
}

export function policyJson(policy: Policy): Json {
  return {
    ...(policy.version === undefined ? {} : { version: policy.version }),
    etag: policy.etag,
    ...(policy.bindings.length === 0 ? {} : { bindings: policy.bindings }),
    ...(policy.auditConfigs === undefined ? {} : { auditConfigs: policy.auditConfigs }),
  };
}

/** The same answer with its enums as numbers, for callers that send `$alt=json;enum-encoding=int`. */
export function withEnumNumbers(answer: Json): Json {
  return {
    ...enumsNumbered(answer),
    ...(Array.isArray(answer['secrets']) ? { secrets: answer['secrets'].map(enumsNumbered) } : {}),
    ...(Array.isArray(answer['versions']) ? { versions: answer['versions'].map(enumsNumbered) } : {}),
  };
}

function enumsNumbered(resource: Json): Json {
  return {
    ...resource,
    ...numberOf('state', resource['state'], STATE_NUMBERS),
    ...numberOf('secretType', resource['secretType'], SECRET_TYPE_NUMBERS),
  };
}

function numberOf(field: string, name: unknown, numbers: Readonly<Record<string, number>>): Json {
  const number = typeof name === 'string' ? numbers[name] : undefined;
  return number === undefined ? {} : { [field]: number };
}

function rotationJson({ rotation }: SecretRecord): Json {
  if (rotation === undefined) return {};
  return {
    rotation: {
      nextRotationTime: utcText(rotation.nextAt),
      ...(rotation.periodSeconds === undefined ? {} : { rotationPeriod: `${rotation.periodSeconds}s` }),
    },
  };
}

/** int64 values travel as strings. */
function aliasesJson({ aliases }: SecretRecord): Json {
  return Object.fromEntries(Object.entries(aliases).map(([alias, number]) => [alias, String(number)]));
}

function replicationStatusJson(replication: Json): Json {
  const { userManaged } = replication;
  if (!isObject(userManaged) || !Array.isArray(userManaged['replicas'])) return { automatic: {} };
  return {
    userManaged: {
      replicas: userManaged['replicas'].filter(isObject).map((replica) => ({ location: replica['location'] })),
    },
  };
}

function timeJson(field: string, moment: number | undefined): Json {
  return moment === undefined ? {} : { [field]: utcText(moment) };
}

function unlessEmpty(field: string, map: Json): Json {
  return Object.keys(map).length === 0 ? {} : { [field]: map };
}
