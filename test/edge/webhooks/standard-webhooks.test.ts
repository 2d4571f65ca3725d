import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signatureHeaders, signingSecretsIn } from '../../../src/edge/webhooks/standard-webhooks.ts';

const secretOf = (fill: string, bytes = 32) => `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;
const NEW = secretOf('n');
const OLD = secretOf('o');

function headersFor(credential: string, seconds = Math.floor(Date.now() / 1000)) {
  const secrets = signingSecretsIn(credential) ?? [];
  return signatureHeaders({ id: 'event-1', seconds, body: '{"a":1}' }, secrets);
}

describe('a signature, to an independent verifier,', () => {
  test('is right', () => {
    expect(new Webhook(NEW).verify('{"a":1}', { ...headersFor(NEW) })).toEqual({ a: 1 });
  });

  test('is right for both secrets while one replaces the other', () => {
    const headers = headersFor(`${NEW}\n${OLD}\n`);
    for (const secret of [NEW, OLD]) expect(new Webhook(secret).verify('{"a":1}', { ...headers })).toEqual({ a: 1 });
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  test.each([
    ['a changed body', '{"a":2}', {}],
    ['a changed id', '{"a":1}', { 'webhook-id': 'event-2' }],
    ['a changed time', '{"a":1}', { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1) }],
  ])('is wrong for %s', (_, body, changed) => {
    expect(() => new Webhook(NEW).verify(body, { ...headersFor(NEW), ...changed })).toThrow();
  });

  test('is wrong for another secret, and after five minutes', () => {
    expect(() => new Webhook(OLD).verify('{"a":1}', { ...headersFor(NEW) })).toThrow();
    const long = Math.floor(Date.now() / 1000) - 301;
    expect(() => new Webhook(NEW).verify('{"a":1}', { ...headersFor(NEW, long) })).toThrow();
  });
});

describe('a credential', () => {
  test.each([[NEW], [` ${NEW} `], [`${NEW} ${OLD}`], [`${NEW}\n${OLD}`], [secretOf('x', 24)]])(
    '%j signs',
    (credential) => {
      expect(signingSecretsIn(credential)).toHaveLength(credential.trim().split(/\s/).length);
    },
  );

  test.each([
    '',
    'password',
    NEW.slice('whsec_'.length),
    'whsec_',
    'whsec_***',
    secretOf('x', 23),
    `${NEW} password`,
    `${NEW} ${OLD} ${secretOf('x')}`,
  ])('%j does not', (credential) => {
    expect(signingSecretsIn(credential)).toBeUndefined();
  });
});
