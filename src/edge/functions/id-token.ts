import { Buffer } from 'node:buffer';
import type { AuthClient } from 'google-auth-library';
import { request } from 'undici';
import { Fault } from '../../app/ports/fault.ts';
import { parseRecord } from '../../core/values/json.ts';
import { readBounded } from '../http/read-bounded.ts';

/** A token that is good for one function alone, and whom it speaks for. */
export interface IdToken {
  readonly token: string;
  readonly as: string;
}

export interface IdTokenOptions {
  /** A pretend cloud's issuer, which is asked instead of Google: nobody's own credentials go there. */
  readonly pretendUrl?: string | undefined;
  /** The application default credentials without it. */
  readonly authClient?: AuthClient | undefined;
}

/** What to do where credentials give no token for one address: only service accounts have such tokens. */
const SIGN_IN =
  'Sign in as a service account that may call: `gcloud auth application-default login --impersonate-service-account=ACCOUNT`, ' +
  'which takes roles/iam.serviceAccountTokenCreator on that account.';

const CALL_MS = 10_000;
const TOKEN_BYTES_MAX = 16_384;

/**
 * An ID token for an audience: of a service account's key file, of the machine's own account, of an account that somebody
 * impersonates, or of the one behind a workload's federation. A person's own credentials give tokens for gcloud and not for one
 * address, so those are not sent. Rejects with `Fault`, never with the library's text, which can quote a credentials file.
 */
export async function idTokenFor(audience: string, options: IdTokenOptions): Promise<IdToken> {
  const token = await (options.pretendUrl === undefined
    ? fromGoogle(audience, options.authClient)
    : fromPretendCloud(options.pretendUrl, audience));
  const [, payload = ''] = token.split('.');
  const { aud, email } = parseRecord(Buffer.from(payload, 'base64url').toString()) ?? {};
  if (aud !== audience)
    throw new Fault(
      'unauthenticated',
      `These credentials give no token for ${audience} alone, as a person’s own do not, and the worker takes no other. ${SIGN_IN}`,
    );
  return { token, as: typeof email === 'string' ? email : 'an account without an email' };
}

async function fromGoogle(audience: string, authClient: AuthClient | undefined): Promise<string> {
  try {
    const { GoogleAuth, Impersonated } = await import('google-auth-library');
    const client = authClient ?? (await new GoogleAuth({ scopes: SCOPE }).getClient());
    if (givesIdTokens(client)) return await client.fetchIdToken(audience);
    const account = accountBehind(client);
    if (account !== undefined)
      return await new Impersonated({ sourceClient: client, targetPrincipal: account, targetScopes: [] }).fetchIdToken(
        audience,
      );
  } catch {
    throw new Fault(
      'unauthenticated',
      `There are no Google credentials that give a token for ${audience}, or they were refused. ${SIGN_IN}`,
    );
  }
  throw new Fault('unauthenticated', `These credentials speak for no service account. ${SIGN_IN}`);
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

type GivesIdTokens = AuthClient & { fetchIdToken(audience: string): Promise<string> };

function givesIdTokens(client: AuthClient): client is GivesIdTokens {
  return 'fetchIdToken' in client && typeof client.fetchIdToken === 'function';
}

/** The account that a federated workload acts as, which gives the token in its stead. */
function accountBehind(client: AuthClient): string | undefined {
  const named: unknown =
    'getServiceAccountEmail' in client && typeof client.getServiceAccountEmail === 'function'
      ? client.getServiceAccountEmail()
      : undefined;
  return typeof named === 'string' ? named : undefined;
}

/** A pretend cloud has a metadata server, which speaks for one account. */
async function fromPretendCloud(url: string, audience: string): Promise<string> {
  const path = `/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(audience)}`;
  try {
    const { body } = await request(url + path, {
      headers: { 'metadata-flavor': 'Google' },
      signal: AbortSignal.timeout(CALL_MS),
    });
    return (await readBounded(body, TOKEN_BYTES_MAX, CALL_MS)).text.trim();
  } catch {
    throw new Fault('unavailable', `The pretend cloud at ${url} gave no token. Is it running?`);
  }
}
