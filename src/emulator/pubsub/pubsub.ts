import type { MovableClock } from '../world/clock.ts';
import type { Service } from '../wire/http.ts';
import type { Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import type { Oidc } from '../world/oidc.ts';
import type { TopicBoard } from '../world/topics.ts';
import { pusher, takeBack } from './pump.ts';
import { pubsubStore, type PubSubStore } from './store.ts';
import { subscriptionCall } from './subscription-calls.ts';
import { topicCall } from './topic-calls.ts';

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

const ROUTE = /^\/v1\/projects\/([^/:]+)\/(topics|subscriptions)(?:\/([^/:]+)(\/subscriptions)?)?(?::(\w+))?$/;

export function pubsubApi(parts: PubSubParts): PubSub {
  const { clock, names, iam } = parts;
  const store = pubsubStore(names, clock.now);
  const pump = pusher(store, clock.now, parts.idToken);
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
      const one = `${collection}${id === undefined ? '' : '/*'}${below ?? ''}${verb === undefined ? '' : `:${verb}`}`;
      const caller = iam.callerOf(request.headers['authorization']);
      const call = { store, iam, caller, now: clock.now(), shape: `${request.method} ${one}`, name, project, request };
      const body = collection === 'topics' ? topicCall(call) : subscriptionCall(call);
      if (request.method === 'POST') void pump();
      return body && { status: 200, body };
    },
  };
}
