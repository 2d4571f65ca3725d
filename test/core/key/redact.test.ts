import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { keysIn } from '../../../src/core/key/find-keys.ts';
import { redact } from '../../../src/core/key/redact.ts';
import { mayHold, undisguised } from '../../../src/core/key/undisguised.ts';
import { AUTH_KEY, STANDARD_KEY } from '../../support/fixtures/gemini-answer-parts.ts';

const K = '[redacted key]';
const TOKEN = 'ya' + '29.' + 'a0-B_c.d';

describe('what looks like a credential goes, wherever and however often it stands', () => {
  test.each([
    ['a standard key that ends in a dash', `'${STANDARD_KEY}'`, `'${K}'`],
    ['an authorization key with its dot', `key ${AUTH_KEY}, please`, `key ${K}, please`],
    ['the stump of a cut key', `Bearer of ${STANDARD_KEY.slice(0, 9)}`, `Bearer of ${K}`],
    ['an access token', `token ${TOKEN}`, `token ${K}`],
    ['a webhook secret', `${'whsec' + '_'}MfKQ9r8GKYqrTwjU+D/8=x`, K],
    [
      'the key parameter of a URL',
      'GET /v1beta/models?key=s3cret&pageSize=1',
      `GET /v1beta/models?key=${K}&pageSize=1`,
    ],
    ['a later key parameter', '/models?pageSize=1&key=s3cret"', `/models?pageSize=1&key=${K}"`],
    ['a key parameter in escaped JSON', 'x\\u0026key=s3cret\\"', `x\\u0026key=${K}\\"`],
    ['a key parameter in HTML', 'x&amp;key=s3cret<', `x&amp;key=${K}<`],
    ['the consumer of a suspension', "Consumer 'api_key:s3cret' has", `Consumer 'api_key:${K}' has`],
    ['an assignment', 'GEMINI_API_KEY=s3cret GOOGLE_CLOUD_PROJECT=p', `GEMINI_API_KEY=${K} GOOGLE_CLOUD_PROJECT=p`],
    ['a quoted assignment', "GEMINI_API_KEY='s3cret'", `GEMINI_API_KEY='${K}'`],
    ['a member named so', '{"apiKey":"s3cret"}', `{"apiKey":"${K}"}`],
    ['an assignment of api-key', 'api-key=s3cret', `api-key=${K}`],
    ['a header', '> X-Goog-Api-Key: s3cret\r\n', `> X-Goog-Api-Key: ${K}\r\n`],
    ['a header in JSON', '{"x-goog-api-key":"s3cret","a":1}', `{"x-goog-api-key":"${K}","a":1}`],
    ['a header in Python', "{'x-goog-api-key': 's3cret'}", `{'x-goog-api-key': '${K}'}`],
    ['a header in escaped JSON', '{\\"x-goog-api-key\\":\\"s3cret\\"}', `{\\"x-goog-api-key\\":\\"${K}\\"}`],
    ['no format that a command of ours is printed with', "printf 'x-goog-api-key: %s'", "printf 'x-goog-api-key: %s'"],
    ['a header as a pair', '["x-goog-api-key", "s3cret"]', `["x-goog-api-key", "${K}"]`],
    ['a bearer token', 'authorization: Bearer s3cret', `authorization: Bearer ${K}`],
    ['a bearer token in JSON', '{"Authorization":"Bearer s3cret"}', `{"Authorization":"Bearer ${K}"}`],
    ['a spaced member named so', "{'api_key': 's3cret'}", `{'api_key': '${K}'}`],
    ['what Google calls invalid', 'Invalid API key: s3cret', `Invalid API key: ${K}`],
    ['what a header cannot carry', "Illegal header value b's3cret\\n'", `Illegal header value b'${K}\\n'`],
    [
      'the same in Python',
      "reserved character(s) in header value: 's3cret\\n'",
      `reserved character(s) in header value: '${K}\\n'`,
    ],
    ['the same in gRPC', 'Metadata string value "s3cret\n" contains', `Metadata string value "${K}\n" contains`],
    ['the same in Node', 'Headers.append: "s3cret\n" is an', `Headers.append: "${K}\n" is an`],
    ['but not an empty bearer token', "Illegal header value b'Bearer '", "Illegal header value b'Bearer '"],
    ['basic credentials', 'Authorization: basic czNjcmV0', `Authorization: basic ${K}`],
  ])('%s', (_, text, clean) => {
    expect(redact(`${text} | ${text}`)).toBe(`${clean} | ${clean}`);
  });
});

describe('the exact key goes in every spelling', () => {
  const key = new KeyText(' s3cret+/"pass\\word=ß\n');
  test.each([
    ['as it is', 's3cret+/"pass\\word=ß'],
    ['percent-encoded', 's3cret%2B%2F%22pass%5Cword%3D%C3%9F'],
    ['percent-encoded in lower case', 's3cret%2b%2f%22pass%5cword%3d%c3%9f'],
    ['JSON-escaped', 's3cret+/\\"pass\\\\word=ß'],
  ])('%s', (_, spelled) => {
    expect(redact(`<${spelled}> <${spelled}>`, key)).toBe(`<${K}> <${K}>`);
  });

  test('and not when it is too short to be one', () => {
    expect(redact('a test, tested', new KeyText('test'))).toBe('a test, tested');
    expect(redact('a contest', new KeyText('contest'))).toBe('a contest');
    expect(redact('a contests', new KeyText('contests'))).toBe(`a ${K}`);
  });

  test('even when it is no well-formed text', () => {
    expect(redact('broken-\ud800-key', new KeyText('broken-\ud800-key'))).toBe(K);
  });
});

const BREAKS = [
  ['a line break', '\n'],
  ['a line break and an indent', '\r\n    '],
  ['an escaped line break', '\\n'],
  ['an escaped line break, twice', '\\\\r\\\\n'],
  ['a mail’s soft line break', '=\r\n'],
  ['a space without width', '\u200b'],
  ['a soft hyphen', '\u00ad'],
] as const;
const SPELLINGS = [
  ['percent codes', (hex: string) => `%${hex.toUpperCase()}`],
  ['JSON escapes', (hex: string) => `\\u00${hex}`],
  ['JSON escapes, twice', (hex: string) => `\\\\u00${hex}`],
  ['script escapes', (hex: string) => `\\x${hex}`],
  ['markup, hexadecimal', (hex: string) => `&#x${hex};`],
  ['markup, decimal', (hex: string) => `&#${Number.parseInt(hex, 16)};`],
  ['backslashes', (hex: string) => `\\${String.fromCharCode(Number.parseInt(hex, 16))}`],
] as const;

/** A key whose middle no shape covers. */
const ODD_KEY = 'odd-key.0123456789-';

describe.each([
  ['a standard key', STANDARD_KEY, undefined],
  ['an authorization key', AUTH_KEY, undefined],
  ['the exact key', ODD_KEY, new KeyText(ODD_KEY)],
])('%s goes', (_, key, exact) => {
  test.each(BREAKS)('broken by %s, wherever', (__, broken) => {
    for (let at = 1; at < key.length; at += 1) {
      expect([at, redact(`<${key.slice(0, at)}${broken}${key.slice(at)}>`, exact)]).toEqual([at, `<${K}>`]);
    }
  });

  test.each(SPELLINGS)('with its punctuation in %s', (__, spell) => {
    const spelled = key.replace(/[-._]/g, (sign) => spell(sign.charCodeAt(0).toString(16)));
    expect(redact(`<${spelled}>`, exact)).toBe(`<${K}>`);
  });

  test.each(SPELLINGS.slice(0, -1))('wholly in %s', (__, spell) => {
    const spelled = [...key].map((sign) => spell(sign.charCodeAt(0).toString(16))).join('');
    expect(redact(`<${spelled}>`, exact)).toBe(`<${K}>`);
  });
});

test('a line after a whole key stays', () => {
  expect(redact(`${STANDARD_KEY}\nnext`)).toBe(`${K}\nnext`);
  expect(redact(`${AUTH_KEY}\nnext`)).toBe(`${K}\nnext`);
  expect(redact('see the FAQ.\nSomething else follows')).toBe('see the FAQ.\nSomething else follows');
});

test('a line of JSON stays JSON', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom(STANDARD_KEY.slice(0, 20), AUTH_KEY.slice(0, 20), '\n', '"', '\\', '\u2028', "api_key: '", '?key='),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const line = JSON.stringify({ message: pieces.join('') });
      expect(() => JSON.parse(redact(line, new KeyText(AUTH_KEY)))).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});

describe('an IP restriction does not tell the caller’s address', () => {
  test.each([
    ['version 4', 'has an IP address restriction. The originating IP address of the call (203.0.113.9) violates'],
    ['version 6', 'has an IP address restriction. The originating IP address of the call (2001:db8::1) violates'],
    [
      'version 6, mapped',
      'has an IP address restriction. The originating IP address of the call (::ffff:203.0.113.9) violates',
    ],
  ])('%s', (_, text) => {
    const clean = 'has an IP address restriction. The originating IP address of the call ([redacted address]) violates';
    expect(redact(`${text}, ${text}`)).toBe(`${clean}, ${clean}`);
  });

  test.each([
    ['IP address 203.0.113.9 is not allowed', 'IP address [redacted address] is not allowed'],
    ['the ip address 2001:DB8::1 is not allowed', 'the ip address [redacted address] is not allowed'],
    ['originating IP: 203.0.113.9', 'originating IP: [redacted address]'],
  ])('however it is put: %s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test('nor does its metadata', () => {
    expect(redact('{"callerIp":"203.0.113.9"}')).toBe('{"callerIp":"[redacted address]"}');
  });

  test('other numbers and other messages keep theirs', () => {
    expect(redact('IP address restriction, version 1.2.3, at 04:01')).toBe(
      'IP address restriction, version 1.2.3, at 04:01',
    );
    expect(redact('resolver 203.0.113.9 failed')).toBe('resolver 203.0.113.9 failed');
  });
});

test('what Google says about keys stays readable', () => {
  for (const text of [
    'Missing or invalid Authorization header.',
    'API key not valid. Please pass a valid API key.',
    'Consumer has been suspended: see FAQ. Thanks',
  ]) {
    expect(redact(text)).toBe(text);
  }
});

test('redacting twice changes nothing', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      STANDARD_KEY,
      AUTH_KEY,
      TOKEN,
      '?key=',
      'x-goog-api-key: ',
      'Authorization: Bearer ',
      'api_key:',
      'IP address restriction (',
      '203.0.113.9',
      '2001:db8::1',
      '[redacted',
      K,
      ' ',
      ']',
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const once = redact(parts.join(''), new KeyText(AUTH_KEY));
      expect(redact(once, new KeyText(AUTH_KEY))).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

test('no text is passed over that holds a key in some spelling (I9)', () => {
  const spellings: readonly ((character: string) => string)[] = [
    (plain) => plain,
    (plain) => `\\u00${plain.charCodeAt(0).toString(16)}`,
    (plain) => `%25${plain.charCodeAt(0).toString(16)}`,
    (plain) => `&#${plain.charCodeAt(0)};`,
    (plain) => `&amp;#x${plain.charCodeAt(0).toString(16)};`,
    (plain) => `\n\t  ${plain}`,
    (plain) => `=\r\n${plain}`,
    (plain) => `\u200b${plain}`,
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...spellings), { minLength: 4, maxLength: 39 }), (spelled) => {
      const text = STANDARD_KEY.replaceAll(/./g, (character, at: number) => spelled[at]?.(character) ?? character);
      expect(keysIn(undisguised(text))).not.toEqual([]);
      expect(mayHold(text, ['AI' + 'za', 'AQ' + '.'])).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
