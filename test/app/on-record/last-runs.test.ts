import { expect, test } from '@jest/globals';
import { lastRunsOf } from '../../../src/app/on-record/last-runs.ts';
import { Fault } from '../../../src/app/ports/fault.ts';
import type { Seen } from '../../../src/app/ports/google-reader.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { readerOf } from '../../support/answering-reader.ts';
import { ahead, NOW } from '../../support/journals.ts';

const beat = (hours: number, heartbeat: unknown) => ({ timestamp: isoOf(ahead(hours)), jsonPayload: { heartbeat } });
const whole = (hours: number, ...listed: readonly unknown[]) => beat(hours, { expected: 2, seen: 2, listed });

test('a scope was looked at last by the newest run that saw every secret of it', async () => {
  const entries = [
    beat(-1, { expected: 3, seen: 2, listed: ['a/global'] }),
    whole(-2, 'a/global', 7),
    whole(-3, 'a/global', 'b/global'),
    beat(-4, { expected: 1, seen: 1 }),
    'not an entry',
    { timestamp: 3, jsonPayload: { heartbeat: { expected: 1, seen: 1, listed: ['c/global'] } } },
    { timestamp: isoOf(NOW), jsonPayload: 'text' },
  ];
  const { reader, looks } = readerOf({ json: { entries } });
  const { byScope, unknown } = await lastRunsOf(reader, ['a'], NOW);
  expect(new Map(byScope)).toEqual(
    new Map([
      ['a/global', ahead(-2)],
      ['b/global', ahead(-3)],
    ]),
  );
  expect(unknown.size).toBe(0);
  expect(looks).toMatchObject([
    {
      path: '/v2/entries:list',
      body: {
        resourceNames: ['projects/a'],
        filter: `jsonPayload.heartbeat.expected>=0 AND timestamp>="${isoOf(ahead(-7 * 24))}"`,
        orderBy: 'timestamp desc',
      },
    },
  ]);
});

test('an empty page with another behind it is not the end, and five pages are', async () => {
  const empty: Seen = { json: { nextPageToken: 'more' } };
  const { reader, looks } = readerOf(empty, { json: { entries: [whole(-1, 'a/global')], nextPageToken: 'more' } });
  expect((await lastRunsOf(reader, ['a'], NOW)).byScope.get('a/global')).toBe(ahead(-1));
  expect(looks).toHaveLength(2);
  expect(looks[1]?.body).toMatchObject({ pageToken: 'more' });
  const endless = readerOf(...Array.from({ length: 9 }, () => empty));
  await lastRunsOf(endless.reader, ['a'], NOW);
  expect(endless.looks).toHaveLength(5);
});

test('a log that cannot be read is said to be not known, and the others are read', async () => {
  const trouble = new Fault('unavailable', 'Google says "later"');
  const { reader } = readerOf('denied', 'missing', trouble, { json: { entries: [whole(-1, 'd/global')] } });
  const { byScope, unknown } = await lastRunsOf(reader, ['a', 'b', 'c', 'd'], NOW);
  expect([...byScope.keys()]).toEqual(['d/global']);
  expect([...unknown]).toEqual([
    ['a', 'it takes logging.logEntries.list, which roles/logging.viewer holds'],
    ['b', 'it has no log'],
    ['c', 'Google says "later"'],
  ]);
});
