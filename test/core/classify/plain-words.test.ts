import { describe, expect, test } from '@jest/globals';
import { isCodeName, isMessageName, isNotEvidence } from '../../../src/core/classify/member-names.ts';
import { isPage, plainWords, withoutEcho } from '../../../src/core/classify/plain-words.ts';
import { quotaEvidenceIn } from '../../../src/core/classify/quota.ts';
import { httpOfNumber, httpOfWord } from '../../../src/core/classify/http-status.ts';

test.each([
  ['A \\u003cB\\u003e \\u003cC\\u003e', 'a <b> <c>'],
  ["it\\u0027s, isn\\'t, it\\u0027s", "it's, isn't, it's"],
  ['a\\nb\\rc\\td', 'a b c d'],
  ['&lt;a&gt; &lt;b&gt;', '<a> <b>'],
  ['“a” „b“ &quot;c&quot;', '"a" "b" "c"'],
  ['‘a’ ʼb &#39;c&#39;', "'a' 'b 'c'"],
  ['a\u200bb\u200cc\u200dd\u2060e\ufefff', 'abcdef'],
  ['a%20b  c\n d%20e', 'a b c d e'],
  [' A ', 'a'],
])('%j in plain words is %j, so that every terminal’s copy of a sentence is read alike', (text, plain) => {
  expect(plainWords(text)).toBe(plain);
});

describe('what is only supposed, or named by the caller, condemns no key', () => {
  test.each([
    'if your',
    'if the',
    'if an',
    'if a',
    'if this',
    'if that',
    'whether it',
    'may',
    'maybe',
    'might',
    'perhaps',
    'possible',
    'possibly',
    'probably',
    'make sure',
    'ensure',
  ])('%s …', (supposing) => {
    const text = `no. ${supposing} api key expired. no; ${supposing} api key expired! no`;
    expect(withoutEcho(text)).toEqual({ words: 'no.  . no;  ! no', echoes: false });
  });

  test.each(['model', 'file', 'tool', 'function', 'field', 'parameter'])(
    'the name of a %s, however quoted',
    (thing) => {
      for (const quote of ["'", '"', '`']) {
        const name = `${thing} ${quote}api key expired`;
        expect(withoutEcho(`${name}${quote} and ${name}${quote}.`).words).toBe(`${thing} … and ${thing} ….`);
        expect(withoutEcho(`bad ${name}`).words).toBe(`bad ${thing} …`);
      }
    },
  );

  test.each([
    'invalid json payload received.',
    "invalid value at 'contents'",
    'unknown name "x"',
    'unknown name \\"x\\"',
    'cannot bind query parameter.',
    '* generatecontentrequest.contents',
  ])('what the caller wrote, after “%s”', (complaint) => {
    expect(withoutEcho(`${complaint} api key expired`)).toEqual({ words: '', echoes: true });
    expect(withoutEcho(`bad: ${complaint} api key expired`)).toEqual({ words: 'bad: ', echoes: true });
  });
});

describe('a page', () => {
  test.each([
    '<!doctype html>',
    '<!DOCTYPE',
    ' <?xml version',
    '<HTML>',
    '<head>',
    '<Body class',
    '<title>',
    '<meta charset',
    '<center>',
    '<h1>',
    '<H6 id',
    'Sorry <!DOCTYPE HTML>',
    'Sorry <HTML lang',
  ])('is known by %s', (text) => {
    expect(isPage(text)).toBe(true);
  });

  test.each(['sorry <head>', '<p>', '<headline>', '<metadata>', 'html', 'x <htmlx'])('is none for %s', (text) => {
    expect(isPage(text)).toBe(false);
  });
});

describe('a limit', () => {
  const inWords = (words: string) => quotaEvidenceIn({ limits: [], quotas: [] }, words);

  test.each(['100 requests per day', 'perday', 'the daily limit', 'limit 1/d'])('of a day is spent: %s', (words) => {
    expect(inWords(words)).toEqual({ zero: false, spent: true });
    expect(quotaEvidenceIn({ limits: [], quotas: [words] }, '')).toEqual({ zero: false, spent: true });
  });

  test.each([
    'you exceeded your quota',
    'exceeded its current quota',
    'exceeded the quota',
    'quota exceeded',
    'quota_exceeded',
    'quota has been used up',
    'quota is used up',
    'quota used up',
    'quota has been exhausted',
    'quota is exhausted',
  ])('is spent where nothing says that it is a minute’s: %s', (words) => {
    expect(inWords(words)).toEqual({ zero: false, spent: true });
    expect(inWords(`${words} per minute`)).toEqual({ zero: false, spent: false });
    expect(quotaEvidenceIn({ limits: [], quotas: ['TokensPerMinute'] }, words)).toEqual({ zero: false, spent: false });
  });

  test.each([
    'limit: 0',
    'limit=0, model',
    'quota_limit_value": "0"',
    'quotalimitvalue: 0',
    "it doesn't have a free quota tier",
    'there is no free tier',
    'there is no free quota tier',
  ])('of zero never recovers: %s', (words) => {
    expect(inWords(words)).toEqual({ zero: true, spent: false });
  });

  test.each(['limit: 0.5', 'limit: 05', 'limit: 20', 'quota_limit_value: 0.5', 'quota_limit_value: 10'])(
    'of more than zero does: %s',
    (words) => {
      expect(inWords(words)).toEqual({ zero: false, spent: false });
    },
  );
});

describe('the members of an error', () => {
  test.each([
    'message',
    'errorMessage',
    'error_msg',
    'rawError',
    'error_description',
    'errorDescription',
    'detail',
    'details',
    'responseBody',
    'textPayload',
    'rootCause',
    'exception',
    'log',
    'value',
    'stack',
    'stderr',
    'STDERR',
  ])('%s holds words', (name) => {
    expect([isMessageName(name), isNotEvidence(name)]).toEqual([true, false]);
  });

  test.each([
    'messageId',
    'msgs',
    'errorCount',
    'bodyLength',
    'catalog',
    'logs',
    'defaultvalue',
    'values',
    'stackOf',
    'stderrs',
  ])('%s holds none', (name) => {
    expect(isMessageName(name)).toBe(false);
  });

  test.each([
    'candidates',
    'content',
    'contents',
    'parts',
    'text',
    'prompt',
    'input',
    'output',
    'outputs',
    'choices',
    'messages',
    'systemInstruction',
    'links',
    'models',
    'config',
    'requestBody',
    'originalRequestMessage',
  ])('%s holds what somebody wrote, which is no evidence', (name) => {
    expect([isMessageName(name), isNotEvidence(name)]).toEqual([false, true]);
  });

  test('an error of a request is evidence', () => {
    expect([isMessageName('requestError'), isMessageName('request_error')]).toEqual([true, true]);
  });

  test.each([
    'code',
    'status',
    'httpCode',
    'httpsStatus',
    'http_status',
    'grpc_status',
    'responseCode',
    'statusCode',
    'errorStatus',
    'error_code',
    'httpResponseCode',
    'STATUS',
  ])('%s holds a status', (name) => {
    expect(isCodeName(name)).toBe(true);
  });

  test.each(['zipcode', 'codes', 'statusText', 'exitCode'])('%s holds none', (name) => {
    expect(isCodeName(name)).toBe(false);
  });
});

/** google/rpc/code.proto. */
test.each([
  ['CANCELLED', 1, 499],
  ['UNKNOWN', 2, 500],
  ['INVALID_ARGUMENT', 3, 400],
  ['DEADLINE_EXCEEDED', 4, 504],
  ['NOT_FOUND', 5, 404],
  ['ALREADY_EXISTS', 6, 409],
  ['PERMISSION_DENIED', 7, 403],
  ['RESOURCE_EXHAUSTED', 8, 429],
  ['FAILED_PRECONDITION', 9, 400],
  ['ABORTED', 10, 409],
  ['OUT_OF_RANGE', 11, 400],
  ['UNIMPLEMENTED', 12, 501],
  ['INTERNAL', 13, 500],
  ['UNAVAILABLE', 14, 503],
  ['DATA_LOSS', 15, 500],
  ['UNAUTHENTICATED', 16, 401],
])('%s, which gRPC numbers %i, is HTTP’s %i', (word, number, http) => {
  expect([httpOfWord(word), httpOfNumber(number)]).toEqual([http, http]);
});

test.each([
  ['invalid_request', 400],
  ['authentication', 401],
  ['payment_required', 402],
  ['model_not_found', 404],
  ['rate_limit_exceeded', 429],
  ['quota_exceeded', 429],
  ['InvalidArgument', 400],
  ['no such word', undefined],
])('the word %s is HTTP’s %p', (word, http) => {
  expect(httpOfWord(word)).toBe(http);
});

test('a number is a status from 100 to 599, and gRPC’s or nothing otherwise', () => {
  expect([99, 100, 599, 600, 17].map(httpOfNumber)).toEqual([undefined, 100, 599, undefined, undefined]);
});
