import type { Socket } from 'node:net';
import type { Receipt } from '../../app/ports/notify-ports.ts';
import type { Clock } from '../../app/ports/ports.ts';
import type { Channel } from '../../core/alerts/channels/channel.ts';
import type { Outgoing } from '../../core/alerts/channels/outgoing.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { isRecord } from '../../core/values/json.ts';
import { resolveWithSystem } from '../webhooks/guarded-dispatcher.ts';
import type { CourierOptions } from '../webhooks/webhooks.ts';
import { guardedSocket } from './guarded-socket.ts';
import { receiptForCode, receiptForError } from './mail-receipt.ts';
import { relayAt, type Relay } from './relay.ts';

/** A channel that is reached through a relay. */
export type MailChannel = Channel & { readonly kind: 'email' };

/** Takes one rendered mail to the relay of a channel. */
export interface MailCourier {
  send(channel: MailChannel, outgoing: Outgoing, secret: KeyText): Promise<Receipt>;
}

export interface MailOptions extends Pick<CourierOptions, 'clock' | 'allowedOrigins' | 'limits' | 'resolve'> {
  /** Certificate in PEM of an authority of a relay's own; those that Node knows by default. */
  readonly authority?: string | undefined;
}

const LIMITS = { connectMs: 5_000, answerMs: 15_000 };

/**
 * Sends mail, a connection for each: alerts are rare, and a function is frozen between two. TLS is required and its certificate
 * verified before the login is said. What the relay says is thrown away but for its codes.
 */
export function mailCourier(options: MailOptions): MailCourier {
  const { clock, allowedOrigins = [], resolve = resolveWithSystem, authority } = options;
  const { connectMs, answerMs } = { ...LIMITS, ...options.limits };
  return {
    async send({ url = '', from = '', to = [] }, outgoing, secret) {
      const relay = relayAt(url, allowedOrigins);
      if ('problem' in relay) return { is: 'refused', why: relay.problem };
      const auth = loginIn(secret);
      if (auth === undefined) return { is: 'refused', why: 'its credential is not USER:PASSWORD' };
      const signal = AbortSignal.timeout(answerMs);
      try {
        const { createTransport } = await import('nodemailer');
        const connection = await guardedSocket(relay, { connectMs, resolve });
        signal.addEventListener('abort', () => connection.destroy());
        try {
          const transport = createTransport({ ...sessionOn(relay, answerMs, authority), auth, connection });
          const mail = { ...mailOf(outgoing, { from, to, clock }), ...NOTHING_ELSE, signal };
          // A connection may break before the library listens to it.
          const sent = await Promise.race([transport.sendMail(mail), brokenBy(connection)]);
          return receiptForSome(sent.accepted.length, sent.rejectedErrors ?? []);
        } finally {
          connection.destroy();
        }
      } catch (error) {
        return signal.aborted ? { is: 'later', why: 'no answer in time' } : receiptForError(error);
      }
    },
  };
}

/** Rejects when a connection breaks. */
function brokenBy(connection: Socket): Promise<never> {
  return new Promise((_, broken) => void connection.on('error', broken));
}

/** Texts only: the library could also read files and fetch addresses for what a mail holds. */
const NOTHING_ELSE = { disableFileAccess: true, disableUrlAccess: true } as const;

function sessionOn({ host, port, tls }: Relay, answerMs: number, authority: string | undefined) {
  return {
    host,
    port,
    secure: tls === 'from-the-start',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2', ...(authority === undefined ? {} : { ca: authority }) },
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
  } as const;
}

/** Message ids carry the domain of the sender, for ids are their maker's. */
function mailOf(
  { body }: Outgoing,
  { from, to, clock }: { readonly from: string; readonly to: readonly string[]; readonly clock: Clock },
) {
  const { subject, text, html, message, thread, urgent } = isRecord(body) ? body : {};
  const domain = from.slice(from.indexOf('@') + 1);
  const root = `<${String(thread)}@${domain}>`;
  return {
    from: { name: 'key-warden', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: String(subject),
    text: String(text),
    html: String(html),
    date: new Date(clock.now()),
    messageId: `<${String(message)}@${domain}>`,
    inReplyTo: root,
    references: root,
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(urgent === true ? { Importance: 'high', 'X-Priority': '1' } : {}),
    },
  };
}

/** A mail that some recipients did not get is not delivered: those who have it know its id when it comes again. */
function receiptForSome(taken: number, refusals: readonly unknown[]): Receipt {
  const codes = refusals.map((refusal) => (isRecord(refusal) ? Number(refusal['responseCode']) : Number.NaN));
  if (codes.length === 0) return { is: 'delivered' };
  const code = Math.min(...codes);
  return receiptForCode(code, ` for ${codes.length} of ${codes.length + taken} recipients`);
}

/** A user's name has no colon, a password may. */
function loginIn(secret: KeyText): { readonly user: string; readonly pass: string } | undefined {
  const [, user, pass] = /^([^:\p{Cc}]{1,200}):([^\p{Cc}]{1,500})$/u.exec(secret.reveal().trim()) ?? [];
  return user === undefined || pass === undefined ? undefined : { user, pass };
}
