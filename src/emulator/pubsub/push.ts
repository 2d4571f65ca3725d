import { Buffer } from 'node:buffer';
import { request } from 'undici';
import { utcText } from '../wire/rest/micros.ts';
import type { Delivery } from './queue.ts';
import type { PushTarget } from './subscription.ts';

/** Statuses that acknowledge a push; everything else is a nack. Not settled: from memory of Google's documentation. */
const ACKNOWLEDGING: ReadonlySet<number> = new Set([102, 200, 201, 202, 204]);

export interface Push {
  readonly target: PushTarget;
  readonly delivery: Delivery;
  /** Full subscription name, told to the receiver. */
  readonly subscription: string;
  /** Told only when a dead-letter policy counts attempts. */
  readonly countsAttempts: boolean;
  readonly timeLimitMs: number;
  readonly idToken: (email: string, audience: string) => string;
}

/** Posts one message and says whether the receiver acknowledged it. Never rejects: trouble on the way is a nack. */
export async function pushed(push: Push): Promise<boolean> {
  const { target, delivery } = push;
  const authorization =
    target.email === undefined ? {} : { authorization: `Bearer ${push.idToken(target.email, target.audience)}` };
  try {
    const { statusCode, body } = await request(target.url, {
      method: 'POST',
      reset: true,
      headers: { 'user-agent': 'APIs-Google', 'content-type': 'application/json', ...authorization },
      body: target.bare ? Buffer.from(delivery.message.data ?? '', 'base64') : JSON.stringify(wrapped(push)),
      signal: AbortSignal.timeout(push.timeLimitMs),
    });
    await body.dump();
    return ACKNOWLEDGING.has(statusCode);
  } catch {
    return false;
  }
}

/** Both spellings of id and time are sent, as production and Google's own emulator do. */
function wrapped({ delivery, subscription, countsAttempts }: Push): unknown {
  const message = messageJson(delivery);
  const { messageId, publishTime } = message;
  const snake = { message_id: messageId, publish_time: publishTime };
  const attempt = countsAttempts ? { deliveryAttempt: delivery.attempt } : {};
  return { ...attempt, message: { ...message, ...snake }, subscription };
}

/** A message in REST form; empty fields are left out. Pub/Sub writes milliseconds (cloud.google.com/pubsub/docs/push). */
export function messageJson({ message }: Pick<Delivery, 'message'>) {
  const { messageId, publishedAt, attributes, data, orderingKey } = message;
  return {
    ...(data === undefined ? {} : { data }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    messageId,
    publishTime: utcText(publishedAt * 1000),
    ...(orderingKey === undefined ? {} : { orderingKey }),
  };
}
