import {
  anything,
  bytes,
  duration,
  flag,
  listOf,
  mapOf,
  message,
  smallInteger,
  text,
  timestamp,
  type Of,
} from '../wire/rest/proto-json.ts';
import { PAGE_FIELDS } from '../wire/rest/pages.ts';

const PACKAGE = 'google.pubsub.v1';

/** A `Topic` as a caller sends it. */
export const topicMessage = message(`${PACKAGE}.Topic`, {
  name: text,
  labels: mapOf(text),
  messageRetentionDuration: duration,
  messageStoragePolicy: message(`${PACKAGE}.MessageStoragePolicy`, {
    allowedPersistenceRegions: listOf(text),
    enforceInTransit: flag,
  }),
  kmsKeyName: text,
  schemaSettings: anything,
  satisfiesPzs: flag,
  state: anything,
  ingestionDataSourceSettings: anything,
  messageTransforms: anything,
  tags: mapOf(text),
});

const pushConfig = message(`${PACKAGE}.PushConfig`, {
  pushEndpoint: text,
  attributes: mapOf(text),
  oidcToken: message(`${PACKAGE}.PushConfig.OidcToken`, { serviceAccountEmail: text, audience: text }),
  pubsubWrapper: message(`${PACKAGE}.PushConfig.PubsubWrapper`, {}),
  noWrapper: message(`${PACKAGE}.PushConfig.NoWrapper`, { writeMetadata: flag }),
});

/** A `Subscription` as a caller sends it, and as it is kept with Google's defaults. */
export const subscriptionMessage = message(`${PACKAGE}.Subscription`, {
  name: text,
  topic: text,
  pushConfig,
  ackDeadlineSeconds: smallInteger,
  retainAckedMessages: flag,
  messageRetentionDuration: duration,
  labels: mapOf(text),
  enableMessageOrdering: flag,
  expirationPolicy: message(`${PACKAGE}.ExpirationPolicy`, { ttl: duration }),
  filter: text,
  deadLetterPolicy: message(`${PACKAGE}.DeadLetterPolicy`, {
    deadLetterTopic: text,
    maxDeliveryAttempts: smallInteger,
  }),
  retryPolicy: message(`${PACKAGE}.RetryPolicy`, { minimumBackoff: duration, maximumBackoff: duration }),
  enableExactlyOnceDelivery: flag,
  detached: flag,
  state: anything,
  bigqueryConfig: anything,
  cloudStorageConfig: anything,
  bigtableConfig: anything,
  messageTransforms: anything,
  tags: mapOf(text),
  topicMessageRetentionDuration: duration,
  analyticsHubSubscriptionInfo: anything,
});

export type TopicMessage = Of<typeof topicMessage>;
export type SubscriptionMessage = Of<typeof subscriptionMessage>;

/** Every list of Pub/Sub. */
export const listRequest = message(`${PACKAGE}.ListTopicsRequest`, PAGE_FIELDS);
export const publishRequest = message(`${PACKAGE}.PublishRequest`, {
  topic: text,
  messages: listOf(
    message(`${PACKAGE}.PubsubMessage`, {
      data: bytes,
      attributes: mapOf(text),
      messageId: text,
      publishTime: timestamp,
      orderingKey: text,
    }),
  ),
});
export const updateTopicRequest = message(`${PACKAGE}.UpdateTopicRequest`, { topic: topicMessage, updateMask: text });
export const updateSubscriptionRequest = message(`${PACKAGE}.UpdateSubscriptionRequest`, {
  subscription: subscriptionMessage,
  updateMask: text,
});
export const pullRequest = message(`${PACKAGE}.PullRequest`, {
  subscription: text,
  returnImmediately: flag,
  maxMessages: smallInteger,
});
/** Acknowledge, and ModifyAckDeadline with its deadline. */
export const ackRequest = message(`${PACKAGE}.ModifyAckDeadlineRequest`, {
  subscription: text,
  ackIds: listOf(text),
  ackDeadlineSeconds: smallInteger,
});
export const pushConfigRequest = message(`${PACKAGE}.ModifyPushConfigRequest`, { subscription: text, pushConfig });
export const seekRequest = message(`${PACKAGE}.SeekRequest`, { subscription: text, time: timestamp, snapshot: text });
