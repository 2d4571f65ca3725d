import { ApiError } from '../wire/api-error.ts';
import { FRESH_POLICY } from '../world/iam-policy.ts';
import { notServed } from '../wire/not-served.ts';
import { requireEncryption, requireRegion } from './validate-places.ts';
import { configureTopics } from './configure-topics.ts';
import { requireReplication, topicNames, withSettings } from './draft.ts';
import { etagOf, requireEtag } from './etag.ts';
import { openSecret, placeOf } from './locate.ts';
import { createRequest, namedRequest, updateRequest } from './messages.ts';
import { readRoot } from '../wire/rest/proto-json.ts';
import { secretJson } from './render.ts';
import type { SecretRecord } from './resource.ts';
import { extended, trailOf } from './trail.ts';
import { CHANGEABLE, pathsOf } from './update-mask.ts';
import { nowOf, type Rpc } from './world.ts';

export const createSecret: Rpc = (world, caller, request) => {
  const { parent, secretId, secret: sent = {} } = readRoot(createRequest, request);
  const place = placeOf(world, parent);
  world.iam.require(caller, 'secretmanager.secrets.create', { project: place.project, name: parent ?? '' });
  requireSecretId(secretId);
  configureTopics(world.topics, place.projectNumber, topicNames(sent));
  const name = `${place.name}/secrets/${secretId}`;
  if (world.secrets.get(name) !== undefined) throw new ApiError('ALREADY_EXISTS', `Secret [${name}] already exists.`);
  requireRegion(place.location);
  requireReplication(place.location, sent.replication);
  requireEncryption(place.location, sent);
  if (sent.tags !== undefined && Object.keys(sent.tags).length > 0) throw notServed('secretmanager', 'Secret.tags');

  const moment = world.tick();
  const blank: SecretRecord = {
    name,
    projectNumber: place.projectNumber,
    location: place.location,
    createdAt: moment,
    etag: etagOf(moment),
    replication: sent.replication,
    secretType: sent.secretType === 'SECRET_TYPE_UNSPECIFIED' ? undefined : sent.secretType,
    labels: {},
    annotations: {},
    aliases: {},
    topics: [],
    versions: [],
    policy: FRESH_POLICY,
    aliasTrail: trailOf(moment, {}),
  };
  const secret = withSettings(blank, sent, new Set(CHANGEABLE), nowOf(world));
  world.secrets.put(secret);
  world.outbox.announce(secret, moment, { eventType: 'SECRET_CREATE' });
  return secretJson(secret);
};

export const getSecret: Rpc = (world, caller, request) => {
  const { name } = readRoot(namedRequest, request);
  return secretJson(openSecret(world, caller, 'secretmanager.secrets.get', name));
};

export const updateSecret: Rpc = (world, caller, request) => {
  const { secret: sent = {}, updateMask } = readRoot(updateRequest, request);
  const before = openSecret(world, caller, 'secretmanager.secrets.update', sent.name);
  requireEtag(sent.etag, before.etag);
  const paths = pathsOf(updateMask);
  if (paths.has('topics')) configureTopics(world.topics, before.projectNumber, topicNames(sent));
  const changed = withSettings(before, sent, paths, nowOf(world));
  if (paths.has('replication') || paths.has('customer_managed_encryption')) requireEncryption(before.location, sent);

  const moment = world.tick();
  const secret: SecretRecord = {
    ...changed,
    etag: etagOf(moment),
    aliasTrail: extended(before.aliasTrail, moment, changed.aliases, moment - world.lag().aliasLagMs * 1000),
  };
  world.secrets.put(secret);
  world.outbox.announce(secret, moment, { eventType: 'SECRET_UPDATE' });
  return secretJson(secret);
};

/** Deletes the secret and every version at once, whatever destroy delay is set. */
export const deleteSecret: Rpc = (world, caller, request) => {
  const { name, etag } = readRoot(namedRequest, request);
  const secret = openSecret(world, caller, 'secretmanager.secrets.delete', name);
  requireEtag(etag, secret.etag);
  world.secrets.delete(secret.name);
  world.outbox.announce(secret, world.tick(), { eventType: 'SECRET_DELETE', deleteType: 'REQUESTED' });
  return {};
};

/** The wording for a malformed id is not settled; the pattern is documented. */
function requireSecretId(secretId: string | undefined): void {
  if (secretId === undefined || secretId === '') throw new ApiError('INVALID_ARGUMENT', 'Secret ID must be provided.');
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(secretId))
    throw new ApiError(
      'INVALID_ARGUMENT',
      `The provided Secret ID [${secretId}] does not match the expected format [[a-zA-Z_0-9]+]`,
    );
}
