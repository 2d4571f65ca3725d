import { Buffer } from 'node:buffer';
import { createSign, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Reply, Request, Service } from '../wire/http.ts';
import { identityAwareProxy, type IapAssertion } from './iap.ts';

/** The issuer that google-auth-library accepts in a Google ID token. */
const ISSUER = 'https://accounts.google.com';
const KEY_ID = 'pretend-cloud-1';
const LIFETIME_SECONDS = 3600;

/** Google's ID tokens, signed by a key that lives as long as the process. */
export interface Oidc extends Service {
  /** A signed ID token for one hour, as Cloud Scheduler or a Pub/Sub push would send it; `more` are claims besides. */
  idToken(email: string, audience: string, more?: Readonly<Record<string, unknown>>): string;
  /** What Identity-Aware Proxy puts on a person’s request. */
  readonly iapAssertion: IapAssertion;
}

export interface OidcParts {
  /** Milliseconds since the epoch. Libraries verify against the machine's clock, so this is not the movable one. */
  readonly now: () => number;
  /** Whom the metadata server speaks for. */
  readonly metadataEmail: string;
  readonly metadataProject: string;
  /** Makes and registers an access token for an email. */
  readonly accessToken: (email: string) => string;
}

/** Makes an RSA key pair and the endpoints that publish it: discovery, JWKS, PEM, and the metadata server. */
export async function oidcIssuer(parts: OidcParts): Promise<Oidc> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  const iap = await identityAwareProxy(parts.now);
  const pems = { [KEY_ID]: publicKey.export({ format: 'pem', type: 'spki' }) };

  const idToken: Oidc['idToken'] = (email, audience, more = {}) => {
    const iat = Math.floor(parts.now() / 1000);
    const subject = Buffer.from(email).toString('hex').slice(0, 21);
    const claims = { iss: ISSUER, aud: audience, azp: subject, sub: subject, email, email_verified: true };
    const signed = [
      { alg: 'RS256', kid: KEY_ID, typ: 'JWT' },
      { ...claims, iat, exp: iat + LIFETIME_SECONDS, ...more },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`;
  };

  const published = (request: Request): Reply | undefined => {
    const host = `http://${request.headers['host'] ?? '127.0.0.1'}`;
    switch (request.path) {
      case '/.well-known/openid-configuration':
        return {
          status: 200,
          body: {
            issuer: ISSUER,
            jwks_uri: `${host}/oauth2/v3/certs`,
            id_token_signing_alg_values_supported: ['RS256'],
            response_types_supported: ['id_token'],
            subject_types_supported: ['public'],
          },
        };
      case '/oauth2/v3/certs':
        return { status: 200, body: jwks, headers: { 'cache-control': 'public, max-age=3600' } };
      case '/oauth2/v1/certs':
        return { status: 200, body: pems, headers: { 'cache-control': 'public, max-age=3600' } };
      default:
        return iap.published(request.path);
    }
  };

  return {
    title: 'OIDC issuer, Identity-Aware Proxy and metadata server',
    idToken,
    iapAssertion: iap.assertion,
    answer: (request) =>
      request.path.startsWith('/computeMetadata/') ? metadata(request, parts, idToken) : published(request),
  };
}

const FLAVOR = { 'metadata-flavor': 'Google' };
const ACCOUNT = /^\/computeMetadata\/v1\/instance\/service-accounts\/(default|[^/]+@[^/]+)\/(identity|token|email)$/;

/** The metadata server of an instance; requests without `Metadata-Flavor: Google` are refused, as in production. */
function metadata(request: Request, parts: OidcParts, idToken: Oidc['idToken']): Reply {
  const text = (status: number, body: string): Reply => ({ status, body, contentType: 'text/plain', headers: FLAVOR });
  if (request.headers['metadata-flavor'] !== 'Google') return text(403, 'Missing Metadata-Flavor:Google header.');
  if (request.path === '/computeMetadata/v1/project/project-id') return text(200, parts.metadataProject);
  if (/^\/computeMetadata\/v1\/instance\/?$/.test(request.path)) return text(200, 'service-accounts/\n');
  const [, account = '', item = ''] = ACCOUNT.exec(request.path) ?? [];
  const email = account === 'default' ? parts.metadataEmail : account;
  switch (item) {
    case 'email':
      return text(200, email);
    case 'identity': {
      const audience = request.query.get('audience');
      return audience === null
        ? text(400, 'non-empty audience parameter required')
        : text(200, idToken(email, audience));
    }
    case 'token':
      return {
        status: 200,
        body: { access_token: parts.accessToken(email), expires_in: LIFETIME_SECONDS, token_type: 'Bearer' },
        headers: FLAVOR,
      };
    default:
      return text(404, 'Not Found');
  }
}
