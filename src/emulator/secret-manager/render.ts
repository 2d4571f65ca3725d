import { utcText } from '../wire/rest/micros.ts';
import { SECRET_TYPE_NUMBERS, STATE_NUMBERS, versionName, type SecretRecord, type VersionRecord } from './resource.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';

/** A `Secret` in protobuf's JSON form. Unset fields are left out, as production does. */
export function secretJson(secret: SecretRecord): JsonObject {
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
export function versionJson(secret: SecretRecord, version: VersionRecord): JsonObject {
  return {
    name: versionName(secret, version.number),
    createTime: utcText(version.createdAt),
    ...timeJson('destroyTime', version.destroyedAt),
    state: version.state,
    ...version.kept,
    etag: version.etag,
    ...(version.clientChecksum ? { clientSpecifiedPayloadChecksum: true } : {}),
    ...timeJson('scheduledDestroyTime', version.scheduledDestroyAt),
  };
}

/** The same answer with its enums as numbers, for callers that send `$alt=json;enum-encoding=int`. */
export function withEnumNumbers(answer: JsonObject): JsonObject {
  return {
    ...enumsNumbered(answer),
    ...(Array.isArray(answer['secrets']) ? { secrets: answer['secrets'].map(enumsNumbered) } : {}),
    ...(Array.isArray(answer['versions']) ? { versions: answer['versions'].map(enumsNumbered) } : {}),
  };
}

function enumsNumbered(resource: JsonObject): JsonObject {
  return {
    ...resource,
    ...numberOf('state', resource['state'], STATE_NUMBERS),
    ...numberOf('secretType', resource['secretType'], SECRET_TYPE_NUMBERS),
  };
}

function numberOf(field: string, name: unknown, numbers: Readonly<Record<string, number>>): JsonObject {
  const number = typeof name === 'string' ? numbers[name] : undefined;
  return number === undefined ? {} : { [field]: number };
}

function rotationJson({ rotation }: SecretRecord): JsonObject {
  if (rotation === undefined) return {};
  return {
    rotation: {
      nextRotationTime: utcText(rotation.nextAt),
      ...(rotation.periodSeconds === undefined ? {} : { rotationPeriod: `${rotation.periodSeconds}s` }),
    },
  };
}

/** int64 values travel as strings. */
function aliasesJson({ aliases }: SecretRecord): JsonObject {
  return Object.fromEntries(Object.entries(aliases).map(([alias, number]) => [alias, String(number)]));
}

/** What a version added now says of its places and their keys; the first version of a key of Cloud KMS stands for it. */
export function keptJson({ replication, encryption }: SecretRecord): JsonObject {
  if (replication === undefined) return encryptionStatus(encryption);
  const { userManaged, automatic } = replication;
  if (!isJsonObject(userManaged) || !Array.isArray(userManaged['replicas'])) {
    const key = isJsonObject(automatic) ? automatic['customerManagedEncryption'] : undefined;
    return { replicationStatus: { automatic: encryptionStatus(key) } };
  }
  const replicas = userManaged['replicas'].filter(isJsonObject).map((replica) => ({
    location: replica['location'],
    ...encryptionStatus(replica['customerManagedEncryption']),
  }));
  return { replicationStatus: { userManaged: { replicas } } };
}

function encryptionStatus(encryption: unknown): JsonObject {
  const key = isJsonObject(encryption) ? encryption['kmsKeyName'] : undefined;
  if (typeof key !== 'string') return {};
  return { customerManagedEncryption: { kmsKeyVersionName: `${key}/cryptoKeyVersions/1` } };
}

function timeJson(field: string, moment: number | undefined): JsonObject {
  return moment === undefined ? {} : { [field]: utcText(moment) };
}

function unlessEmpty(field: string, map: JsonObject): JsonObject {
  return Object.keys(map).length === 0 ? {} : { [field]: map };
}
