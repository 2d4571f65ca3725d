import { expect, test } from '@jest/globals';
import { approvalIn, noticeIn, stepIn } from '../../../src/app/audit/log-lines.ts';
import { ahead, ago, JANE, NOW } from '../../support/journals.ts';
import { entryAt } from '../../support/log-entries.ts';

const SECRET = 'projects/1/secrets/a';

test('an announcement is read as it was logged', () => {
  const notice = {
    type: 'rotation.completed',
    secret: SECRET,
    rotation: 'kw-1',
    from: 1,
    to: 2,
    reason: 'age',
    by: JANE,
    why: 'old',
    openedAt: ago(1),
    at: NOW,
    until: ahead(1),
    deadSince: NOW,
    owner: 'jane',
    about: 'every outage',
    version: 3,
    key: 'k',
  };
  expect(noticeIn(entryAt(NOW, { notice }))).toEqual({ ...notice, loggedAt: NOW });
});

test('what is not understood of one is absent', () => {
  const notice = {
    type: 'leak.open',
    secret: SECRET,
    from: '1',
    to: 1.5,
    version: 0,
    why: '',
    at: 9e15,
    openedAt: 'x',
  };
  const read = noticeIn(entryAt(NOW, { notice: { ...notice, by: { who: 'jane', is: 'sure' } } }));
  expect(read).toEqual({ type: 'leak.open', secret: SECRET, loggedAt: NOW });
  expect(noticeIn(entryAt(NOW, { notice: { ...notice, by: { is: 'claimed' } } }))).not.toHaveProperty('by.who');
});

test('a step of the purge is read too', () => {
  const oldKey = { did: 'deleted', secret: SECRET, version: 1, key: 'k' };
  expect(stepIn(entryAt(NOW, { oldKey }))).toEqual({ ...oldKey, loggedAt: NOW });
});

test('an approval is read by whoever gave it, where that is verified', () => {
  const approval = { secret: SECRET, rotation: 'kw-1', by: { who: 'bob@ops.example', is: 'verified' } };
  expect(approvalIn(entryAt(NOW, { approval }))).toEqual(approval);
  for (const wrong of [{ by: JANE }, { by: undefined }, { secret: 1 }, { rotation: '' }])
    expect(approvalIn(entryAt(NOW, { approval: { ...approval, ...wrong } }))).toBeUndefined();
});

test.each([
  'text',
  { jsonPayload: { notice: { type: 'leak.open', secret: SECRET } } },
  { timestamp: 'yesterday', jsonPayload: { notice: { type: 'leak.open', secret: SECRET } } },
  entryAt(NOW, {}),
  entryAt(NOW, { notice: 'text', oldKey: 'text' }),
  entryAt(NOW, { notice: { type: 'key.aging', secret: SECRET }, oldKey: { did: 'kept', secret: SECRET, version: 1 } }),
  entryAt(NOW, { notice: { type: 'leak.open' }, oldKey: { did: 'deleted', version: 1 } }),
  entryAt(NOW, { oldKey: { did: 'deleted', secret: SECRET } }),
  { timestamp: '2026-11-24T12:00:00Z', jsonPayload: 'text' },
])('anything else is none of these: %j', (entry) => {
  expect([noticeIn(entry), stepIn(entry), approvalIn(entry)]).toEqual([undefined, undefined, undefined]);
});
