import { expect, test } from '@jest/globals';
import { beforeForgetting } from '../../../src/core/alerts/before-forgetting.ts';
import { changeOf, recordOf, type RecordChange } from '../../../src/core/record/secret-record.ts';
import { FROM_KEY, inFlight, NOW, resting } from '../../support/journals.ts';

const SECRET = 'projects/search-prod/secrets/app-key';

function record(change: RecordChange) {
  const written = Object.entries(changeOf(recordOf({}), change));
  return recordOf(Object.fromEntries(written.flatMap(([name, text]) => (text === null ? [] : [[name, text]]))));
}

const OLD = { version: 1, at: NOW, rotation: 'kw-0' };

test('nothing stands in the way of letting a secret go that is at rest and left no old key', () => {
  const none = { unfinished: [], keys: [] };
  expect(beforeForgetting(SECRET, recordOf({}))).toEqual(none);
  expect(beforeForgetting(SECRET, record({ rotation: resting({ failures: 1 }) }))).toEqual(none);
  expect(beforeForgetting(SECRET, record({ retired: [{ ...OLD, key: FROM_KEY, deletedAt: NOW }] }))).toEqual(none);
});

test('a rotation in flight is to end first', () => {
  expect(beforeForgetting(SECRET, record({ rotation: inFlight({ phase: 'promoted' }) })).unfinished).toEqual([
    `rotation kw-1-abc is promoted: let it end, or end it with abort or rollback; see key-warden status --secret ${SECRET}`,
  ]);
});

test('what cannot be read is told with both ways out', () => {
  expect(beforeForgetting(SECRET, recordOf({ 'key-warden.rotation': '{"v":99}' })).unfinished).toEqual([
    expect.stringContaining('gcloud secrets update app-key --remove-annotations=key-warden.rotation'),
  ]);
});

test('of a list that cannot be read no key is named, and it is not forgotten', () => {
  const unread = recordOf({ 'key-warden.retired': 'x', 'key-warden.leaks': 'x' });
  expect(beforeForgetting(SECRET, unread)).toEqual({
    unfinished: [expect.stringContaining('key-warden.retired,key-warden.leaks')],
    keys: [],
  });
});

test('old keys that would live on are named, with the command that deletes those whose name is known', () => {
  const retired = [
    { ...OLD, key: FROM_KEY },
    { ...OLD, version: 2, keyUnknown: 'it is none of the keys of project search-prod' },
    { ...OLD, version: 3 },
  ];
  const leaks = [{ version: 4, at: NOW, told: 0 }];
  expect(beforeForgetting(SECRET, record({ retired, leaks })).keys).toEqual([
    `the old key of version 1 is not deleted: ${FROM_KEY.name}; key-warden purge --secret ${SECRET} deletes it when its time has come`,
    'the old key of version 2 may be alive where it was made: it is none of the keys of project search-prod',
    'the old key of version 3 may be alive where it was made: where that is, nobody knows',
    'the leaked key of version 4 is not proven dead',
  ]);
});
