import type { WardenEvent } from '../event/event.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * The event for a receiver of its own, in the three fields of a Standard Webhooks payload. The whole CloudEvent is in
 * `data`, so that one parser does for the topic and for the webhook.
 */
export function webhookCalls(event: WardenEvent): readonly Outgoing[] {
  const body = { type: event.type, timestamp: event.time, data: event };
  return [{ path: '', query: {}, body, id: event.id.replaceAll('.', '_') }]; // a dot separates what is signed
}
