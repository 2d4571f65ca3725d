import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

/** What one attempt at a webhook is signed over. */
export interface SignedCall {
  /** The same over all attempts, so that a receiver can tell a repetition. */
  readonly id: string;
  /** Time of this attempt; receivers refuse old ones. */
  readonly seconds: number;
  readonly body: string;
}

/** Two at most: the current secret and the one it replaces, so that the receiver may change over when it likes. */
const SECRETS_MAX = 2;
const SECRET_BYTES_MIN = 24;

/** The symmetric secrets in a credential, `whsec_<base64>` apart by white space; `undefined` when it is something else. */
export function signingSecretsIn(credential: string): readonly Buffer[] | undefined {
  const words = credential.trim().split(/\s+/);
  const secrets = words.flatMap((word) => {
    const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(word)?.[1];
    return base64 === undefined ? [] : [Buffer.from(base64, 'base64')];
  });
  const usable = secrets.length === words.length && secrets.every(({ length }) => length >= SECRET_BYTES_MIN);
  return usable && secrets.length <= SECRETS_MAX ? secrets : undefined;
}

/** The headers of Standard Webhooks 1.0, one `v1` signature for every secret. */
export function signatureHeaders(call: SignedCall, secrets: readonly Buffer[]): Readonly<Record<string, string>> {
  const signed = `${call.id}.${call.seconds}.${call.body}`;
  return {
    'webhook-id': call.id,
    'webhook-timestamp': String(call.seconds),
    'webhook-signature': secrets
      .map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`)
      .join(' '),
  };
}
