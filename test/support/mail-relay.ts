import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { RELAY_CERTIFICATE } from './fixtures/relay-certificate.ts';
import { bodyOf } from './loopback.ts';

/** A mail as it came to a relay of a test's own. */
interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Whether it came over TLS, and whose login it was. */
  readonly tls: boolean;
  readonly user: string | undefined;
  /** Headers and body, unfolded. */
  readonly source: string;
}

/** A relay on 127.0.0.1 that is called relay.example by its certificate, closed with what hangs on it. */
export interface MailRelay extends AsyncDisposable {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** Passwords that were said, by the encryption they were said under. */
  readonly heard: readonly { readonly password: string; readonly tls: boolean }[];
}

/** Takes mail from everybody whose password is `right`, unless the options say otherwise. */
export async function mailRelay(options: SMTPServerOptions = {}): Promise<MailRelay> {
  const taken: TakenMail[] = [];
  const heard: { password: string; tls: boolean }[] = [];
  const server = new SMTPServer({
    ...RELAY_CERTIFICATE,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 1,
    onAuth({ username, password }, { secure }, callback) {
      heard.push({ password: password ?? '', tls: secure });
      if (password === 'right') callback(null, { user: username });
      else callback(refusal(535));
    },
    onData(stream, { envelope, secure, user }, answer) {
      const take = async () => {
        const source = await bodyOf(stream);
        taken.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          tls: secure,
          user: typeof user === 'string' ? user : undefined,
          source: source.replaceAll(/\r\n[ \t]/g, ' '),
        });
      };
      void take().then(() => answer(null), answer);
    },
    ...options,
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    taken,
    heard,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What makes the relay answer with a code, and with words that nobody here repeats. */
export function refusal(responseCode: number): Error {
  return Object.assign(new Error('the words of somebody else'), { responseCode });
}
