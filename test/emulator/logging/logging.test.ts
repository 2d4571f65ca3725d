import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECT, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

const list = async (asked: Readonly<Record<string, unknown>>, token?: string) =>
  cloud.ask('POST', '/v2/entries:list', {
    body: { resourceNames: [`projects/${PROJECT}`], orderBy: 'timestamp desc', ...asked },
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });

test('what a process wrote is listed, newest first, as far as the filter lets it', async () => {
  cloud.logging.take(PROJECT, '{"severity":"INFO","message":"a","heartbeat":{"expected":1}}');
  cloud.clock.advance(60_000);
  cloud.logging.take(PROJECT, 'plain words');
  cloud.logging.take(PROJECT, '{"severity":"INFO","message":"b","heartbeat":{"expected":2}}');
  const found = (await (await list({ filter: 'jsonPayload.heartbeat.expected>=1 AND severity="INFO"' })).json()) as {
    readonly entries: readonly unknown[];
  };
  expect(found.entries).toMatchObject([
    { severity: 'INFO', jsonPayload: { message: 'b' } },
    { severity: 'INFO', jsonPayload: { message: 'a' } },
  ]);
  const one = (await (await list({ filter: '', pageSize: 1 })).json()) as { readonly nextPageToken: string };
  expect(await (await list({ pageSize: 1, pageToken: one.nextPageToken })).json()).toMatchObject({
    entries: [{ jsonPayload: { message: 'b' } }],
  });
});

test('nobody sees it without the permission', async () => {
  cloud.iam.register('t', 'nobody@example.com');
  expect((await list({}, 't')).status).toBe(403);
});

test.each([
  [{ orderBy: 'timestamp asc' }, 501],
  [{ filter: 'severity!=INFO' }, 501],
  [{ resourceNames: ['folders/1'] }, 501],
  [{ resourceNames: [] }, 400],
])('what is not served is said: %j', async (asked, status) => {
  expect((await list(asked)).status).toBe(status);
});
