import type { CloudEvent } from '@google-cloud/functions-framework';
import { Buffer } from 'node:buffer';
import { routeEvent, type AlertMessage, type RoutePorts } from '../app/alerts/route.ts';
import type { Channel } from '../core/alerts/channels/channel.ts';
import { isRecord } from '../core/values/json.ts';

/**
 * Takes the messages of both topics, alerts and deliveries. Resolving acknowledges; rejecting makes Pub/Sub deliver
 * again, and in the end to the dead-letter topic. What it rejects with is safe to be answered (I9).
 */
export function notifyFunction(ports: RoutePorts, channels: readonly Channel[]) {
  return async (event: CloudEvent<unknown>): Promise<void> => {
    await routeEvent(ports, channels, alertMessageIn(event.data));
  };
}

/** Reads the message that Eventarc or a push wraps; what has no text reads as empty, and is then dropped as foreign. */
export function alertMessageIn(data: unknown): AlertMessage {
  const message = isRecord(data) && isRecord(data['message']) ? data['message'] : {};
  const { data: base64, attributes } = message;
  return {
    data: typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : '',
    attributes: Object.fromEntries(
      Object.entries(isRecord(attributes) ? attributes : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
  };
}
