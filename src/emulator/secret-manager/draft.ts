import { ApiError } from '../wire/api-error.ts';
import type { SecretMessage } from './messages.ts';
import { MICROS_PER_SECOND, type Micros } from '../wire/rest/micros.ts';
import type { SecretRecord } from './resource.ts';
import type { ChangeablePath } from './update-mask.ts';
import { requireAliases, requireAnnotations, requireLabels } from './validate-maps.ts';
import {
  requireDestroyDelay,
  requireExpiry,
  requireNextRotation,
  requireTopicForRotation,
  rotationOf,
} from './validate-times.ts';

/** The part of a secret that its owner sets. */
type Settings = Pick<
  SecretRecord,
  | 'replication'
  | 'labels'
  | 'annotations'
  | 'aliases'
  | 'topics'
  | 'rotation'
  | 'expireAt'
  | 'destroyDelaySeconds'
  | 'encryption'
>;

/**
 * `before` with what `paths` name taken from `sent`, where a field that is named but not sent is cleared, and every
 * rule checked on what was named. Topics were checked, and told, by the caller.
 */
export function withSettings(
  before: SecretRecord,
  sent: SecretMessage,
  paths: ReadonlySet<ChangeablePath>,
  now: Micros,
): SecretRecord {
  const settings: Settings = {
    replication: paths.has('replication') ? replicationFor(before, sent.replication) : before.replication,
    labels: paths.has('labels') ? (sent.labels ?? {}) : before.labels,
    annotations: paths.has('annotations') ? (sent.annotations ?? {}) : before.annotations,
    aliases: paths.has('version_aliases') ? (sent.versionAliases ?? {}) : before.aliases,
    topics: paths.has('topics') ? topicNames(sent) : before.topics,
    rotation: rotationFor(before, sent, paths),
    expireAt: expiryFor(before, sent, paths, now),
    destroyDelaySeconds: paths.has('version_destroy_ttl') ? sent.versionDestroyTtl : before.destroyDelaySeconds,
    encryption: paths.has('customer_managed_encryption') ? sent.customerManagedEncryption : before.encryption,
  };
  if (paths.has('labels')) requireLabels(settings.labels);
  if (paths.has('annotations')) requireAnnotations(settings.annotations);
  if (paths.has('version_aliases')) requireAliases(settings.aliases, before.versions);
  if (settings.expireAt !== undefined && (paths.has('expire_time') || paths.has('ttl')))
    requireExpiry(settings.expireAt, now);
  if (settings.destroyDelaySeconds !== undefined && paths.has('version_destroy_ttl'))
    requireDestroyDelay(settings.destroyDelaySeconds);
  if (settings.rotation !== undefined && namesNextRotation(paths)) requireNextRotation(settings.rotation.nextAt, now);
  requireTopicForRotation(settings.rotation, settings.topics);
  return { ...before, ...settings };
}

export function topicNames(sent: SecretMessage): readonly string[] {
  return (sent.topics ?? []).map(({ name }) => name ?? '');
}

/** Global secrets must say how they are replicated, regional ones must not. */
export function requireReplication(location: string | undefined, replication: SecretMessage['replication']): void {
  if (location !== undefined && replication !== undefined)
    throw new ApiError('INVALID_ARGUMENT', 'Secret.replication should not be provided.');
  if (location === undefined && replication?.automatic === undefined && replication?.userManaged === undefined)
    throw new ApiError('INVALID_ARGUMENT', 'Secret.replication must be provided.');
  const replicas = replication?.userManaged && (replication.userManaged.replicas ?? []);
  const places = new Set(replicas?.map(({ location: place = '' }) => place));
  // That the list cannot be empty is documented (resources.proto); the wording is not settled.
  if (replicas !== undefined && (places.size === 0 || places.size < replicas.length || places.has('')))
    throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
}

/** Where a secret is replicated stays; its encryption keys may change. The message is not settled. */
function replicationFor(before: SecretRecord, sent: SecretMessage['replication']): SecretRecord['replication'] {
  if (locationsOf(sent) === locationsOf(before.replication)) return sent;
  throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
}

function locationsOf(replication: unknown): string {
  return JSON.stringify(replication ?? null, (key, value: unknown) =>
    key === 'customerManagedEncryption' ? undefined : value,
  );
}

function namesNextRotation(paths: ReadonlySet<ChangeablePath>): boolean {
  return paths.has('rotation') || paths.has('rotation.next_rotation_time');
}

function rotationFor(
  before: SecretRecord,
  sent: SecretMessage,
  paths: ReadonlySet<ChangeablePath>,
): SecretRecord['rotation'] {
  const namesPeriod = paths.has('rotation') || paths.has('rotation.rotation_period');
  return rotationOf(
    namesNextRotation(paths) ? sent.rotation?.nextRotationTime : before.rotation?.nextAt,
    namesPeriod ? sent.rotation?.rotationPeriod : before.rotation?.periodSeconds,
  );
}

/** `expire_time` and `ttl` set the same thing, and a time to live is kept as the moment it ends. */
function expiryFor(
  before: SecretRecord,
  sent: SecretMessage,
  paths: ReadonlySet<ChangeablePath>,
  now: Micros,
): Micros | undefined {
  if (paths.has('expire_time') && sent.expireTime !== undefined) return sent.expireTime;
  if (paths.has('ttl') && sent.ttl !== undefined) return now + Math.round(sent.ttl * MICROS_PER_SECOND);
  return paths.has('expire_time') || paths.has('ttl') ? undefined : before.expireAt;
}
