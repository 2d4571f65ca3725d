import { ApiError } from '../wire/api-error.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { pageOf } from '../wire/rest/pages.ts';
import { allow, asked, policyCall, requireName, type Call } from './call.ts';
import {
  ackRequest,
  listRequest,
  pullRequest,
  pushConfigRequest,
  seekRequest,
  subscriptionMessage,
  updateSubscriptionRequest,
} from './messages.ts';
import { messageJson } from './push.ts';
import type { Subscription } from './store.ts';
import { argument, badDeadline, resettled, subscriptionJson, subscriptionSettings } from './subscription.ts';

const PAGES = { usual: 100, most: 1000 };
const ACK_ID = /^loan-\d+$/;

/** Calls on subscriptions; `undefined` for what Pub/Sub does not have, or this one does not serve. */
export function subscriptionCall(call: Call): JsonObject | undefined {
  const { store, name, project, now } = call;
  switch (call.shape) {
    case 'PUT subscriptions/*': {
      allow(call, 'subscriptions.create');
      requireName(name, 'subscriptions');
      const { name: _, topic = '', ...sent } = asked(call, subscriptionMessage);
      requireName(topic, 'topics');
      return shown(store.subscribe(name, topic, subscriptionSettings(sent)));
    }
    case 'PATCH subscriptions/*': {
      allow(call, 'subscriptions.update');
      const { subscription: sent = {}, updateMask } = asked(call, updateSubscriptionRequest);
      return shown(store.resettle(name, resettled(store.subscription(name).settings.given, sent, updateMask)));
    }
    case 'GET subscriptions/*':
      allow(call, 'subscriptions.get');
      return shown(store.subscription(name));
    case 'DELETE subscriptions/*':
      allow(call, 'subscriptions.delete');
      store.unsubscribe(name);
      return {};
    case 'GET subscriptions': {
      allow(call, 'subscriptions.list');
      const wish = asked(call, listRequest, 'pageSize', 'pageToken');
      const { items, ...next } = pageOf(store.subscriptionsOf(project), wish, PAGES);
      return { ...(items.length > 0 && { subscriptions: items.map(shown) }), ...next };
    }
    case 'POST subscriptions/*:pull':
      allow(call, 'subscriptions.consume');
      return pulled(call, store.subscription(name));
    case 'POST subscriptions/*:acknowledge': {
      allow(call, 'subscriptions.consume');
      const { queue } = store.subscription(name);
      queue.done(ackIdsOf(asked(call, ackRequest).ackIds), now);
      return {};
    }
    case 'POST subscriptions/*:modifyAckDeadline': {
      allow(call, 'subscriptions.consume');
      const { queue } = store.subscription(name);
      const { ackIds, ackDeadlineSeconds: seconds = 0 } = asked(call, ackRequest);
      if (seconds < 0 || seconds > 600) throw badDeadline(seconds, 0);
      queue.extend(ackIdsOf(ackIds), seconds * 1000, now);
      return {};
    }
    case 'POST subscriptions/*:modifyPushConfig': {
      allow(call, 'subscriptions.update');
      const { pushConfig = {} } = asked(call, pushConfigRequest);
      store.resettle(name, subscriptionSettings({ ...store.subscription(name).settings.given, pushConfig }));
      return {};
    }
    case 'POST subscriptions/*:seek': {
      allow(call, 'subscriptions.consume');
      const { time, snapshot } = asked(call, seekRequest);
      const { queue } = store.subscription(name);
      if (snapshot !== undefined)
        throw new ApiError('NOT_FOUND', `Resource not found (resource=${snapshot.split('/').at(-1)}).`);
      if (time === undefined) throw argument('target');
      queue.seek(time / 1000);
      return {};
    }
    default: {
      const [, verb = ''] = /^(?:GET|POST) subscriptions\/\*:(\w+)$/.exec(call.shape) ?? [];
      return policyCall(call, 'subscriptions', `${call.request.method} ${verb}`, () => store.subscription(name));
    }
  }
}

function shown({ name, topic, settings }: Subscription): JsonObject {
  return subscriptionJson(name, topic, settings.given);
}

/** Answers at once, also when there is nothing; production may wait for a while first. */
function pulled(call: Call, { queue, settings }: Subscription): JsonObject {
  const { maxMessages = 0 } = asked(call, pullRequest);
  if (maxMessages <= 0) throw argument('max_messages');
  const counts = settings.deadLetterTopic !== undefined;
  const receivedMessages = queue.lend(maxMessages, call.now).map((delivery) => ({
    ackId: delivery.ackId,
    message: messageJson(delivery),
    ...(counts ? { deliveryAttempt: delivery.attempt } : {}),
  }));
  return receivedMessages.length === 0 ? {} : { receivedMessages };
}

function ackIdsOf(ids: readonly string[] = []): readonly string[] {
  if (ids.length === 0) throw new ApiError('INVALID_ARGUMENT', 'You have not specified an ack ID in the request.');
  const strange = ids.find((id) => !ACK_ID.test(id));
  if (strange === undefined) return ids;
  throw new ApiError('INVALID_ARGUMENT', `You have passed an invalid ack ID to the service (ack_id=${strange}).`);
}
