import type { Oidc } from '../world/oidc.ts';
import { utcText } from '../wire/rest/micros.ts';
import { pushed } from './push.ts';
import type { Delivery } from './queue.ts';
import type { PushTarget } from './subscription.ts';
import type { PubSubStore, Subscription } from './store.ts';

const AT_ONCE = 10;

/**
 * Makes the function that moves messages: takes back expired loans, dead-letters what was tried too often, and pushes
 * what is due. A call while one is running makes that one look once more, so nothing is pushed twice at a time.
 */
export function pusher(store: PubSubStore, now: () => number, idToken: Oidc['idToken']): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;

  const turn = async (): Promise<void> => {
    do {
      again = false;
      takeBack(store, now());
      await Promise.all(store.subscriptions().map((subscription) => deliver(subscription, now, idToken)));
    } while (again);
    running = undefined;
  };

  return () => {
    again = true;
    running ??= turn();
    return running;
  };
}

/** Ends loans whose deadline passed and dead-letters what was tried too often. */
export function takeBack(store: PubSubStore, now: number): void {
  for (const subscription of store.subscriptions()) retireExpired(store, subscription, now);
}

/** What Google adds to a dead-lettered message (cloud.google.com/pubsub/docs/handling-failures). */
function retireExpired(store: PubSubStore, subscription: Subscription, now: number): void {
  const { name, settings, queue } = subscription;
  for (const { message, attempt } of queue.expire(now)) {
    const topic = settings.deadLetterTopic ?? '';
    if (store.state(topic) !== 'ok') continue;
    const source = {
      CloudPubSubDeadLetterSourceDeliveryCount: `${attempt}`,
      CloudPubSubDeadLetterSourceSubscription: name.split('/')[3] ?? '',
      CloudPubSubDeadLetterSourceSubscriptionProject: name.split('/')[1] ?? '',
      CloudPubSubDeadLetterSourceTopicPublishTime: utcText(message.publishedAt * 1000),
    };
    const { data, orderingKey } = message;
    store.post(topic, { attributes: { ...message.attributes, ...source }, data, orderingKey }, now);
  }
}

async function deliver(subscription: Subscription, now: () => number, idToken: Oidc['idToken']): Promise<void> {
  const { push: target } = subscription.settings;
  if (target === undefined) return;
  for (;;) {
    const deliveries = subscription.queue.lend(AT_ONCE, now());
    if (deliveries.length === 0) return;
    const fates = await Promise.all(
      deliveries.map((delivery) => deliverOne(subscription, target, delivery, now, idToken)),
    );
    if (!fates.includes(true)) return;
  }
}

async function deliverOne(
  subscription: Subscription,
  target: PushTarget,
  delivery: Delivery,
  now: () => number,
  idToken: Oidc['idToken'],
): Promise<boolean> {
  const { name, settings, queue } = subscription;
  const countsAttempts = settings.deadLetterTopic !== undefined;
  const timeLimitMs = settings.policy.ackDeadlineMs;
  const acknowledged = await pushed({ target, delivery, subscription: name, countsAttempts, timeLimitMs, idToken });
  if (acknowledged) queue.done([delivery.ackId], now());
  else queue.extend([delivery.ackId], 0, now());
  return acknowledged;
}
