import {
  anything,
  bytes,
  duration,
  integer,
  listOf,
  mapOf,
  message,
  oneOf,
  text,
  timestamp,
} from '../rest/proto-json.ts';
import type { Reader } from '../rest/proto-json.ts';
import { SECRET_TYPE_NUMBERS } from './resource.ts';

type Of<R> = R extends Reader<infer T> ? T : never;

const encryption = message({ kmsKeyName: text });

const replication = message(
  {
    automatic: message({ customerManagedEncryption: encryption }),
    userManaged: message({
      replicas: listOf(message({ location: text, customerManagedEncryption: encryption })),
    }),
  },
  { replication: ['automatic', 'userManaged'] },
);

/** A `Secret` as a caller sends it (resources.proto); output-only fields are accepted and not looked at. */
const secret = message(
  {
    name: text,
    replication,
    createTime: anything,
    labels: mapOf(text),
    topics: listOf(message({ name: text })),
    expireTime: timestamp,
    ttl: duration,
    etag: text,
    rotation: message({ nextRotationTime: timestamp, rotationPeriod: duration, managedRotationStatus: anything }),
    versionAliases: mapOf(integer),
    annotations: mapOf(text),
    versionDestroyTtl: duration,
    customerManagedEncryption: encryption,
    tags: mapOf(text),
    secretType: oneOf(SECRET_TYPE_NUMBERS),
    policyMember: anything,
  },
  { expiration: ['expireTime', 'ttl'] },
);

export type SecretMessage = Of<typeof secret>;

export const createRequest = message({ parent: text, secretId: text, secret });
/** `updateMask` is one string of comma-separated paths, the JSON form of a FieldMask. */
export const updateRequest = message({ secret, updateMask: text });
/** Get, access, enable, disable, destroy and delete. */
export const namedRequest = message({ name: text, etag: text });
export const addRequest = message({ parent: text, payload: message({ data: bytes, dataCrc32c: integer }) });
export const listRequest = message({ parent: text, pageSize: integer, pageToken: text, filter: text });

const binding = message({ role: text, members: listOf(text), condition: anything });

export const getPolicyRequest = message({ resource: text, options: message({ requestedPolicyVersion: integer }) });
export const setPolicyRequest = message({
  resource: text,
  policy: message({ version: integer, bindings: listOf(binding), auditConfigs: anything, etag: text }),
  updateMask: text,
});
export const testPermissionsRequest = message({ resource: text, permissions: listOf(text) });
