import type { CloudEvent } from '@google-cloud/functions-framework';
import { attempt, Fault } from '../app/ports/fault.ts';
import type { RotatePorts } from '../app/rotation/rotate.ts';
import { takeUp } from '../app/on-record/take-up-event.ts';
import type { TickOrder } from '../app/rotation/tick.ts';
import { readSecretEvent } from '../core/rotation/store-event.ts';
import { alertMessageIn } from './notify.ts';

/** Takes Secret Manager's events. Resolving acknowledges; rejecting makes Pub/Sub deliver again. */
export function onSecretEvent(ports: RotatePorts, order: Pick<TickOrder, 'me' | 'secretPolicy'>) {
  return async ({ data }: CloudEvent<unknown>): Promise<void> => {
    const message = alertMessageIn(data);
    const event = readSecretEvent(message.attributes, message.data);
    const outcome = await attempt(() => takeUp(ports, order, event));
    const secret = 'secret' in event ? event.secret : undefined;
    if (!(outcome instanceof Fault)) {
      const severity = event.is === 'not understood' ? 'WARNING' : 'INFO';
      ports.log.write(severity, `event ${event.is}: ${outcome.did}, ${outcome.why}`, { secret });
      return;
    }
    ports.log.write('WARNING', `event ${event.is} will be delivered again: ${outcome.message}`, { secret });
    throw outcome;
  };
}
