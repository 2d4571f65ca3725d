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
  type Of,
} from '../wire/rest/proto-json.ts';
import { PAGE_FIELDS } from '../wire/rest/pages.ts';
import { SECRET_TYPE_NUMBERS } from './resource.ts';

const PACKAGE = 'google.cloud.secretmanager.v1';

const encryption = message(`${PACKAGE}.CustomerManagedEncryption`, { kmsKeyName: text });

const replication = message(
  `${PACKAGE}.Replication`,
  {
    automatic: message(`${PACKAGE}.Replication.Automatic`, { customerManagedEncryption: encryption }),
    userManaged: message(`${PACKAGE}.Replication.UserManaged`, {
      replicas: listOf(
        message(`${PACKAGE}.Replication.UserManaged.Replica`, {
          location: text,
          customerManagedEncryption: encryption,
        }),
      ),
    }),
  },
  { replication: ['automatic', 'userManaged'] },
);

const rotation = message(`${PACKAGE}.Rotation`, {
  nextRotationTime: timestamp,
  rotationPeriod: duration,
  managedRotationStatus: anything,
});

/** A `Secret` as a caller sends it (resources.proto); output-only fields are accepted and not looked at. */
const secret = message(
  `${PACKAGE}.Secret`,
  {
    name: text,
    replication,
    createTime: anything,
    labels: mapOf(text),
    topics: listOf(message(`${PACKAGE}.Topic`, { name: text })),
    expireTime: timestamp,
    ttl: duration,
    etag: text,
    rotation,
    versionAliases: mapOf(integer),
    annotations: mapOf(text),
    versionDestroyTtl: duration,
    customerManagedEncryption: encryption,
    tags: mapOf(text),
    secretType: oneOf(`${PACKAGE}.Secret.SecretType`, SECRET_TYPE_NUMBERS),
    policyMember: anything,
  },
  { expiration: ['expireTime', 'ttl'] },
);

export type SecretMessage = Of<typeof secret>;

export const createRequest = message(`${PACKAGE}.CreateSecretRequest`, { parent: text, secretId: text, secret });
/** `updateMask` is one string of comma-separated paths, the JSON form of a FieldMask. */
export const updateRequest = message(`${PACKAGE}.UpdateSecretRequest`, { secret, updateMask: text });
/** Get, access, enable, disable, destroy and delete. */
export const namedRequest = message(`${PACKAGE}.DeleteSecretRequest`, { name: text, etag: text });
export const addRequest = message(`${PACKAGE}.AddSecretVersionRequest`, {
  parent: text,
  payload: message(`${PACKAGE}.SecretPayload`, { data: bytes, dataCrc32c: integer }),
});
export const listRequest = message(`${PACKAGE}.ListSecretsRequest`, { parent: text, ...PAGE_FIELDS, filter: text });
