import type { Channel } from '../../core/alerts/channels/channel.ts';
import type { Outgoing } from '../../core/alerts/channels/outgoing.ts';
import type { KeyText } from '../../core/key/key-text.ts';

/** What is put on a topic. */
export interface TopicMessage {
  /** UTF-8 JSON. */
  readonly data: string;
  /** What subscriptions filter on. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages of one key are delivered in order, and one that is not acknowledged holds up those behind it. */
  readonly orderingKey: string;
}

/** One Pub/Sub topic. */
export interface Publisher {
  /** Rejects with `Fault` when the topic did not take it, or when that is not known: then it may arrive twice. */
  publish(message: TopicMessage): Promise<void>;
}

/**
 * What a channel said to one request. `refused`: asking again changes nothing until somebody mends it. `later`: it may
 * work in a while. `why` holds no word of the answer, and no address.
 */
export type Receipt =
  | { readonly is: 'delivered' }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'later'; readonly why: string; readonly afterMs?: number | undefined };

/** Takes one rendered request to a channel. Never rejects for outside trouble; that is the receipt. */
export interface Courier {
  /** `secret` is the channel's credential: its webhook URL, routing key or signing secrets. */
  send(channel: Channel, outgoing: Outgoing, secret: KeyText): Promise<Receipt>;
}
