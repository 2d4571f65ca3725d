import { Buffer } from 'node:buffer';
import { createHash, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Reply } from '../wire/http.ts';

/** The issuer in the header `x-goog-iap-jwt-assertion`. */
const ISSUER = 'https://cloud.google.com/iap';
const KEY_ID = 'pretend-iap-1';
/** IAP’s assertions last for ten minutes. */
const LIFETIME_SECONDS = 600;

/** What Identity-Aware Proxy says of a person whom it lets through; `more` are claims besides, or instead. */
export type IapAssertion = (email: string, audience: string, more?: Readonly<Record<string, unknown>>) => string;

export interface Iap {
  readonly assertion: IapAssertion;
  /** The keys, in the two forms in which gstatic.com has them. */
  published(path: string): Reply | undefined;
}

/** Signs as IAP does: ES256, and the key’s id in the head. */
export async function identityAwareProxy(now: () => number): Promise<Iap> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' };
  const bodies = new Map<string, object>([
    ['/iap/verify/public_key', { [KEY_ID]: publicKey.export({ format: 'pem', type: 'spki' }) }],
    ['/iap/verify/public_key-jwk', { keys: [jwk] }],
  ]);
  return {
    assertion(email, audience, more = {}) {
      const iat = Math.floor(now() / 1000);
      const sub = `accounts.google.com:${BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 16)}`)}`;
      const hd = email.slice(email.indexOf('@') + 1);
      const claims = { iss: ISSUER, aud: audience, email, sub, hd, iat, exp: iat + LIFETIME_SECONDS, ...more };
      const signed = [{ alg: 'ES256', kid: KEY_ID, typ: 'JWT' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${signature.toString('base64url')}`;
    },
    published(path) {
      const body = bodies.get(path);
      return body === undefined
        ? undefined
        : { status: 200, body, headers: { 'cache-control': 'public, max-age=3600' } };
    },
  };
}
