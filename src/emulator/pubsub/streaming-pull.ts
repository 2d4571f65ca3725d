import { ApiError } from '../wire/api-error.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { integer, listOf, message, readRoot, smallInteger, text } from '../wire/rest/proto-json.ts';
import type { Caller, Iam } from '../world/iam.ts';
import { messageJson } from './push.ts';
import type { PubSubStore } from './store.ts';
import { badDeadline } from './subscription.ts';

const pullRequest = message('google.pubsub.v1.StreamingPullRequest', {
  subscription: text,
  ackIds: listOf(text),
  modifyDeadlineSeconds: listOf(smallInteger),
  modifyDeadlineAckIds: listOf(text),
  streamAckDeadlineSeconds: smallInteger,
  clientId: text,
  maxOutstandingMessages: integer,
  maxOutstandingBytes: integer,
  protocolVersion: integer,
});

/** Most messages of one answer; a subscriber that is given all at once could not slow down. */
const AT_ONCE = 100;

/** One StreamingPull: what a subscriber says goes in, messages that are due come out. */
export interface PullStream {
  /** A request on the stream. The first names the subscription and asks for permission; throws `ApiError`. */
  hear(request: unknown): void;
  /** What to send now; `undefined` when there is nothing. */
  due(now: number): JsonObject | undefined;
}

interface PullStreamParts {
  readonly store: PubSubStore;
  readonly iam: Iam;
  readonly caller: Caller;
  readonly now: () => number;
}

export function pullStream({ store, iam, caller, now }: PullStreamParts): PullStream {
  let opened: { readonly name: string; readonly deadlineMs: number; readonly most: number } | undefined;
  const outstanding = new Set<string>();

  const open = ({
    subscription: name = '',
    streamAckDeadlineSeconds: seconds = 0,
    maxOutstandingMessages: most = 0,
  }) => {
    const [, project = ''] = /^projects\/([^/]+)\/subscriptions\/[^/]+$/.exec(name) ?? [];
    if (project === '') throw new ApiError('INVALID_ARGUMENT', `Invalid resource name given (name=${name}).`);
    iam.require(caller, 'pubsub.subscriptions.consume', { project, name, bindings: store.policy(name).bindings });
    store.subscription(name);
    if (seconds < 10 || seconds > 600) throw badDeadline(seconds, 10);
    return { name, deadlineMs: seconds * 1000, most: most > 0 ? most : Infinity };
  };

  return {
    hear(request) {
      const sent = readRoot(pullRequest, request);
      opened ??= open(sent);
      const { queue } = store.subscription(opened.name);
      const { ackIds = [], modifyDeadlineAckIds: ids = [], modifyDeadlineSeconds: seconds = [] } = sent;
      queue.done(ackIds, now());
      ids.forEach((id, at) => queue.extend([id], (seconds[at] ?? 0) * 1000, now()));
      for (const id of ackIds) outstanding.delete(id);
    },
    due(moment) {
      if (opened === undefined) return undefined;
      const { queue, settings } = store.subscription(opened.name);
      for (const id of outstanding) if (!queue.isLent(id, moment)) outstanding.delete(id);
      const lent = queue.lend(Math.min(AT_ONCE, opened.most - outstanding.size), moment);
      if (lent.length === 0) return undefined;
      const { deadlineMs } = opened;
      queue.extend(
        lent.map(({ ackId }) => ackId),
        deadlineMs,
        moment,
      );
      for (const { ackId } of lent) outstanding.add(ackId);
      const counts = settings.deadLetterTopic !== undefined;
      return {
        receivedMessages: lent.map((delivery) => ({
          ackId: delivery.ackId,
          message: messageJson(delivery),
          ...(counts && { deliveryAttempt: delivery.attempt }),
        })),
        subscriptionProperties: {
          exactlyOnceDeliveryEnabled: settings.given.enableExactlyOnceDelivery === true,
          messageOrderingEnabled: settings.given.enableMessageOrdering === true,
        },
      };
    },
  };
}
