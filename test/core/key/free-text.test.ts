import { expect, test } from '@jest/globals';
import { freeText } from '../../../src/core/key/free-text.ts';
import { AUTH_KEY, STANDARD_KEY } from '../../support/fixtures/gemini-answer-parts.ts';

const K = '[redacted key]';

test.each([
  ['a reason that quotes the key', `leaked ${STANDARD_KEY} on a forum`, `leaked ${K} on a forum`],
  ['a key that would be cut in two', `${'a '.repeat(95)}${AUTH_KEY}`, `${'a '.repeat(95)}${K.slice(0, 9)}…`],
  ['a key over two lines', `${AUTH_KEY.slice(0, 30)}\n  ${AUTH_KEY.slice(30)} is it`, `${K} is it`],
  ['a key with a control character inside', `${STANDARD_KEY.slice(0, 12)}\u0000${STANDARD_KEY.slice(12)}`, undefined],
  ['what would move the cursor', ' moved\u001b[2J to\r\nanother  project ', 'moved [2J to another project'],
])('%s', (_, text, clean) => {
  const told = freeText(text, 200);
  if (clean !== undefined) expect(told).toBe(clean);
  expect(told).not.toContain(STANDARD_KEY.slice(4, 12));
  expect(told.length).toBeLessThanOrEqual(200);
});
