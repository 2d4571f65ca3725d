import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { googleCredentials } from '../../../src/edge/google/credentials.ts';
import { httpLoopback } from '../../support/loopback.ts';

const NAMES = ['GOOGLE_APPLICATION_CREDENTIALS', 'HOME', 'GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION'] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);
beforeEach(() => {
  for (const name of NAMES) delete process.env[name];
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

test('over https the machine’s own account is used, asked for once, with the scope that covers every API', async () => {
  const asked: string[] = [];
  await using metadata = await httpLoopback((request, response) => {
    if (request.url?.includes('/token') === true) asked.push(request.url);
    response.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: 'token', expires_in: 3600, token_type: 'Bearer' }));
  });
  process.env['HOME'] = '/nonexistent';
  process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
  process.env['GCE_METADATA_HOST'] = metadata.url.replace('http://', '');
  const credentials = googleCredentials('https', undefined);
  expect(await credentials('demo-project')).toEqual({ authorization: 'Bearer token' });
  expect(await credentials('demo-project')).toEqual({ authorization: 'Bearer token' });
  expect(asked).toHaveLength(1);
  expect(decodeURIComponent(asked[0] ?? '')).toContain('https://www.googleapis.com/auth/cloud-platform');
});
