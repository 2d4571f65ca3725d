import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LeakSource } from '../../core/alerts/leak-report.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import { instantOf, parseInstant, type Instant } from '../../core/values/time.ts';
import { isSigningSecret } from './pagerduty-signature.ts';
import { signingSecretsIn } from './standard-webhooks.ts';

/** The header that each source signs in; it also says who signed. */
export const LEAK_HEADERS = {
  github: 'x-hub-signature-256',
  gitguardian: 'gitguardian-signature',
  webhook: 'webhook-signature',
} as const satisfies Record<LeakSource, string>;

/** Reads a header by its name in small letters. */
export type HeaderOf = (name: string) => string | undefined;

/** A signature as it came, with all that it is made of besides the secret and the body. */
export interface LeakSignature {
  readonly source: LeakSource;
  readonly signatures: readonly Buffer[];
  /** When it was signed; GitHub does not say. */
  readonly at?: Instant | undefined;
  /** What is signed before the body, and what goes before the secret. */
  readonly before: string;
  readonly salt: string;
  /** Name of the message, where it has one. */
  readonly id?: string | undefined;
}

/** More are looked at no further. */
const SIGNATURES_MAX = 8;
const ID = /^[\x21-\x7e]{1,256}$/;

/** The signature of a request, in the form of one of the sources; `undefined` when it has none. */
export function leakSignatureOf(headerOf: HeaderOf): LeakSignature | undefined {
  const github = hexIn(headerOf(LEAK_HEADERS.github));
  if (github !== undefined) return { source: 'github', signatures: [github], before: '', salt: '' };
  const gitguardian = hexIn(headerOf(LEAK_HEADERS.gitguardian));
  const timestamp = headerOf('timestamp') ?? '';
  const at = momentIn(timestamp);
  if (gitguardian !== undefined && at !== undefined)
    return { source: 'gitguardian', signatures: [gitguardian], at, before: '', salt: timestamp };
  const id = headerOf('webhook-id') ?? '';
  const seconds = headerOf('webhook-timestamp') ?? '';
  const signatures = base64In(headerOf(LEAK_HEADERS.webhook));
  if (signatures.length === 0 || !ID.test(id) || !/^\d{10}$/.test(seconds)) return undefined;
  return { source: 'webhook', signatures, at: momentIn(seconds), before: `${id}.${seconds}.`, salt: '', id };
}

/** Whether a secret is one that this source signs with. */
export function isLeakSecret(source: LeakSource, secret: KeyText): boolean {
  return source === 'webhook' ? signingSecretsIn(secret.reveal()) !== undefined : isSigningSecret(secret);
}

/** Whether one of the signatures is that of these bytes; how long it takes to say so tells nothing. */
export function isLeakSigned(
  { source, signatures, before, salt }: LeakSignature,
  secret: KeyText,
  body: Uint8Array,
): boolean {
  const text = secret.reveal();
  const secrets = source === 'webhook' ? (signingSecretsIn(text) ?? []) : [Buffer.from(`${salt}${text}`)];
  const right = secrets.map((one) => createHmac('sha256', one).update(before).update(body).digest());
  return right.flatMap((one) => signatures.filter((given) => timingSafeEqual(given, one))).length > 0;
}

function hexIn(header: string | undefined): Buffer | undefined {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

function base64In(header: string | undefined): readonly Buffer[] {
  const words = (header ?? '').slice(0, 2048).split(' ');
  const known = words.flatMap((word) => /^v1,([A-Za-z0-9+/]{43}=)$/.exec(word)?.[1] ?? []);
  return known.slice(0, SIGNATURES_MAX).map((base64) => Buffer.from(base64, 'base64'));
}

/** Seconds since 1970, with a fraction or without, or RFC 3339: which of them GitGuardian writes is not settled. */
function momentIn(text: string): Instant | undefined {
  return /^\d{10}(?:\.\d{1,9})?$/.test(text) ? instantOf(Math.floor(Number(text) * 1000)) : parseInstant(text);
}
