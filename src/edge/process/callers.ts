import { OAuth2Client } from 'google-auth-library';
import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../../core/record/actor.ts';
import type { CallerRule } from '../../core/settings/settings.ts';
import type { Instant } from '../../core/values/time.ts';

/** Who calls, by the token's verified email, and whether he may ask for what ends a key without a drain. */
export interface Caller {
  readonly caller: string;
  /** Who that is on record. */
  readonly by: Actor;
  readonly mayEmergency: boolean;
  readonly mayApprove?: boolean;
  /** Whoever hears reports of leaks, which begin emergencies. */
  readonly mayReportLeaks?: boolean;
  /** All that somebody may ask for who is not among the callers. */
  readonly only?: readonly OnlyMode[] | undefined;
}

/** What `rotate` takes from accounts that may ask for nothing else. */
export type OnlyMode = 'approve' | 'leaked';

/** Whether a request may go on; a refusal says why, for the log and for the caller alike. */
type CallerVerdict =
  | ({ readonly allowed: true } & Caller)
  | { readonly allowed: false; readonly status: 401 | 403 | 503; readonly why: string };

/** Asks who calls, by what a request brings as proof: the header `authorization`, or for people the assertion of IAP. */
export type CallerCheck = (proof: string | undefined) => Promise<CallerVerdict>;

/**
 * Verifies the caller's OIDC token: signature against the issuer's certificates, audience, expiry, and that its
 * verified email is on the list. This comes on top of Cloud Run's IAM, which one wrong binding would open to everybody.
 * `oidcUrl` points at the pretend cloud's certificates; without it, Google's are used.
 */
export function callerCheck(
  rule: CallerRule,
  oidcUrl: string | undefined,
  now: () => Instant,
  certificatesMsMax = CERTIFICATES_MS_MAX,
): CallerCheck {
  if (!rule.verify) return () => Promise.resolve({ allowed: true, ...ANYBODY });
  const endpoints = {
    oauth2FederatedSignonPemCertsUrl: `${oidcUrl}/oauth2/v1/certs`,
    oauth2FederatedSignonJwkCertsUrl: `${oidcUrl}/oauth2/v3/certs`,
  };
  const verifier = new OAuth2Client({
    transporterOptions: { timeout: certificatesMsMax },
    ...(oidcUrl === undefined ? {} : { endpoints }),
  });
  return async (authorization) => {
    const idToken = /^Bearer (\S{1,8192})$/i.exec(authorization ?? '')?.[1];
    if (idToken === undefined)
      return refused(401, 'no bearer token: call with an OIDC token of an allowed service account');
    const payload = await Promise.race([
      verified(verifier, idToken, rule.audience),
      setTimeout(certificatesMsMax, 'no certificates' as const, { ref: false }),
    ]);
    if (payload === 'no certificates')
      return refused(503, 'the issuer’s certificates could not be fetched, so no token can be verified; try again');
    if (payload === undefined)
      return refused(401, `the token is not a valid OIDC token of Google for the audience ${rule.audience}`);
    if (isAhead(payload, now()))
      return refused(401, 'the token says that it does not hold yet (nbf), or says so in no form that there is');
    const { email = '', email_verified: isVerified } = payload;
    if (isVerified !== true) return refused(403, 'the token carries no verified email');
    const [mayCall, mayApprove] = [rule.emails.includes(email), rule.approvers?.includes(email) === true];
    const mayReportLeaks = rule.leakCallers?.includes(email) === true;
    if (!mayCall && !mayApprove && !mayReportLeaks)
      return refused(403, `${email} is not among the allowed callers (KEY_WARDEN_CALLERS)`);
    const by: Actor = { who: email, is: 'verified' };
    return {
      allowed: true,
      caller: email,
      by,
      mayEmergency: rule.emergencies.includes(email),
      mayApprove,
      mayReportLeaks,
      only: mayCall ? undefined : [...(mayApprove ? ONLY.approve : []), ...(mayReportLeaks ? ONLY.leaked : [])],
    };
  };
}

const ONLY = { approve: ['approve'], leaked: ['leaked'] } as const satisfies Record<OnlyMode, readonly OnlyMode[]>;

/** Who calls where callers are not verified. */
export const ANYBODY: Caller = {
  caller: 'anybody (callers are not verified)',
  by: { who: 'anybody', is: 'claimed' },
  mayEmergency: true,
  // Nobody is known here by more than a claimed name, and that is what approval is refused for.
  mayApprove: true,
  mayReportLeaks: true,
};

/** Google answers within a second; who waits for it has sent nothing that is believed yet. */
const CERTIFICATES_MS_MAX = 5_000;

/** What the library allows for clocks that differ. It looks at the moment of issue and the expiry, not at `nbf`. */
const CLOCKS_APART_SECONDS = 300;

function isAhead(payload: object, now: Instant): boolean {
  const nbf = 'nbf' in payload ? payload.nbf : undefined;
  if (nbf === undefined) return false;
  return typeof nbf !== 'number' || nbf > now / 1000 + CLOCKS_APART_SECONDS;
}

/** The library's own error texts can quote the token, so they go no further than here. */
async function verified(verifier: OAuth2Client, idToken: string, audience: string) {
  try {
    return (await verifier.verifyIdToken({ idToken, audience })).getPayload();
  } catch (trouble) {
    return /verification certificates/.test(String(trouble)) ? 'no certificates' : undefined;
  }
}

/** A refusal, and why. */
export function refused(status: 401 | 403 | 503, why: string): CallerVerdict {
  return { allowed: false, status, why };
}
