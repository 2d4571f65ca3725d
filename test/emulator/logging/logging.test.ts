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

test('several words of a field, a time with an end, and a view of a bucket are served too', async () => {
  for (const kind of ['a', 'b', 'c']) {
    cloud.logging.take(PROJECT, JSON.stringify({ kind }));
    cloud.clock.advance(60_000);
  }
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 12, minutes)).toISOString();
  const filter = `jsonPayload.kind=("a" OR "b") AND timestamp>="${at(0)}" AND timestamp<"${at(1)}"`;
  const view = `projects/${PROJECT}/locations/global/buckets/_Default/views/_AllLogs`;
  expect(await (await list({ filter, resourceNames: [view] })).json()).toMatchObject({
    entries: [{ jsonPayload: { kind: 'a' } }],
  });
});

test('a bucket says for how long it keeps lines, where there is one', async () => {
  const bucket = (id: string) => cloud.ask('GET', `/v2/projects/${PROJECT}/locations/global/buckets/${id}`);
  expect(await (await bucket('_Default')).json()).toMatchObject({ retentionDays: 30 });
  expect((await bucket('other')).status).toBe(404);
});

test('nobody sees it without the permission', async () => {
  cloud.iam.register('t', 'nobody@example.com');
  expect((await list({}, 't')).status).toBe(403);
});

test.each([
  [{ orderBy: 'timestamp asc' }, 501],
  [{ filter: 'severity!=INFO' }, 501],
  [{ filter: 'severity>=("INFO" OR "ERROR")' }, 501],
  [{ resourceNames: ['folders/1'] }, 501],
  [{ resourceNames: [] }, 400],
])('what is not served is said: %j', async (asked, status) => {
  expect((await list(asked)).status).toBe(status);
});
