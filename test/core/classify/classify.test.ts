import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../../src/core/classify/answer.ts';
import { CAUSES } from '../../../src/core/causes/causes.ts';
import { STORE_CAUSES } from '../../../src/core/causes/store.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { LONGEST_TEXT } from '../../../src/core/classify/status-in-text.ts';
import { isReason, REASONS } from '../../../src/core/classify/error-reasons.ts';
import { classify, isGoogles } from '../../../src/core/classify/classify.ts';
import { envelope, STANDARD_KEY } from '../../support/fixtures/gemini-answer-parts.ts';
import { ANSWERS } from '../../support/fixtures/gemini-answers.ts';

const header: Pick<Answer, 'sentAs' | 'keyKind'> = { sentAs: 'header', keyKind: 'unknown' };

describe('every known answer is read for what it is', () => {
  test.each(ANSWERS.map((fixture) => [`${fixture.cause}: ${fixture.title}`, fixture] as const))('%s', (_, fixture) => {
    const diagnosis = classify(fixture.answer);
    const { verdict, definitive } = CAUSES[fixture.cause];
    expect(diagnosis).toMatchObject({ cause: fixture.cause, verdict });
    if (!definitive) expect(diagnosis.definitive).toBe(false);
    expect(diagnosis.message).toMatch(/^.{1,300}$/);
  });
});

test('an answer can name every cause except those of the store and of a whole run', () => {
  // What is stored may be unclean enough for a library to refuse to send it, and Secret Manager’s refusals are pasted too.
  const pasted = [
    'stored_bytes_unclean',
    'access_denied',
    'no_credentials',
    'store_disabled',
    'store_unavailable',
    'version_disabled',
    'version_destroyed',
    'version_missing',
    'secret_missing',
  ];
  const ofTheStore = Object.keys(STORE_CAUSES).filter((cause) => !pasted.includes(cause));
  const reached = new Set<string>(ANSWERS.map(({ answer }) => classify(answer).cause));
  const unreached = Object.keys(CAUSES).filter((cause) => !reached.has(cause));
  expect(unreached.toSorted()).toEqual([...ofTheStore, 'answers_disagree'].toSorted());
});

test.each(Object.entries(REASONS))('the reason %s alone means %s', (reason, cause) => {
  const body = envelope({ code: 403, status: 'PERMISSION_DENIED', message: 'x', reason });
  expect(classify({ ...header, status: 403, body })).toMatchObject({ cause, reason });
});

test('a reason is told as Google wrote it, a known one before others', () => {
  const details = [{ reason: 'NEW_IN_2027' }, { reason: 'api_key_invalid' }];
  const body = envelope({ code: 400, status: 'INVALID_ARGUMENT', message: 'x', details });
  expect(classify({ ...header, status: 400, body }).reason).toBe('api_key_invalid');
  expect(isReason('constructor')).toBe(false);
});

test('no reason, no member', () => {
  expect(Object.keys(classify({ ...header, status: 500, body: '' }))).toEqual([
    'verdict',
    'cause',
    'definitive',
    'message',
  ]);
});

test.each(['timeout', 'network'] as const)('no answer because of %s is unclear and keeps its detail', (noAnswer) => {
  expect(classify({ noAnswer, detail: `no luck with ${STANDARD_KEY}` })).toEqual({
    verdict: 'unclear',
    cause: noAnswer,
    definitive: false,
    message: 'no luck with [redacted key]',
  });
});

test.each([
  ['the first message', '{"error":{"message":"Two\\n  lines"}}', 'Two lines'],
  ['words', ' Not\r\nAllowed ', 'Not Allowed'],
  ['a status word', '{"error":{"status":"INTERNAL"}}', 'INTERNAL'],
  ['a page’s title', '<html><title>Sorry</title><p>no', 'a web page: Sorry'],
  ['a page without a title', '<html><p>no', 'a web page: without a title'],
  ['the status', '', 'an error inside Google (HTTP 500)'],
])('the message is %s', (_, body, message) => {
  expect(classify({ ...header, status: 500, body }).message).toBe(message);
});

test('the message of nothing says so', () => {
  expect(classify({ ...header, body: '' }).message).toBe('an answer we do not know (no status)');
  expect(classify({ ...header, body: '\u0001' }).message).toBe('an answer we do not know (no status)');
});

test('a message moves no cursor and rings no bell', () => {
  expect(classify({ ...header, status: 500, body: '\u001b[2Jno\u0007\u009bway\0' }).message).toBe('[2Jno way');
});

test('a key broken over two lines is in no message', () => {
  const key = new KeyText('k3y-of-no-known-shape-0123456789');
  const body = `bad key ${key.reveal().slice(0, 9)}\n  ${key.reveal().slice(9)} sent`;
  expect(classify({ ...header, status: 400, body }, key).message).toBe('bad key [redacted key] sent');
});

test('a key whose space a line break replaced is in no message (I9)', () => {
  const key = new KeyText('odd key 0123456789');
  const body = 'bad odd\n  key\t0123456789 sent';
  expect(classify({ ...header, status: 400, body }, key).message).toBe('bad [redacted key] sent');
});

test('a message of 300 characters is whole, and one of 301 is not', () => {
  const messageOf = (length: number) => classify({ ...header, status: 400, body: 'x'.repeat(length) }).message;
  expect([messageOf(300), messageOf(301)]).toEqual(['x'.repeat(300), `${'x'.repeat(299)}…`]);
});

test('a long message is cut, after it was redacted, and stays well formed', () => {
  const { message } = classify({ ...header, status: 400, body: `${'x'.repeat(280)}${STANDARD_KEY}${'😀'.repeat(99)}` });
  expect(message).toBe(`${'x'.repeat(280)}[redacted key]${'😀'.repeat(2)}\ufffd…`);
});

test('a key on the edge of what is read does not show its first half', () => {
  const key = new KeyText('k3y-of-no-known-shape-0123456789');
  const body = ' '.repeat(LONGEST_TEXT - 9) + key.reveal();
  expect(classify({ ...header, status: 400, body }, key).message).not.toContain('k3y');
});

test('a key in the place of a reason is redacted', () => {
  const key = new KeyText('SECRET_KEY_0123456789');
  const body = envelope({ code: 403, status: 'PERMISSION_DENIED', message: 'x', reason: key.reveal() });
  expect(classify({ ...header, status: 403, body }, key).reason).toBe('[redacted key]');
});

test('a complaint about fields condemns no key, even when its message quotes what would', () => {
  const message = 'Too long: Your API key was reported as leaked';
  const parts = { code: 400, status: 'INVALID_ARGUMENT', message, details: [{ field_violations: [] }] };
  expect(classify({ ...header, status: 400, body: envelope(parts) }).cause).toBe('bad_request');
});

test.each([
  [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
  [401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
])(
  'a reason nobody knows makes a %i unclear, beside words that otherwise come with a known one',
  (code, status, message) => {
    const body = envelope({ code, status, message, reason: 'NEW_IN_2027' });
    expect(classify({ sentAs: 'header', keyKind: 'auth', status: code, body }).cause).toBe('unknown');
  },
);

test.each([
  [true, 'API key not valid. Please pass a valid API key.'],
  [true, 'something [reason: "API_KEY_INVALID"]'],
  [true, '{"error":{"code":403,"message":"No.","status":"PERMISSION_DENIED"}}'],
  [true, 'The model is overloaded. Please try again later.'],
  [false, 'Invalid API key'],
  [false, '{"error":{"message":"bad","type":"invalid_request_error","code":"invalid_api_key"}}'],
  [false, '<html>API key not valid. Please pass a valid API key.</html>'],
])('%p: Google said so, in %s', (isSo, body) => {
  expect(isGoogles({ ...header, body })).toBe(isSo);
});
