import { Buffer } from 'node:buffer';
import { ApiError } from '../wire/api-error.ts';
import { FRESH_POLICY, type Policy } from '../world/iam-policy.ts';
import type { ProjectNames } from '../world/names.ts';
import { deliveryQueue, type Message, type Queue } from './queue.ts';
import { subscriptionJson, type SubscriptionSettings } from './subscription.ts';
import { topicJson } from './topic.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import type { TopicMessage } from './messages.ts';
import type { TopicBoard } from '../world/topics.ts';

/** What a deleted topic's subscriptions are left with. */
const DELETED_TOPIC = '_deleted-topic_';

export interface Topic {
  /** As the caller wrote it, with project id or number. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds; absent when the topic itself keeps nothing. */
  readonly messageRetentionDuration?: number | undefined;
  readonly messageStoragePolicy?: TopicMessage['messageStoragePolicy'];
  readonly kmsKeyName?: string | undefined;
}

export interface Subscription {
  readonly name: string;
  readonly topic: string;
  readonly settings: SubscriptionSettings;
  readonly queue: Queue;
}

/** A message as somebody hands it in. */
export type Draft = Pick<Message, 'attributes' | 'data' | 'orderingKey'>;

/** Topics, subscriptions and their messages. Project ids and numbers mean the same project. */
export interface PubSubStore extends TopicBoard {
  createTopic(topic: Topic): Topic;
  topic(name: string): Topic;
  topics(project: string): readonly Topic[];
  changeTopic(topic: Topic): Topic;
  deleteTopic(name: string): void;
  subscribe(name: string, topic: string, settings: SubscriptionSettings): Subscription;
  resettle(name: string, settings: SubscriptionSettings): Subscription;
  subscription(name: string): Subscription;
  subscriptions(): readonly Subscription[];
  subscriptionsOf(project: string): readonly Subscription[];
  /** A topic and a subscription in REST form. */
  topicJson(name: string): JsonObject;
  subscriptionJson(name: string): JsonObject;
  /** Whether two names are the same topic's, by project id or by number. */
  isTopic(name: string, other: string): boolean;
  /** Whether there is a topic or a subscription of that name. */
  has(name: string): boolean;
  /** The policy of a topic or a subscription, whether or not there is one of that name. */
  policy(name: string): Policy;
  setPolicy(name: string, policy: Policy): void;
  unsubscribe(name: string): void;
  /** Gives a message to every subscription of the topic and returns its id. */
  post(topic: string, draft: Draft, now: number, availableAt?: number): string;
  /** Makes `state` answer `forbidden`, as when Secret Manager's service agent may not publish. */
  forbid(topic: string): void;
}

/** A store without topics. `now` stamps what other pretend services publish. */
export function pubsubStore(names: ProjectNames, now: () => number): PubSubStore {
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Subscription>();
  const policies = new Map<string, Policy>();
  const forbidden = new Set<string>();
  let posted = 0;

  const keyOf = (name: string): string => {
    const [, project = '', ...rest] = name.split('/');
    return [names.numberOf(project), ...rest].join('/');
  };
  const found = <Item>(items: ReadonlyMap<string, Item>, name: string): Item => {
    const item = items.get(keyOf(name));
    if (item === undefined) {
      throw new ApiError('NOT_FOUND', `Resource not found (resource=${idOf(name)}).`);
    }
    return item;
  };
  const create = <Item>(items: Map<string, Item>, name: string, item: Item): Item => {
    if (items.has(keyOf(name))) {
      throw new ApiError('ALREADY_EXISTS', `Resource already exists in the project (resource=${idOf(name)}).`);
    }
    items.set(keyOf(name), item);
    return item;
  };

  const store: PubSubStore = {
    createTopic: (topic) => create(topics, topic.name, topic),
    topic: (name) => found(topics, name),
    topics: (project) =>
      [...topics.values()].filter(({ name }) => keyOf(name).startsWith(`${names.numberOf(project)}/`)),
    changeTopic(topic) {
      found(topics, topic.name);
      topics.set(keyOf(topic.name), topic);
      return topic;
    },
    deleteTopic(name) {
      found(topics, name);
      topics.delete(keyOf(name));
      policies.delete(keyOf(name));
      for (const [key, subscription] of subscriptions) {
        const orphaned = keyOf(subscription.topic) === keyOf(name);
        if (orphaned) subscriptions.set(key, { ...subscription, topic: DELETED_TOPIC });
      }
    },
    subscribe(name, topic, settings) {
      found(topics, topic);
      const queue = deliveryQueue(() => found(subscriptions, name).settings.policy);
      return create(subscriptions, name, { name, topic, settings, queue });
    },
    resettle(name, settings) {
      const changed = { ...found(subscriptions, name), settings };
      subscriptions.set(keyOf(name), changed);
      return changed;
    },
    subscription: (name) => found(subscriptions, name),
    subscriptions: () => [...subscriptions.values()],
    subscriptionsOf: (project) =>
      [...subscriptions.values()].filter(({ name }) => keyOf(name).startsWith(`${names.numberOf(project)}/`)),
    topicJson: (name) => topicJson(found(topics, name)),
    subscriptionJson(name) {
      const { name: own, topic, settings } = found(subscriptions, name);
      return subscriptionJson(own, topic, settings.given);
    },
    isTopic: (name, other) => keyOf(name) === keyOf(other),
    has: (name) => topics.has(keyOf(name)) || subscriptions.has(keyOf(name)),
    policy: (name) => policies.get(keyOf(name)) ?? FRESH_POLICY,
    setPolicy(name, policy) {
      policies.set(keyOf(name), policy);
    },
    unsubscribe(name) {
      found(subscriptions, name);
      subscriptions.delete(keyOf(name));
      policies.delete(keyOf(name));
    },
    post(topic, draft, at, availableAt = at) {
      found(topics, topic);
      posted += 1;
      const message = { ...draft, messageId: `${posted}`, publishedAt: at };
      for (const subscription of subscriptions.values()) {
        if (keyOf(subscription.topic) === keyOf(topic)) subscription.queue.add(message, availableAt);
      }
      return message.messageId;
    },
    forbid(topic) {
      forbidden.add(keyOf(topic));
    },
    state(topic) {
      if (forbidden.has(keyOf(topic))) return 'forbidden';
      return topics.has(keyOf(topic)) ? 'ok' : 'missing';
    },
    publish(topic, { attributes, data, availableAt }) {
      if (store.state(topic) !== 'ok') return;
      const draft = { attributes, data: data === undefined ? undefined : Buffer.from(data).toString('base64') };
      store.post(topic, draft, now(), availableAt);
    },
  };
  return store;
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
