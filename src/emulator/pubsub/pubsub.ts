import { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';
import type { MovableClock } from '../clock.ts';
import type { Reply, Request, Service } from '../http.ts';
import type { Iam } from '../iam.ts';
import { isJsonObject, jsonObjectOf, textField, textMapField } from '../rest/json-body.ts';
import type { JsonObject } from '../rest/json-body.ts';
import type { ProjectNames } from '../names.ts';
import type { Oidc } from '../oidc.ts';
import { pageOf } from '../rest/pages.ts';
import { messageJson } from './push.ts';
import { pusher, takeBack } from './pump.ts';
import { pubsubStore } from './store.ts';
import type { Draft, PubSubStore, Subscription } from './store.ts';
import { subscriptionSettings } from './subscription.ts';
import type { TopicBoard } from '../topics.ts';

export interface PubSubParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly idToken: Oidc['idToken'];
}

/** Pub/Sub over REST, and the board on which the other pretend services publish. */
export interface PubSub extends Service, TopicBoard {
  readonly store: PubSubStore;
  /** Delivers everything that is due by now and waits for the receivers. */
  pump(): Promise<void>;
}

const PAGES = { usual: 100, most: 1000 };
const ROUTE = /^\/v1\/projects\/([^/:]+)\/(topics|subscriptions)(?:\/([^/:]+)(\/subscriptions)?)?(?::(\w+))?$/;
const ID = /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;

export function pubsubApi(parts: PubSubParts): PubSub {
  const store = pubsubStore(parts.names, parts.clock.now);
  const pump = pusher(store, parts.clock.now, parts.idToken);
  return {
    title: 'Pub/Sub',
    store,
    pump,
    state: store.state,
    publish: store.publish,
    settle(now) {
      takeBack(store, now);
      // Not awaited: a receiver may itself be calling the pretend cloud.
      void pump();
    },
    answer(request) {
      const [found, project = '', collection = '', id, below, verb] = ROUTE.exec(request.path) ?? [];
      if (found === undefined) return undefined;
      const name = `projects/${project}/${collection}${id === undefined ? '' : `/${id}`}`;
      const call = `${request.method} ${collection}${id === undefined ? '' : '/*'}${below ?? ''}${verb ? `:${verb}` : ''}`;
      const caller = parts.iam.callerOf(request.headers['authorization']);
      const allow = (permission: string): void => parts.iam.require(caller, `pubsub.${permission}`, { project, name });
      const holds = (permission: string): boolean => parts.iam.holds(caller, permission, { project, name });
      const reply = replyTo({ store, now: parts.clock.now(), call, name, project, request, allow, holds });
      if (request.method === 'POST') void pump();
      return reply;
    },
  };
}

interface Call {
  readonly store: PubSubStore;
  readonly now: number;
  /** Method and shape of the path, such as `POST topics/*:publish`. */
  readonly call: string;
  readonly name: string;
  readonly project: string;
  readonly request: Request;
  readonly allow: (permission: string) => void;
  /** A permission by its full name. */
  readonly holds: (permission: string) => boolean;
}

function replyTo({ store, now, call, name, project, request, allow, holds }: Call): Reply | undefined {
  const ok = (body: unknown): Reply => ({ status: 200, body });
  switch (call) {
    case 'PUT topics/*': {
      allow('topics.create');
      requireId(name);
      return ok(store.createTopic({ name, labels: textMapField(jsonObjectOf(request.body), 'labels') }));
    }
    case 'GET topics/*':
      allow('topics.get');
      return ok(store.topic(name));
    case 'DELETE topics/*':
      allow('topics.delete');
      store.deleteTopic(name);
      return ok({});
    case 'GET topics': {
      allow('topics.list');
      const { items, ...next } = pageOf(store.topics(project), request.query, PAGES);
      return ok({ topics: items, ...next });
    }
    case 'POST topics/*:publish': {
      allow('topics.publish');
      const drafts = draftsOf(jsonObjectOf(request.body));
      return ok({ messageIds: drafts.map((draft) => store.post(name, draft, now)) });
    }
    case 'POST topics/*:testIamPermissions': {
      // nobody holds anything on what does not exist
      const asked = [jsonObjectOf(request.body)['permissions'] ?? []].flat().map(String);
      const held = store.state(name) === 'missing' ? [] : asked.filter(holds);
      return ok(held.length === 0 ? {} : { permissions: held });
    }
    case 'GET topics/*/subscriptions': {
      const topic = store.topic(name);
      const all = store.subscriptions().filter((subscription) => subscription.topic === topic.name);
      return ok({ subscriptions: all.map((subscription) => subscription.name) });
    }
    case 'PUT subscriptions/*': {
      allow('subscriptions.create');
      requireId(name);
      const body = jsonObjectOf(request.body);
      return ok(shown(store.subscribe(name, textField(body, 'topic') ?? '', subscriptionSettings(body))));
    }
    case 'GET subscriptions/*':
      allow('subscriptions.get');
      return ok(shown(store.subscription(name)));
    case 'DELETE subscriptions/*':
      allow('subscriptions.delete');
      store.unsubscribe(name);
      return ok({});
    case 'GET subscriptions': {
      allow('subscriptions.list');
      const mine = store.subscriptions().filter((subscription) => subscription.name.split('/')[1] === project);
      const { items, ...next } = pageOf(mine, request.query, PAGES);
      return ok({ subscriptions: items.map(shown), ...next });
    }
    case 'POST subscriptions/*:pull': {
      allow('subscriptions.consume');
      return ok(pulled(store.subscription(name), jsonObjectOf(request.body), now));
    }
    case 'POST subscriptions/*:acknowledge':
      allow('subscriptions.consume');
      store.subscription(name).queue.done(ackIdsOf(jsonObjectOf(request.body)), now);
      return ok({});
    case 'POST subscriptions/*:modifyAckDeadline': {
      allow('subscriptions.consume');
      const body = jsonObjectOf(request.body);
      const seconds = Number(body['ackDeadlineSeconds'] ?? 0);
      if (!(seconds >= 0 && seconds <= 600)) {
        throw new ApiError('INVALID_ARGUMENT', 'The value for ack_deadline_seconds must be between 0 and 600.');
      }
      store.subscription(name).queue.extend(ackIdsOf(body), seconds * 1000, now);
      return ok({});
    }
    case 'POST subscriptions/*:modifyPushConfig': {
      allow('subscriptions.update');
      const { pushConfig = {} } = jsonObjectOf(request.body);
      store.resettle(name, subscriptionSettings({ ...store.subscription(name).settings.given, pushConfig }));
      return ok({});
    }
    default:
      return undefined;
  }
}

/** Ids have 3 to 255 characters and begin with a letter, but not with `goog`. */
function requireId(name: string): void {
  const [, , collection = '', id = ''] = name.split('/');
  if (ID.test(id)) return;
  throw new ApiError('INVALID_ARGUMENT', `Invalid [${collection}] name: (name=${name})`);
}

function shown({ name, topic, settings }: Subscription): JsonObject {
  return { ...settings.given, name, topic, state: 'ACTIVE' };
}

function draftsOf(body: JsonObject): readonly Draft[] {
  const messages = [body['messages'] ?? []].flat();
  if (messages.length === 0) throw new ApiError('INVALID_ARGUMENT', 'The publish request has no messages.');
  return messages.map((message) => {
    if (!isJsonObject(message)) throw new ApiError('INVALID_ARGUMENT', "Invalid value at 'messages'");
    const [data, orderingKey] = [textField(message, 'data'), textField(message, 'orderingKey')];
    const attributes = textMapField(message, 'attributes');
    if (data !== undefined && Buffer.from(data, 'base64').toString('base64').length !== data.length) {
      throw new ApiError(
        'INVALID_ARGUMENT',
        "Invalid value at 'messages[0].data' (TYPE_BYTES), Base64 decoding failed",
      );
    }
    if ((data ?? '') === '' && Object.keys(attributes).length === 0) {
      throw new ApiError('INVALID_ARGUMENT', 'The message is empty: it needs data or at least one attribute.');
    }
    return { attributes, data, orderingKey };
  });
}

function pulled(subscription: Subscription, body: JsonObject, now: number): JsonObject {
  const most = Number(body['maxMessages']);
  if (!(Number.isInteger(most) && most > 0)) {
    throw new ApiError('INVALID_ARGUMENT', 'The value for max_messages must be greater than 0.');
  }
  const { queue, settings } = subscription;
  const counts = settings.deadLetterTopic !== undefined;
  const receivedMessages = queue.lend(most, now).map((delivery) => ({
    ackId: delivery.ackId,
    message: messageJson(delivery),
    ...(counts ? { deliveryAttempt: delivery.attempt } : {}),
  }));
  return receivedMessages.length === 0 ? {} : { receivedMessages };
}

function ackIdsOf(body: JsonObject): readonly string[] {
  const ids = [body['ackIds'] ?? []].flat().filter((id) => typeof id === 'string');
  if (ids.length === 0) throw new ApiError('INVALID_ARGUMENT', 'The request has no ack_ids.');
  return ids;
}
