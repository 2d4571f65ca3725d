import type { Courier } from '../../app/ports/notify-ports.ts';
import { webhookCourier, type CourierOptions } from '../webhooks/webhooks.ts';
import { mailCourier } from './mail-courier.ts';

/** Sends to every kind of channel: mail through its relay, everything else over HTTP. Both go past the guard of targets. */
export function channelCourier(options: CourierOptions): Courier & { close(): Promise<void> } {
  const web = webhookCourier(options);
  const mail = mailCourier(options);
  return {
    send({ kind, ...channel }, outgoing, secret) {
      return kind === 'email'
        ? mail.send({ kind, ...channel }, outgoing, secret)
        : web.send({ kind, ...channel }, outgoing, secret);
    },
    close: () => web.close(),
  };
}
