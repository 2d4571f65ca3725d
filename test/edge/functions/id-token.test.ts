import { expect, test } from '@jest/globals';
import { UserRefreshClient, type AuthClient } from 'google-auth-library';
import { Buffer } from 'node:buffer';
import { idTokenFor } from '../../../src/edge/functions/id-token.ts';
import { httpLoopback } from '../../support/loopback.ts';
import { pretendCloud } from '../../support/cloud.ts';

const URL = 'https://rotate.example';

/** Unsigned: nobody but the function verifies it. */
function tokenFor(aud: string, more: object = { email: 'ci@ops.iam.gserviceaccount.com' }): string {
  return ['{}', JSON.stringify({ aud, ...more }), ''].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** Credentials that give ID tokens. */
function giving(token: (audience: string) => string): AuthClient {
  return Object.assign(new UserRefreshClient(), {
    fetchIdToken: (audience: string) => Promise.resolve(token(audience)),
  });
}

/** Credentials that give none. */
function without(more: object): AuthClient {
  return Object.assign(new UserRefreshClient(), { fetchIdToken: undefined, ...more });
}

test('a token is asked for one function, and says whom it speaks for', async () => {
  const authClient = giving(tokenFor);
  expect(await idTokenFor(URL, { authClient })).toEqual({ token: tokenFor(URL), as: 'ci@ops.iam.gserviceaccount.com' });
  const nameless = giving((audience) => tokenFor(audience, {}));
  expect(await idTokenFor(URL, { authClient: nameless })).toMatchObject({ as: 'an account without an email' });
});

test('one that is good for another address is not sent: a person’s own login gives such', async () => {
  const authClient = giving(() => tokenFor('32555940559.apps.googleusercontent.com'));
  await expect(idTokenFor(URL, { authClient })).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringMatching(
      /give no token for https:\/\/rotate\.example alone.*gcloud auth application-default login --impersonate-service-account=ACCOUNT/,
    ),
  });
});

test('no text of the library goes on, which can quote a credentials file', async () => {
  const authClient = giving(() => {
    throw new Error('private_key: very secret');
  });
  const told = await idTokenFor(URL, { authClient }).catch(String);
  expect(told).toContain('or they were refused');
  expect(told).not.toContain('very secret');
});

test('credentials that speak for no service account are told as that', async () => {
  for (const client of [without({}), without({ getServiceAccountEmail: () => null })])
    await expect(idTokenFor(URL, { authClient: client })).rejects.toMatchObject({
      message: expect.stringContaining('These credentials speak for no service account'),
    });
});

test('behind a workload’s federation the account that it acts as gives the token', async () => {
  const asked: unknown[] = [];
  const authClient = without({
    getServiceAccountEmail: () => 'ci@ops.iam.gserviceaccount.com',
    getAccessToken: () => Promise.resolve({ token: 'x' }),
    request: (options: { url: string; data: { audience: string } }) => {
      asked.push(options.url);
      return Promise.resolve({ data: { token: tokenFor(options.data.audience) } });
    },
  });
  expect(await idTokenFor(URL, { authClient })).toMatchObject({ as: 'ci@ops.iam.gserviceaccount.com' });
  expect(asked).toEqual([
    'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/ci@ops.iam.gserviceaccount.com:generateIdToken',
  ]);
});

test('the machine’s own account gives one', async () => {
  const names = ['GOOGLE_APPLICATION_CREDENTIALS', 'HOME', 'GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  await using metadata = await httpLoopback((request, response) => {
    response.writeHead(200, { 'metadata-flavor': 'Google' });
    response.end(request.url?.includes('/identity?') === true ? tokenFor(URL) : 'x');
  });
  try {
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    process.env['HOME'] = '/nonexistent';
    process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
    process.env['GCE_METADATA_HOST'] = metadata.url.replace('http://', '');
    expect(await idTokenFor(URL, {})).toMatchObject({ token: tokenFor(URL) });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test('a pretend cloud gives one by itself, or is not there', async () => {
  const cloud = await pretendCloud();
  const pretendUrl = cloud.url;
  expect(await idTokenFor('http://127.0.0.1:9', { pretendUrl })).toMatchObject({
    as: 'key-warden@demo-project.iam.gserviceaccount.com',
  });
  await cloud.close();
  await expect(idTokenFor(URL, { pretendUrl })).rejects.toMatchObject({ code: 'unavailable' });
});
