import { ApiError } from '../wire/api-error.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { snakeCase } from '../wire/rest/proto-json.ts';
import { notServed } from '../wire/not-served.ts';
import { REGIONS } from '../world/regions.ts';
import type { TopicMessage } from './messages.ts';
import type { Topic } from './store.ts';
import { argument, isSet, requireLabels } from './subscription.ts';

const RETENTION = { least: 600, most: 31 * 24 * 60 * 60 };
const KMS_KEY = /^projects\/[^/]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/;
const CHANGEABLE = ['labels', 'message_retention_duration', 'message_storage_policy', 'kms_key_name'];

/** A topic of what a caller sent; INVALID_ARGUMENT for what Google refuses. */
export function topicOf(name: string, sent: TopicMessage): Topic {
  const { labels = {}, messageRetentionDuration: kept, messageStoragePolicy, kmsKeyName } = sent;
  if (isSet(sent.schemaSettings)) throw notServed('pubsub', 'Topic.schemaSettings');
  if (isSet(sent.ingestionDataSourceSettings)) throw notServed('pubsub', 'Topic.ingestionDataSourceSettings');
  if (isSet(sent.messageTransforms)) throw notServed('pubsub', 'Topic.messageTransforms');
  if (isSet(sent.tags)) throw notServed('pubsub', 'Topic.tags');
  if (kept !== undefined && (kept < RETENTION.least || kept > RETENTION.most))
    throw argument('message_retention_duration');
  if (kmsKeyName !== undefined && kmsKeyName !== '' && !KMS_KEY.test(kmsKeyName)) throw argument('kms_key_name');
  const strange = messageStoragePolicy?.allowedPersistenceRegions?.find((region) => !REGIONS.includes(region));
  if (strange !== undefined) throw argument('message_storage_policy.allowed_persistence_regions');
  requireLabels(labels);
  return {
    name,
    labels,
    ...(kept !== undefined && { messageRetentionDuration: kept }),
    ...(messageStoragePolicy && { messageStoragePolicy }),
    ...(kmsKeyName !== undefined && kmsKeyName !== '' && { kmsKeyName }),
  };
}

/** `before` with the fields that `mask` names taken from `sent`. */
export function changedTopic(before: Topic, sent: TopicMessage, mask: string): Topic {
  const paths = mask
    .split(',')
    .map((path) => snakeCase(path.trim()))
    .filter((path) => path !== '');
  if (paths.length === 0)
    throw new ApiError(
      'INVALID_ARGUMENT',
      'The update_mask in the UpdateTopicRequest must be set, and must contain a non-empty paths list.',
    );
  const foreign = paths.find((path) => !CHANGEABLE.includes(path.split('.')[0] ?? ''));
  if (foreign !== undefined)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid update_mask provided in the UpdateTopicRequest: the '${foreign}' field in the Topic is not mutable.`,
    );
  const named = (field: string): boolean => paths.some((path) => path.split('.')[0] === snakeCase(field));
  const kept = Object.entries(before).filter(([field]) => !named(field));
  const taken = Object.entries(sent).filter(([field]) => named(field));
  return topicOf(before.name, Object.fromEntries([...kept, ...taken]));
}

/** A topic in REST form. */
export function topicJson({ name, labels, messageRetentionDuration, ...others }: Topic): JsonObject {
  return {
    name,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(messageRetentionDuration !== undefined && { messageRetentionDuration: `${messageRetentionDuration}s` }),
    ...others,
  };
}
