import type { CloudEvent } from '@google-cloud/functions-framework';
import { attempt, Fault } from '../app/ports/fault.ts';
import { isWithin, outside } from '../app/listing/within-scope.ts';
import type { SecretScope } from '../app/ports/ports.ts';
import type { RotatePorts } from '../app/rotation/drive.ts';
import { closeDeleted, takeUp, type EventOrder } from '../app/on-record/take-up-event.ts';
import { readSecretEvent } from '../core/rotation/store-event.ts';
import { alertMessageIn } from './notify.ts';

/** Takes Secret Manager's events. Resolving acknowledges; rejecting makes Pub/Sub deliver again. */
export function onSecretEvent(
  ports: RotatePorts,
  {
    scopes,
    rotationsMax,
    ...rules
  }: Pick<EventOrder, 'me' | 'secretPolicy'> & {
    readonly scopes: readonly SecretScope[];
    readonly rotationsMax: number;
  },
) {
  const order: EventOrder = { ...rules, pace: { scopes, rotationsMax } };
  return async ({ data }: CloudEvent<unknown>): Promise<void> => {
    const message = alertMessageIn(data);
    const event = readSecretEvent(message.attributes, message.data);
    const secret = 'secret' in event ? event.secret : undefined;
    const outcome = await attempt(async () => {
      if (secret === undefined || (await isWithin(ports.vault, scopes, secret))) return takeUp(ports, order, event);
      // One that is gone is not found within either, and Google names its project by number: only an id says that it is another's.
      return event.is === 'deleted' && /^projects\/\d+\//.test(event.secret)
        ? closeDeleted(ports, event)
        : ({ did: 'ignored', why: outside(secret) } as const);
    });
    if (!(outcome instanceof Fault)) {
      const severity = event.is === 'not understood' ? 'WARNING' : 'INFO';
      ports.log.write(severity, `event ${event.is}: ${outcome.did}, ${outcome.why}`, { secret });
      return;
    }
    ports.log.write('WARNING', `event ${event.is} will be delivered again: ${outcome.message}`, { secret });
    throw outcome;
  };
}
