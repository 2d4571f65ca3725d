import type { Channel } from '../../core/alerts/channels/channel.ts';
import { calledBy } from '../../core/alerts/channels/mention.ts';
import type { Outgoing } from '../../core/alerts/channels/outgoing.ts';
import { RENDER } from '../../core/alerts/channels/render.ts';
import type { WardenEvent } from '../../core/alerts/event/event.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { ChannelSecrets } from './channel-secrets.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Courier, Receipt } from '../ports/notify-ports.ts';
import type { Clock } from '../ports/ports.ts';

export interface NotifyPorts {
  readonly courier: Courier;
  readonly secrets: ChannelSecrets;
  readonly clock: Clock;
  /** 0 ≤ x < 1; spreads workers that failed together. */
  readonly random: () => number;
}

/** What became of one event on one channel. */
export type Delivery = Receipt & { readonly channel: string };

/** Attempts at one request before it is left to Pub/Sub, which waits longer. */
const ATTEMPTS_MAX = 3;
/** The longest wait in place: a function that sleeps is paid for, and holds up its subscription. */
const WAIT_MS_MAX = 10_000;
const WAIT_MS = 500;

/** One event on every channel at once. Never rejects for a channel: each has its own outcome, whatever the others do. */
export function notify(
  ports: NotifyPorts,
  event: WardenEvent,
  channels: readonly Channel[],
): Promise<readonly Delivery[]> {
  return Promise.all(channels.map((channel) => deliver(ports, channel, event)));
}

/** One event on one channel. A channel that has nothing to say of it has delivered it. */
export async function deliver(ports: NotifyPorts, channel: Channel, event: WardenEvent): Promise<Delivery> {
  const { name, kind } = channel;
  for (const outgoing of RENDER[kind](event, calledBy(channel, event.data))) {
    const receipt = await sendTrusting(ports, channel, outgoing);
    if (receipt.is !== 'delivered') return { channel: name, ...receipt };
  }
  return { channel: name, is: 'delivered' };
}

/** A refusal may only mean that the credential was replaced: it is read again, and a new one is tried once. */
async function sendTrusting(ports: NotifyPorts, channel: Channel, outgoing: Outgoing): Promise<Receipt> {
  const secret = await attempt(() => ports.secrets.read(channel.credential));
  if (secret instanceof Fault) return { is: 'later', why: `it has no credential: ${secret.message}` };
  const receipt = await sendPatiently(ports, channel, outgoing, secret);
  if (receipt.is !== 'refused') return receipt;
  const fresh = await attempt(() => ports.secrets.readAnew(channel.credential));
  if (fresh instanceof Fault || fresh.equals(secret)) return receipt;
  return sendPatiently(ports, channel, outgoing, fresh);
}

/** Repeats what may work in a while, as long as the wait that the channel asks for is short. */
async function sendPatiently(
  { courier, clock, random }: NotifyPorts,
  channel: Channel,
  outgoing: Outgoing,
  secret: KeyText,
): Promise<Receipt> {
  for (let number = 1; ; number += 1) {
    const receipt = await courier.send(channel, outgoing, secret);
    if (receipt.is !== 'later' || number >= ATTEMPTS_MAX) return receipt;
    const waitMs = receipt.afterMs ?? WAIT_MS * 2 ** (number - 1) * (1 + random());
    if (waitMs > WAIT_MS_MAX) return receipt;
    await clock.sleep(waitMs);
  }
}
