import { expect, test } from '@jest/globals';
import { earlierFindings } from '../../../src/app/inventory/news.ts';

const schema = 'key-warden/inventory/v1';

test.each(['', '[]', '{"keys":[]}', `{"schema":"${schema}"}`, '{"schema":"key-warden/find/v1","keys":[]}'])(
  'what is no inventory has no findings that could be taken for old ones: %s',
  (text) => {
    expect(earlierFindings(text)).toBeUndefined();
  },
);

test('findings of an earlier inventory are told by key and kind, and what is none is passed over', () => {
  const keys = [{ uid: 'u1', findings: [{ kind: 'legacy' }, 7] }, { uid: 'u2', findings: 'x' }, null];
  expect(earlierFindings(JSON.stringify({ schema, keys }))).toEqual(new Set(['u1 legacy']));
});
