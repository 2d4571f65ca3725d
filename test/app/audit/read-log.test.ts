import { describe, expect, test } from '@jest/globals';
import { readLogs } from '../../../src/app/audit/read-log.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Seen, GoogleReader } from '../../../src/app/ports/google-reader.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { readerOf } from '../../support/answering-reader.ts';
import { ago, NOW } from '../../support/journals.ts';
import { entryAt } from '../../support/log-entries.ts';

const SECRET = 'projects/1/secrets/a';
const notice = (at = NOW) => entryAt(at, { notice: { type: 'leak.open', secret: SECRET } });
const step = entryAt(NOW, { oldKey: { did: 'deleted', secret: SECRET, version: 1 } });
const approval = entryAt(NOW, {
  approval: { secret: SECRET, rotation: 'kw-1', by: { who: 'bob@ops.example', is: 'verified' } },
});
const KEPT: Seen = { json: { retentionDays: 30 } };

const order = (...logs: readonly string[]) => ({ logs, from: ago(24), to: NOW, now: NOW });

test('announcements, steps and approvals of the time are read, page by page, and how long the bucket keeps them', async () => {
  const { reader, looks } = readerOf(
    { json: { entries: [notice(), 'text'], nextPageToken: 'more' } },
    { json: { entries: [notice(ago(2))] } },
    { json: { entries: [step, 'text'] } },
    { json: { entries: [approval, 'text'] } },
    KEPT,
  );
  const read = await readLogs(reader, order('projects/a'));
  expect(read.notices.map(({ loggedAt }) => loggedAt)).toEqual([NOW, ago(2)]);
  expect(read.steps).toMatchObject([{ did: 'deleted' }]);
  expect(read.approvals).toMatchObject([{ rotation: 'kw-1' }]);
  expect(read.sources).toEqual([{ log: 'projects/a', is: 'read', keptFrom: ago(30 * 24) }]);
  expect(looks.map(({ path, permission }) => [path, permission])).toEqual([
    ['/v2/entries:list', 'logging.logEntries.list'],
    ['/v2/entries:list', 'logging.logEntries.list'],
    ['/v2/entries:list', 'logging.logEntries.list'],
    ['/v2/entries:list', 'logging.logEntries.list'],
    ['/v2/projects/a/locations/global/buckets/_Default', 'logging.buckets.get'],
  ]);
  expect(looks[0]?.body?.['filter']).toContain(`timestamp>="${isoOf(ago(24))}" AND timestamp<"${isoOf(NOW)}"`);
  expect(looks[1]?.body).toMatchObject({ pageToken: 'more' });
});

test('a view is read by its own name, and so is its bucket', async () => {
  const view = 'projects/a/locations/eu/buckets/kept/views/_AllLogs';
  const { reader, looks } = readerOf({ json: {} }, { json: {} }, { json: {} }, KEPT);
  await readLogs(reader, order(view));
  expect(looks.map(({ path, permission, project }) => [path, permission, project])).toEqual([
    ['/v2/entries:list', 'logging.views.access', 'a'],
    ['/v2/entries:list', 'logging.views.access', 'a'],
    ['/v2/entries:list', 'logging.views.access', 'a'],
    ['/v2/projects/a/locations/eu/buckets/kept', 'logging.buckets.get', 'a'],
  ]);
});

describe('what could not be read is said', () => {
  test.each<[string, readonly (Seen | Fault)[], string]>([
    ['denied', ['denied'], 'it takes logging.logEntries.list, which is not granted'],
    ['missing, at its second question', [{ json: {} }, 'missing'], 'it is not there'],
    ['a fault', [new Fault('unavailable', 'no answer')], 'no answer'],
  ])('%s', async (_, answers, why) => {
    expect((await readLogs(readerOf(...answers).reader, order('projects/a'))).sources).toEqual([
      { log: 'projects/a', is: 'unread', why },
    ]);
  });

  test('how far back it goes', async () => {
    const asked = async (last: Seen) =>
      (await readLogs(readerOf({ json: {} }, { json: {} }, { json: {} }, last).reader, order('projects/a'))).sources;
    expect(await asked('denied')).toMatchObject([
      { is: 'unbounded', why: expect.stringContaining('logging.buckets.get') },
    ]);
    expect(await asked({ json: {} })).toMatchObject([{ why: expect.stringContaining('does not say') }]);
  });

  test('a log without an end', async () => {
    const reader: GoogleReader = { read: () => Promise.resolve({ json: { nextPageToken: 'more' } }) };
    expect((await readLogs(reader, order('projects/a'))).sources).toMatchObject([
      { is: 'unread', why: expect.stringMatching(/more than 1000000 lines/) },
    ]);
  });
});
