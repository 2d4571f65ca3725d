import type { Channel } from '../../core/alerts/channels/channel.ts';
import { clip } from '../../core/values/clip.ts';
import { attributesOf, type WardenEvent } from '../../core/alerts/event/event.ts';
import { heldBackBy } from '../../core/alerts/held-back.ts';
import { readEvent } from '../../core/alerts/event/read-event.ts';
import { canBeSilenced } from '../../core/alerts/silenceable.ts';
import { saidOn } from '../../core/alerts/digest.ts';
import { routesOf } from '../../core/alerts/routes.ts';
import { silenceAt, type Silence } from '../../core/record/silence.ts';
import { elapsedSeconds, isoOf, parseInstant, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { deliver, type NotifyPorts } from './deliver.ts';
import type { Publisher } from '../ports/notify-ports.ts';
import type { Log, SecretName, Vault } from '../ports/ports.ts';
import { wideSilencesIn } from '../listing/wide-silences.ts';

export interface RoutePorts extends NotifyPorts {
  /** Reads silences from the secrets that events are about. */
  readonly vault: Vault;
  readonly log: Log;
  /** The secret on which silences of more than one secret stand. */
  readonly silences?: SecretName | undefined;
  /** Where one message per channel goes, so that channels are retried, ordered and given up one by one. */
  readonly deliveries: Publisher;
  /** Where a delivery ends that no retry can help. */
  readonly deadLetters: Publisher;
}

/** A message of the alert topic or of the topic of deliveries. */
export interface AlertMessage {
  /** UTF-8 text. */
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What became of a message that need not come again. */
export type Routed =
  | { readonly is: 'dropped' | 'refused'; readonly why: string }
  | { readonly is: 'silenced'; readonly silence: Silence }
  | { readonly is: 'routed'; readonly channels: readonly string[] }
  | { readonly is: 'delivered'; readonly channel: string };

/** The attribute that makes a message a delivery: the name of its one channel. */
const CHANNEL = 'channel';
/** Pub/Sub takes 1,024 bytes in an attribute. */
const WHY_MAX = 300;

/**
 * Takes one message one step on: an event becomes a delivery per channel, a delivery goes out. In two steps, because a
 * message that failed on one channel would otherwise come again on all, and hold up the secret's next events on all.
 * Rejects with `Fault` when the message must come again.
 */
export async function routeEvent(
  ports: RoutePorts,
  channels: readonly Channel[],
  message: AlertMessage,
): Promise<Routed> {
  const reading = readEvent(message.data);
  switch (reading.is) {
    case 'foreign':
      return dropped(ports.log, reading.why);
    case 'newer':
      throw new Fault('invalid', `an event was not passed on: ${reading.why}`);
    case 'event': {
      const name = message.attributes[CHANNEL];
      if (name === undefined) return route(ports, channels, reading.event);
      const channel = channels.find((one) => one.name === name);
      if (channel === undefined) return dropped(ports.log, `no channel has the name "${clip(name, WHY_MAX)}" any more`);
      return goOut(ports, channel, reading.event);
    }
  }
}

function dropped(log: Log, why: string): Routed {
  log.write('WARNING', `a message was dropped: ${why}`);
  return { is: 'dropped', why };
}

async function route(ports: RoutePorts, channels: readonly Channel[], event: WardenEvent): Promise<Routed> {
  const wide = await wideSilencesIn(ports, ports.silences);
  const heldBack = (data: Parameters<typeof heldBackBy>[1]) => heldBackBy(wide, data, ports.clock.now());
  const silence = heldBack(event.data) ?? (await silenceOf(ports, event));
  if (silence !== undefined) {
    const { owner, reason, until } = silence;
    ports.log.write('NOTICE', `silenced by ${owner} until ${isoOf(until)} (${reason}): ${event.data.summary}`, {
      event: event.id,
    });
    return { is: 'silenced', silence };
  }
  const said = routesOf(channels, event).flatMap((channel) => {
    const words = saidOn(channels, channel, event, (one) => heldBack(one) === undefined);
    return words === undefined ? [] : [{ name: channel.name, words }];
  });
  await Promise.all(said.map(({ name, words }) => ports.deliveries.publish(deliveryOf(words, name))));
  return { is: 'routed', channels: said.map(({ name }) => name) };
}

/** A silence that cannot be read silences nothing: one alert too many is better than one too few. */
async function silenceOf({ vault, clock, log }: RoutePorts, { data }: WardenEvent): Promise<Silence | undefined> {
  const { secret } = data;
  // Whoever told it with others has looked: what one of them is silenced for must not hold back what it says of the others.
  if (secret === undefined || data.together !== undefined || !canBeSilenced(data)) return undefined;
  const sighting = await attempt(() => vault.look(secret));
  if (sighting instanceof Fault) {
    log.write('WARNING', `whether ${secret} is silenced is not known: ${sighting.message}`);
    return undefined;
  }
  const reading = silenceAt(sighting.record.silence, clock.now());
  if (reading.is === 'not understood') log.write('WARNING', `${secret}: ${reading.problem}`);
  return reading.is === 'silent' ? reading.silence : undefined;
}

/** Ordered per secret and channel: a recovery waits behind its outage, and no channel behind another one. */
function deliveryOf(event: WardenEvent, channel: string) {
  return {
    data: JSON.stringify(event),
    attributes: { ...attributesOf(event), [CHANNEL]: channel },
    orderingKey: `${event.subject}|${channel}`,
  };
}

/** An alert is promised to be with a channel so soon after it was announced. */
const DELIVERED_SECONDS_MAX = 120;

/** How long people waited for it. */
function secondsSince(time: string, now: Instant): number | undefined {
  const published = parseInstant(time);
  return published === undefined ? undefined : elapsedSeconds(published, now);
}

async function goOut(ports: RoutePorts, channel: Channel, event: WardenEvent): Promise<Routed> {
  const delivery = await deliver(ports, channel, event);
  const { name } = channel;
  const seconds = secondsSince(event.time, ports.clock.now());
  const isLate = seconds !== undefined && seconds > DELIVERED_SECONDS_MAX;
  switch (delivery.is) {
    case 'delivered':
      ports.log.write('INFO', `delivered on ${name}: ${event.data.summary}`, {
        channel: name,
        event: event.id,
        delivered: { seconds },
        promised: { missed: isLate ? 1 : 0 },
      });
      return { is: 'delivered', channel: name };
    case 'refused': {
      const why = clip(delivery.why, WHY_MAX);
      ports.log.write('ERROR', `${name} refused an alert and will not get it: ${why}`, {
        channel: name,
        event: event.id,
        promised: { missed: 1 },
      });
      const letter = deliveryOf(event, name);
      await ports.deadLetters.publish({ ...letter, attributes: { ...letter.attributes, why } });
      return { is: 'refused', why };
    }
    case 'later':
      ports.log.write('WARNING', `${name} did not take an alert yet: ${delivery.why}`, {
        channel: name,
        event: event.id,
        // Before that it may still arrive in time.
        ...(isLate ? { promised: { missed: 1 } } : {}),
      });
      throw new Fault('unavailable', `${name} did not take an alert yet: ${delivery.why}`);
  }
}
