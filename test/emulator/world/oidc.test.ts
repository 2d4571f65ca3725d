import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { testCloud, type TestCloud } from '../../support/cloud.ts';

const EMAIL = 'scheduler@test-proj.iam.gserviceaccount.com';
const AUDIENCE = 'https://warden.example/health';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud({ metadata: { email: EMAIL, project: 'test-proj' } });
});
afterAll(() => cloud.close());

function verifier(): OAuth2Client {
  const oauth2FederatedSignonPemCertsUrl = `${cloud.url}/oauth2/v1/certs`;
  const oauth2FederatedSignonJwkCertsUrl = `${cloud.url}/oauth2/v3/certs`;
  return new OAuth2Client({ endpoints: { oauth2FederatedSignonPemCertsUrl, oauth2FederatedSignonJwkCertsUrl } });
}

async function tokenFor(email: string, audience: string): Promise<{ idToken: string; accessToken: string }> {
  const body = (await cloud.control('POST token', { email, audience })).json();
  return body as { idToken: string; accessToken: string };
}

describe('the pretend OIDC issuer', () => {
  test('signs tokens that google-auth-library accepts', async () => {
    const { idToken } = await tokenFor(EMAIL, AUDIENCE);
    const ticket = await verifier().verifyIdToken({ idToken, audience: AUDIENCE });
    expect(ticket.getPayload()).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: AUDIENCE,
      email: EMAIL,
      email_verified: true,
    });
  });

  test('signs tokens that are refused for another audience or with another signature', async () => {
    const { idToken } = await tokenFor(EMAIL, AUDIENCE);
    await expect(verifier().verifyIdToken({ idToken, audience: 'https://other.example' })).rejects.toThrow(/audience/);
    const [head, claims] = idToken.split('.');
    const { idToken: other } = await tokenFor('someone@else.example', AUDIENCE);
    const forged = `${head}.${claims}.${other.split('.')[2]}`;
    await expect(verifier().verifyIdToken({ idToken: forged, audience: AUDIENCE })).rejects.toThrow(/signature/);
  });

  test('signs tokens of an hour that run out', async () => {
    const old = await testCloud({ tokenTime: () => Date.now() - 2 * 60 * 60_000 });
    const idToken = old.oidc.idToken(EMAIL, AUDIENCE);
    const oauth2FederatedSignonPemCertsUrl = `${old.url}/oauth2/v1/certs`;
    const client = new OAuth2Client({ endpoints: { oauth2FederatedSignonPemCertsUrl } });
    await expect(client.verifyIdToken({ idToken, audience: AUDIENCE })).rejects.toThrow(/too late/);
    await old.close();
  });

  test('signs what Identity-Aware Proxy says of a person, with keys in both of their forms', async () => {
    const resource = '/projects/123456789012/global/backendServices/4711';
    const { iapAssertion } = (await cloud.control('POST token', { email: EMAIL, iapAudience: resource })).json() as {
      iapAssertion: string;
    };
    const client = new OAuth2Client({ endpoints: { oauth2IapPublicKeyUrl: `${cloud.url}/iap/verify/public_key` } });
    const { pubkeys } = await client.getIapPublicKeys();
    const issuers = ['https://cloud.google.com/iap'];
    const ticket = await client.verifySignedJwtWithCertsAsync(iapAssertion, pubkeys, resource, issuers);
    expect(ticket.getPayload()).toMatchObject({ email: EMAIL, aud: resource });
    const { exp, iat } = ticket.getPayload() ?? { exp: 0, iat: 0 };
    expect(exp - iat).toBe(600);
    const other = client.verifySignedJwtWithCertsAsync(iapAssertion, pubkeys, '/projects/1/x', issuers);
    await expect(other).rejects.toThrow(/audience/);
    const jwks = await cloud.ask('GET', '/iap/verify/public_key-jwk');
    expect(jwks.json()).toMatchObject({ keys: [{ kty: 'EC', alg: 'ES256', kid: 'pretend-iap-1' }] });
    expect(jwks.text).not.toContain('"d"');
  });

  test('publishes where its keys are', async () => {
    const discovery = await cloud.ask('GET', '/.well-known/openid-configuration');
    expect(discovery.json()).toMatchObject({
      issuer: 'https://accounts.google.com',
      jwks_uri: `${cloud.url}/oauth2/v3/certs`,
    });
    const jwks = await cloud.ask('GET', '/oauth2/v3/certs');
    expect(jwks.json()).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] });
    expect(jwks.text).not.toContain('"d"');
  });

  test('gives an access token that belongs to the email', async () => {
    const { accessToken } = await tokenFor(EMAIL, AUDIENCE);
    expect(cloud.iam.callerOf(`Bearer ${accessToken}`)).toEqual({ email: EMAIL });
  });

  const metadata = '/computeMetadata/v1/instance/service-accounts';
  const flavor = { 'metadata-flavor': 'Google' };

  test('stands in for the metadata server', async () => {
    const identity = await cloud.ask('GET', `${metadata}/default/identity?audience=${AUDIENCE}`, { headers: flavor });
    const ticket = await verifier().verifyIdToken({ idToken: identity.text, audience: AUDIENCE });
    expect(ticket.getPayload()?.email).toBe(EMAIL);

    const token = await cloud.ask('GET', `${metadata}/${EMAIL}/token`, { headers: flavor });
    const { access_token } = token.json() as { access_token: string };
    expect(token.json()).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
    expect(cloud.iam.callerOf(`Bearer ${access_token}`)).toEqual({ email: EMAIL });
  });

  test.each([
    [`${metadata}/default/email`, flavor, 200, EMAIL],
    ['/computeMetadata/v1/project/project-id', flavor, 200, 'test-proj'],
    ['/computeMetadata/v1/instance', flavor, 200, 'service-accounts/\n'],
    [`${metadata}/default/identity`, flavor, 400, 'non-empty audience parameter required'],
    [`${metadata}/default/elsewhere`, flavor, 404, 'Not Found'],
    [`${metadata}/default/email`, {}, 403, 'Missing Metadata-Flavor:Google header.'],
  ])('the metadata server answers %s with headers %j with %i %j', async (path, headers, status, text) => {
    const heard = await cloud.ask('GET', path, { headers });
    expect(heard).toMatchObject({ status, text });
    expect(heard.headers.get('metadata-flavor')).toBe('Google');
  });
});
