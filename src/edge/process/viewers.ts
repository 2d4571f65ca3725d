import { OAuth2Client } from 'google-auth-library';
import { Buffer } from 'node:buffer';
import { setTimeout } from 'node:timers/promises';
import type { ViewerRule } from '../../core/settings/page-settings.ts';
import { parseRecord } from '../../core/values/json.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { ANYBODY, refused, type CallerCheck } from './callers.ts';

/** The header that IAP puts on every request that it lets through, and strips from those that bring one. */
export const IAP_HEADER = 'x-goog-iap-jwt-assertion';

const ISSUER = 'https://cloud.google.com/iap';
/** IAP signs for ten minutes. */
const LIFETIME_SECONDS_MAX = 3600;
/** What clocks may differ by, as IAP's own description has it; the library's five minutes would be half of a token's life. */
const CLOCKS_APART_SECONDS = 30;

/** Google answers within a second; who waits for it has sent nothing that is believed yet. */
const KEYS_MS_MAX = 5_000;
/** Google turns the keys over in weeks, and publishes one long before it signs with it. */
const KEYS_KEPT_MS = 3_600_000;
/** A key id that is not among them is looked for again, but not for every forged one. */
const KEYS_AGAIN_MS = 60_000;

/**
 * Verifies the assertion of Identity-Aware Proxy: its signature (ES256) against the keys that Google publishes, issuer, audience and
 * time, and that its email may look. IAP alone is not enough: a request may reach the service past it, with a header of its own making.
 * `keysUrl` points at the pretend cloud's keys; without it, Google's are used.
 */
export function viewerCheck(
  rule: ViewerRule,
  keysUrl: string | undefined,
  now: () => Instant,
  keysMsMax = KEYS_MS_MAX,
): CallerCheck {
  if (!rule.verify) return () => Promise.resolve({ allowed: true, ...ANYBODY });
  const verifier = new OAuth2Client({
    transporterOptions: { timeout: keysMsMax },
    ...(keysUrl === undefined ? {} : { endpoints: { oauth2IapPublicKeyUrl: `${keysUrl}/iap/verify/public_key` } }),
  });
  let kept: { readonly keys: Keys; readonly at: Instant } | undefined;
  const keysFor = async (id: string): Promise<Keys> => {
    const ageMs = kept === undefined ? Infinity : elapsedMs(kept.at, now());
    const isKnown = kept !== undefined && Object.hasOwn(kept.keys, id);
    if (kept === undefined || ageMs < 0 || ageMs > (isKnown ? KEYS_KEPT_MS : KEYS_AGAIN_MS))
      kept = { keys: (await verifier.getIapPublicKeys()).pubkeys, at: now() };
    return kept.keys;
  };
  return async (assertion) => {
    const id = keyIdIn(assertion ?? '');
    if (assertion === undefined || id === undefined)
      return refused(401, 'this page is looked at through Identity-Aware Proxy, which did not sign this request');
    const keys = await Promise.race([
      keysFor(id).catch(() => undefined),
      setTimeout(keysMsMax, undefined, { ref: false }),
    ]);
    if (keys === undefined)
      return refused(
        503,
        'the keys of Identity-Aware Proxy could not be fetched, so nobody can be verified; try again',
      );
    const claims = await claimsIn(verifier, assertion, keys, rule.audience);
    if (claims === undefined || !isInTime(claims, now()))
      return refused(401, `the assertion is not a valid one of Identity-Aware Proxy for ${rule.audience}`);
    const { email } = claims;
    if (email === undefined || email === '') return refused(403, 'the assertion names nobody');
    if (!mayLook(email, rule.viewers))
      return refused(403, `${email} is not among those who may look (KEY_WARDEN_VIEWERS)`);
    return { allowed: true, caller: email, by: { who: email, is: 'verified' }, mayEmergency: false };
  };
}

/** PEM by key id. */
type Keys = Readonly<Record<string, string>>;

interface Claims {
  readonly iat: number;
  readonly exp: number;
  readonly email?: string | undefined;
}

/** The key that an assertion says it is signed with; `undefined` for what is no JWT of ES256. */
function keyIdIn(assertion: string): string | undefined {
  const [, head = ''] = /^([\w-]{1,1024})\.[\w-]{1,4096}\.[\w-]{1,256}$/.exec(assertion) ?? [];
  const header = parseRecord(Buffer.from(head, 'base64url').toString());
  const { alg, kid } = header ?? {};
  return alg === 'ES256' && typeof kid === 'string' ? kid : undefined;
}

/** The library's own error texts quote the assertion, so they go no further than here. */
async function claimsIn(verifier: OAuth2Client, assertion: string, keys: Keys, audience: string) {
  try {
    const ticket = await verifier.verifySignedJwtWithCertsAsync(
      assertion,
      keys,
      audience,
      [ISSUER],
      LIFETIME_SECONDS_MAX,
    );
    return ticket.getPayload();
  } catch {
    return undefined;
  }
}

function isInTime({ iat, exp }: Claims, now: Instant): boolean {
  const seconds = now / 1000;
  return iat <= seconds + CLOCKS_APART_SECONDS && seconds <= exp + CLOCKS_APART_SECONDS;
}

function mayLook(email: string, viewers: readonly string[]): boolean {
  const known = email.toLowerCase();
  return viewers.length === 0 || viewers.some((one) => (one.startsWith('@') ? known.endsWith(one) : known === one));
}
