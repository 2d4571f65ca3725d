import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyText } from '../../core/key/key-text.ts';

/** The header that PagerDuty signs its webhooks in, `v1=<hex>`, several apart by commas while a signing secret is replaced. */
export const SIGNATURE_HEADER = 'x-pagerduty-signature';

/** Two while a secret is replaced; more are looked at no further. */
const SIGNATURES_MAX = 8;
/** What PagerDuty gives out is longer; whoever could guess it could silence alerts. */
const SECRET_CHARACTERS_MIN = 16;

/** The signatures of a header that are of the version which is known; none when it is something else. */
export function signaturesIn(header: string | undefined): readonly Buffer[] {
  const words = (header ?? '').slice(0, 2048).split(',');
  const known = words.flatMap((word) => /^\s*v1=([0-9a-f]{64})\s*$/i.exec(word)?.[1] ?? []);
  return known.slice(0, SIGNATURES_MAX).map((hex) => Buffer.from(hex, 'hex'));
}

/** Whether a secret is one that can be signed with. */
export function isSigningSecret(secret: KeyText): boolean {
  return secret.reveal().length >= SECRET_CHARACTERS_MIN;
}

/** Whether one of the signatures is that of these bytes; how long it takes to say so tells nothing. */
export function isSigned(secret: KeyText, body: Uint8Array, signatures: readonly Buffer[]): boolean {
  const right = createHmac('sha256', secret.reveal()).update(body).digest();
  return signatures.filter((one) => timingSafeEqual(one, right)).length > 0;
}
