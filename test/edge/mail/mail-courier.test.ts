import { describe, expect, test } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { emails } from '../../../src/core/alerts/channels/email.ts';
import type { Outgoing } from '../../../src/core/alerts/channels/outgoing.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { mailCourier, type MailChannel, type MailOptions } from '../../../src/edge/mail/mail-courier.ts';
import type { Resolve } from '../../../src/edge/webhooks/guarded-dispatcher.ts';
import { RELAY_CERTIFICATE } from '../../support/fixtures/relay-certificate.ts';
import { closedPort, tcpLoopback } from '../../support/loopback.ts';
import { mailRelay, refusal, type MailRelay } from '../../support/mail-relay.ts';
import { eventFor } from '../../support/notices.ts';
import { stillClock } from '../../support/still-clock.ts';

const LOGIN = new KeyText('warden:right\n');
const [ALERT] = emails(eventFor('key.unhealthy')) as readonly [Outgoing];
const HOME: Resolve = (_, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);

function channelAt(url: string, more: Partial<MailChannel> = {}): MailChannel {
  const ends = { from: 'key-warden@corp.example', to: ['oncall@corp.example'] };
  return {
    name: 'mail',
    kind: 'email',
    credential: 'projects/ops/secrets/mail',
    severityMin: 'info',
    url,
    ...ends,
    ...more,
  };
}

/** Sends one mail to a relay that its certificate and the settings call relay.example. */
function send(
  port: number,
  { scheme = 'smtp', secret = LOGIN, outgoing = ALERT, ...more }: Sending = {},
): Promise<unknown> {
  const url = `${scheme}://relay.example:${port}`;
  const options = { clock: stillClock(), allowedOrigins: [url], resolve: HOME, authority: RELAY_CERTIFICATE.cert };
  return mailCourier({ ...options, ...more.options }).send(channelAt(url, more.channel), outgoing, secret);
}

interface Sending {
  readonly scheme?: 'smtp' | 'smtps';
  readonly secret?: KeyText;
  readonly outgoing?: Outgoing;
  readonly options?: Partial<MailOptions>;
  readonly channel?: Partial<MailChannel>;
}

/** The lines of a mail’s head that begin so. */
const headers = (relay: MailRelay, name: string) =>
  (relay.taken[0]?.source.split('\r\n\r\n')[0] ?? '').split('\r\n').filter((line) => line.startsWith(`${name}:`));

describe('a mail', () => {
  test.each([
    ['smtp', {}],
    ['smtps', { secure: true }],
  ] as const)('over %s comes encrypted, with its login said under TLS only', async (scheme, options) => {
    await using relay = await mailRelay(options);
    expect(await send(relay.port, { scheme })).toEqual({ is: 'delivered' });
    expect(relay.taken).toMatchObject([
      { from: 'key-warden@corp.example', to: ['oncall@corp.example'], tls: true, user: 'warden' },
    ]);
    expect(relay.heard).toEqual([{ password: 'right', tls: true }]);
    expect(relay.taken[0]?.source).not.toContain('right');
  });

  test('has the date of the clock, a message id of its own, and answers what its thread has in common', async () => {
    await using relay = await mailRelay();
    await send(relay.port);
    expect(headers(relay, 'Date')).toEqual(['Date: Fri, 15 Jan 2027 08:00:00 +0000']);
    const { message, thread } = ALERT.body as unknown as Readonly<Record<string, string>>;
    expect(headers(relay, 'Message-ID')).toEqual([`Message-ID: <${message}@corp.example>`]);
    expect(headers(relay, 'In-Reply-To')).toEqual([`In-Reply-To: <${thread}@corp.example>`]);
    expect(headers(relay, 'References')).toEqual([`References: <${thread}@corp.example>`]);
    expect(headers(relay, 'Auto-Submitted')).toEqual(['Auto-Submitted: auto-generated']);
    expect(headers(relay, 'Importance')).toEqual(['Importance: high']);
    expect(headers(relay, 'Content-Type')[0]).toMatch(/^Content-Type: multipart\/alternative;/);
    expect(relay.taken[0]?.source).toMatch(/text\/plain; charset=utf-8[\s\S]*text\/html; charset=utf-8/i);
  });

  test('goes to all whom its channel names', async () => {
    await using relay = await mailRelay();
    const to = ['oncall@corp.example', 'lead@corp.example'];
    await send(relay.port, { channel: { to } });
    expect(relay.taken[0]?.to).toEqual(to);
  });

  test.each(['a\r\nBcc: thief@evil.example', 'a\nBcc: thief@evil.example\n\nb', 'a\u2028Bcc: thief@evil.example'])(
    'has no further header or recipient, whatever a subject says (%j)',
    async (headline) => {
      await using relay = await mailRelay();
      const event = eventFor('key.unhealthy');
      const [outgoing] = emails({ ...event, data: { ...event.data, headline } });
      await send(relay.port, outgoing === undefined ? {} : { outgoing });
      expect(headers(relay, 'Bcc')).toEqual([]);
      expect(headers(relay, 'Subject')).toHaveLength(1);
      expect(relay.taken[0]?.to).toEqual(['oncall@corp.example']);
      // the library keeps to one line even where nobody cleaned the subject before it
      await using second = await mailRelay();
      await send(second.port, { outgoing: { ...ALERT, body: { ...ALERT.body, subject: headline } } });
      expect(headers(second, 'Bcc')).toEqual([]);
    },
  );
});

describe('nothing is said', () => {
  test('to a relay that offers no STARTTLS', async () => {
    await using relay = await mailRelay({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const why = 'no secure connection: it offers no STARTTLS, or the TLS handshake failed';
    expect(await send(relay.port)).toEqual({ is: 'later', why });
    expect([relay.taken, relay.heard]).toEqual([[], []]);
  });

  test.each([
    ['smtp', {}],
    ['smtps', { secure: true }],
  ] as const)('over %s to a relay whose certificate nobody vouches for', async (scheme, options) => {
    await using relay = await mailRelay(options);
    const receipt = await send(relay.port, { scheme, options: { authority: undefined } });
    expect(receipt).toMatchObject({ is: 'later', why: expect.stringMatching(/^no secure connection: /) });
    expect([relay.taken, relay.heard]).toEqual([[], []]);
  });

  test('to a relay with another name than its certificate', async () => {
    await using relay = await mailRelay();
    const url = `smtp://other.example:${relay.port}`;
    const receipt = await send(relay.port, { channel: { url }, options: { allowedOrigins: [url] } });
    expect(receipt).toMatchObject({ is: 'later', why: expect.stringMatching(/^no secure connection: /) });
    expect(relay.heard).toEqual([]);
  });

  test('where a public name has a private address, or is the metadata server’s', async () => {
    const lookedUp: string[] = [];
    const resolve: Resolve = (hostname, callback) => {
      lookedUp.push(hostname);
      callback(null, [{ address: '10.9.8.7', family: 4 }]);
    };
    const at = (url: string) => send(0, { channel: { url }, options: { allowedOrigins: [], resolve } });
    const refused = (why: string) => ({ is: 'refused', why });
    expect(await at('smtp://relay.example')).toEqual(refused('the target’s address is not public (private)'));
    expect(lookedUp).toEqual(['relay.example']);
    expect(await at('smtps://10.9.8.7')).toEqual(refused('the target’s address is not public (private)'));
    expect(await at('smtps://169.254.169.254')).toEqual(refused('the target’s address is not public (linkLocal)'));
    expect(await at('smtp://metadata.google.internal')).toEqual(refused('the target is the metadata server'));
    expect(await at('smtp://relay.example:25')).toEqual(refused('the target’s port is 25 and not 587 or 2525 or 2587'));
    expect(await at('https://relay.example')).toEqual(refused('its url is not the address of a relay'));
    expect(lookedUp).toEqual(['relay.example']);
  });

  test.each(['right', ':right', 'warden:', `war\nden:right`])('with a credential that is no login', async (secret) => {
    await using relay = await mailRelay();
    const why = 'its credential is not USER:PASSWORD';
    expect(await send(relay.port, { secret: new KeyText(secret) })).toEqual({ is: 'refused', why });
  });
});

/** The receipt from a relay that answers a step with a code. */
async function receiptFor(options: SMTPServerOptions, to = ['oncall@corp.example']) {
  await using relay = await mailRelay(options);
  return await send(relay.port, { channel: { to } });
}

describe('the receipt', () => {
  test.each([
    [421, 'later'],
    [451, 'later'],
    [550, 'refused'],
    [554, 'refused'],
  ] as const)('for %d holds the code, no word of the answer, and is %s', async (code, is) => {
    const receipt = { is, why: `it answered ${code}` };
    expect(await receiptFor({ onMailFrom: (_, __, callback) => callback(refusal(code)) })).toEqual(receipt);
    expect(await receiptFor({ onRcptTo: (_, __, callback) => callback(refusal(code)) })).toEqual(receipt);
    const atTheEnd: SMTPServerOptions['onData'] = (stream, _, callback) =>
      void stream.resume().once('end', () => callback(refusal(code)));
    expect(await receiptFor({ onData: atTheEnd })).toEqual(receipt);
  });

  test('for a login that is not taken is a refusal, so that the credential is read anew', async () => {
    await using relay = await mailRelay();
    expect(await send(relay.port, { secret: new KeyText('warden:wrong:one') })).toEqual({
      is: 'refused',
      why: 'it answered 535',
    });
    expect(relay.heard).toEqual([{ password: 'wrong:one', tls: true }]);
  });

  test('for a relay that knows no way of ours to log in is a refusal', async () => {
    expect(await receiptFor({ authMethods: ['XOAUTH2'] })).toEqual({
      is: 'refused',
      why: 'it answered 504',
    });
  });

  test('for a relay that asks for no login, as one that goes by addresses, is that it was delivered', async () => {
    expect(await receiptFor({ disabledCommands: ['AUTH'] })).toEqual({ is: 'delivered' });
  });

  test.each([
    [550, 'refused'],
    [450, 'later'],
  ] as const)('for some recipients only (%d) says how many lack it', async (code, is) => {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _, callback) =>
      callback(address.startsWith('gone') ? refusal(code) : null);
    expect(await receiptFor({ onRcptTo }, ['oncall@corp.example', 'gone@corp.example'])).toEqual({
      is,
      why: `it answered ${code} for 1 of 2 recipients`,
    });
  });

  test('for a relay that is not there, says nothing, breaks off or speaks something else', async () => {
    expect(await send(await closedPort())).toEqual({ is: 'later', why: 'connection refused' });
    await using silent = await tcpLoopback(() => undefined);
    const limits = { answerMs: 50 };
    expect(await send(silent.port, { options: { limits } })).toEqual({ is: 'later', why: 'no answer in time' });
    await using brief = await tcpLoopback((socket) => void socket.end());
    expect(await send(brief.port)).toEqual({ is: 'later', why: 'the connection broke' });
    await using reset = await tcpLoopback((socket) => void socket.resetAndDestroy());
    expect(await send(reset.port)).toEqual({ is: 'later', why: 'the connection broke' });
    await using other = await tcpLoopback((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await send(other.port)).toEqual({ is: 'later', why: 'what answered does not speak SMTP' });
  });

  test('for a name that does not resolve', async () => {
    const resolve: Resolve = (_, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    expect(await send(587, { options: { resolve } })).toEqual({ is: 'later', why: 'the host name does not resolve' });
  });
});
