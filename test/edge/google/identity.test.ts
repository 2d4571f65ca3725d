import { expect, test } from '@jest/globals';
import { Impersonated, JWT, OAuth2Client, UserRefreshClient } from 'google-auth-library';
import { identityOf } from '../../../src/edge/google/identity.ts';

test('an account says who it is', async () => {
  const key = new JWT({ email: 'ci@ops.iam.gserviceaccount.com' });
  expect(await identityOf(key)).toBe('ci@ops.iam.gserviceaccount.com');
  const targetPrincipal = 'on-call@ops.iam.gserviceaccount.com';
  const impersonated = new Impersonated({ sourceClient: new OAuth2Client(), targetPrincipal, targetScopes: [] });
  expect(await identityOf(impersonated)).toBe(targetPrincipal);
});

test('of a person Google is asked for the name', async () => {
  const login = (token: string | null) =>
    Object.assign(new UserRefreshClient(), {
      getAccessToken: () => Promise.resolve({ token }),
      getTokenInfo: () => Promise.resolve({ email: 'jane@example.com' }),
    });
  expect(await identityOf(login('x'))).toBe('jane@example.com');
  expect(await identityOf(login(null))).toBeUndefined();
});

test('trouble with it is no trouble, and no text of the library goes on', async () => {
  const broken = Object.assign(new UserRefreshClient(), { getAccessToken: () => Promise.reject(new Error('secret')) });
  expect(await identityOf(broken)).toBeUndefined();
});
