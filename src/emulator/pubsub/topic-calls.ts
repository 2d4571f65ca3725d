import { ApiError } from '../wire/api-error.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { pageOf } from '../wire/rest/pages.ts';
import { allow, asked, policyCall, requireName, type Call } from './call.ts';
import { listRequest, publishRequest, topicMessage, updateTopicRequest } from './messages.ts';
import { changedTopic, topicJson, topicOf } from './topic.ts';
import type { Draft, Topic } from './store.ts';
import { argument, outOfBounds } from './subscription.ts';

const PAGES = { usual: 100, most: 1000 };
const MESSAGES_MAX = 1000;
const ATTRIBUTES = { most: 100, keyBytes: 256, valueBytes: 1024 };

/** Calls on topics; `undefined` for what Pub/Sub does not have. */
export function topicCall(call: Call): JsonObject | undefined {
  const { store, name, project, now } = call;
  switch (call.shape) {
    case 'PUT topics/*': {
      allow(call, 'topics.create');
      requireName(name, 'topics');
      return topicJson(store.createTopic(topicOf(name, asked(call, topicMessage))));
    }
    case 'PATCH topics/*':
      allow(call, 'topics.update');
      return topicJson(store.changeTopic(changed(call)));
    case 'GET topics/*':
      allow(call, 'topics.get');
      return topicJson(store.topic(name));
    case 'DELETE topics/*':
      allow(call, 'topics.delete');
      store.deleteTopic(name);
      return {};
    case 'GET topics': {
      allow(call, 'topics.list');
      const wish = asked(call, listRequest, 'pageSize', 'pageToken');
      const { items, ...next } = pageOf(store.topics(project), wish, PAGES);
      return { ...(items.length > 0 && { topics: items.map(topicJson) }), ...next };
    }
    case 'GET topics/*/subscriptions': {
      allow(call, 'topics.attachSubscription');
      const topic = store.topic(name);
      const wish = asked(call, listRequest, 'pageSize', 'pageToken');
      const attached = store.subscriptions().filter((subscription) => store.isTopic(subscription.topic, topic.name));
      const { items, ...next } = pageOf(attached, wish, PAGES);
      return { ...(items.length > 0 && { subscriptions: items.map((subscription) => subscription.name) }), ...next };
    }
    case 'POST topics/*:publish': {
      allow(call, 'topics.publish');
      store.topic(name);
      const drafts = draftsOf(call);
      return { messageIds: drafts.map((draft) => store.post(name, draft, now)) };
    }
    default: {
      const [, verb = ''] = /^(?:GET|POST) topics\/\*:(\w+)$/.exec(call.shape) ?? [];
      return policyCall(call, 'topics', `${call.request.method} ${verb}`, () => store.topic(name));
    }
  }
}

function changed(call: Call): Topic {
  const { topic: sent = {}, updateMask = '' } = asked(call, updateTopicRequest);
  return changedTopic(call.store.topic(call.name), sent, updateMask);
}

function draftsOf(call: Call): readonly Draft[] {
  const { messages = [] } = asked(call, publishRequest);
  if (messages.length === 0) throw outOfBounds('message_count', 0, 'small', 1);
  if (messages.length > MESSAGES_MAX) throw outOfBounds('message_count', messages.length, 'large', MESSAGES_MAX);
  return messages.map(({ data, attributes = {}, orderingKey }) => {
    if ((data === undefined || data.length === 0) && Object.keys(attributes).length === 0)
      throw new ApiError('INVALID_ARGUMENT', 'Some messages are empty.');
    requireAttributes(attributes);
    return {
      attributes,
      data: data === undefined || data.length === 0 ? undefined : data.toString('base64'),
      orderingKey: orderingKey === '' ? undefined : orderingKey,
    };
  });
}

/** The bounds are documented (cloud.google.com/pubsub/quotas#resource_limits), the wording is not settled. */
function requireAttributes(attributes: Readonly<Record<string, string>>): void {
  const sizeOf = (part: string): number => new TextEncoder().encode(part).length;
  const entries = Object.entries(attributes);
  const bad = entries.some(
    ([key, value]) =>
      key === '' ||
      key.startsWith('goog') ||
      sizeOf(key) > ATTRIBUTES.keyBytes ||
      sizeOf(value) > ATTRIBUTES.valueBytes,
  );
  if (bad || entries.length > ATTRIBUTES.most) throw argument('message.attributes');
}
