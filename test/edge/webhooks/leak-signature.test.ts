import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { isLeakSecret, isLeakSigned, leakSignatureOf } from '../../../src/edge/webhooks/leak-signature.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (headers: Readonly<Record<string, string>>) => leakSignatureOf((name) => headers[name]);

/** Whether these headers sign this body with this secret. */
function isSigned(headers: Readonly<Record<string, string>>, secret: string, body: string): boolean {
  const signature = read(headers);
  return signature !== undefined && isLeakSigned(signature, new KeyText(secret), bytes(body));
}

describe('the example that GitHub publishes (validating webhook deliveries)', () => {
  const headers = { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' };
  const secret = "It's a Secret to Everybody";

  test('is right, and of no other body or secret', () => {
    expect(isSigned(headers, secret, 'Hello, World!')).toBe(true);
    expect(isSigned(headers, secret, 'Hello, World')).toBe(false);
    expect(isSigned(headers, `${secret}!`, 'Hello, World!')).toBe(false);
  });
});

describe('the example that Standard Webhooks publish', () => {
  const secret = 'whsec_' + 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = '{"test": 2432232314}';
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };

  test('is right among other signatures, and of no other message', () => {
    expect(isSigned(headers, secret, body)).toBe(true);
    const others = `v1a,x v1,${'A'.repeat(43)}= ${headers['webhook-signature']}`;
    expect(isSigned({ ...headers, 'webhook-signature': others }, secret, body)).toBe(true);
    expect(isSigned({ ...headers, 'webhook-id': 'msg_2' }, secret, body)).toBe(false);
    expect(isSigned({ ...headers, 'webhook-timestamp': '1614265331' }, secret, body)).toBe(false);
    expect(isSigned(headers, secret, `${body} `)).toBe(false);
    expect(isSigned(headers, 'no-signing-secret-of-theirs', body)).toBe(false);
  });

  test('names its message and its moment', () => {
    expect(read(headers)).toMatchObject({ source: 'webhook', id: headers['webhook-id'], at: 1_614_265_330_000 });
  });
});

describe('a signature of GitGuardian', () => {
  const [token, body] = ['t'.repeat(24), '{"action":"incident_triggered"}'];
  const signed = (timestamp: string, key: string) => ({
    timestamp,
    'gitguardian-signature': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  });

  test.each(['1732406400', '1732406400.123456', '2024-11-24T00:00:00Z'])(
    'is made with its moment before the token: %s',
    (timestamp) => {
      expect(isSigned(signed(timestamp, `${timestamp}${token}`), token, body)).toBe(true);
      expect(isSigned(signed(timestamp, token), token, body)).toBe(false);
      expect(isSigned({ ...signed(timestamp, `${timestamp}${token}`), timestamp: '1732406401' }, token, body)).toBe(
        false,
      );
    },
  );

  test('says when it was signed, or is none', () => {
    expect(read(signed('1732406400.9', token))?.at).toBe(1_732_406_400_900);
    expect(read(signed('yesterday', token))).toBeUndefined();
  });
});

test.each<Readonly<Record<string, string>>>([
  {},
  { 'x-hub-signature-256': 'sha256=zz' },
  { 'x-hub-signature': `sha1=${'0'.repeat(40)}` },
  { 'x-gitguardian-signature': `sha256=${'0'.repeat(64)}`, timestamp: '1732406400' },
  { 'webhook-signature': `v1,${'A'.repeat(43)}=`, 'webhook-timestamp': '1614265330' },
  { 'webhook-signature': `v1,${'A'.repeat(43)}=`, 'webhook-id': 'a b', 'webhook-timestamp': '1614265330' },
  { 'webhook-signature': `v1,${'A'.repeat(43)}=`, 'webhook-id': 'a', 'webhook-timestamp': 'now' },
])('no source signs like this: %j', (headers) => {
  expect(read(headers)).toBeUndefined();
});

test('a secret is one that its source signs with', () => {
  const own = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
  expect(isLeakSecret('webhook', new KeyText(own))).toBe(true);
  expect(isLeakSecret('webhook', new KeyText('s'.repeat(40)))).toBe(false);
  expect(isLeakSecret('github', new KeyText('s'.repeat(40)))).toBe(true);
  expect(isLeakSecret('gitguardian', new KeyText('short'))).toBe(false);
});
