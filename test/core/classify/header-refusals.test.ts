import { expect, test } from '@jest/globals';
import { classify } from '../../../src/core/classify/classify.ts';
import { HEADER_REFUSALS, headerRefusalIn } from '../../../src/core/classify/header-refusals.ts';
import { plainWords } from '../../../src/core/classify/plain-words.ts';
import { adviceOn } from '../../../src/core/classify/advice/advice.ts';

/** What each stack prints, the position of the character from 0, and the character. */
const SAID: readonly (readonly [stack: string, text: string, at?: number, code?: number])[] = [
  [
    'JavaScript (fetch, undici)',
    'TypeError: Cannot convert argument to a ByteString because the character at index 7 has a value of 8217 which is greater than 255.',
    7,
    8217,
  ],
  ['JavaScript (fetch, undici)', 'TypeError: Cannot convert argument to a ByteString'],
  [
    'Chrome',
    "TypeError: Failed to execute 'fetch' on 'Window': Failed to read the 'headers' property from 'RequestInit': String contains non ISO-8859-1 code point.",
  ],
  ['undici', 'InvalidArgumentError: invalid x-goog-api-key header'],
  ['Node', 'TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["x-goog-api-key"]'],
  ['Bun', "TypeError: Header 'x-goog-api-key' has invalid value: '…'"],
  ['Deno', 'TypeError: Headers.append: value is no good'],
  [
    'Python',
    "UnicodeEncodeError: 'ascii' codec can't encode character '\\u2019' in position 12: ordinal not in range(128)",
    12,
    0x2019,
  ],
  [
    'Python',
    "UnicodeEncodeError: 'latin-1' codec can't encode characters in position 0-3: ordinal not in range(256)",
    0,
  ],
  [
    'Python',
    "UnicodeEncodeError: 'ascii' codec can't encode character '\\xa0' in position 39: ordinal not in range(128)",
    39,
    0xa0,
  ],
  [
    'Python (requests)',
    'InvalidHeader: Invalid leading whitespace, reserved character(s), or return character(s) in header value: …',
  ],
  ['Python (httpx)', "LocalProtocolError: Illegal header value b'…'"],
  [
    'Python (aiohttp)',
    'ValueError: Newline or carriage return detected in headers. Potential header injection attack.',
  ],
  ['Python (http.client)', "ValueError: Invalid header value b'…\\n'"],
  ['Python (grpc)', "ValueError: metadata was invalid: [('x-goog-api-key', …)]"],
  ['Ruby', 'ArgumentError: header field value cannot include CR/LF'],
  ['PHP (Guzzle)', 'InvalidArgumentException: "…" is not valid header value.'],
  ['Java (OkHttp)', 'IllegalArgumentException: Unexpected char 0x0a at 39 in x-goog-api-key value', 39, 10],
  ['Java', 'java.lang.IllegalArgumentException: Illegal character(s) in message header value: …'],
  ['Dart', 'FormatException: Invalid HTTP header field value: …'],
  [
    'Go (grpc)',
    'rpc error: code = Internal desc = header key "x-goog-api-key" contains value with non-printable ASCII characters',
  ],
  ['Go', 'net/http: invalid header field value for "X-Goog-Api-Key"'],
  ['Rust', 'failed to parse header value'],
  ['.NET', 'FormatException: New-line characters are not allowed in header values.'],
  ['Node (grpc)', 'Error: Metadata string value "…" contains illegal characters'],
  ['a library', 'invalid header value'],
];

test.each(SAID.map((row) => [row[0], row[1], row] as const))(
  '%s: a key that no header can carry is known by “%s”',
  (stack, text, [, , at, code]) => {
    const found = headerRefusalIn(plainWords(text));
    expect(found).toEqual({ stack, ...(at === undefined ? {} : { at }), ...(code === undefined ? {} : { code }) });
    for (const sentAs of ['unknown', 'header', 'bearer'] as const) {
      const answer = { sentAs, keyKind: 'unknown', body: text } as const;
      const diagnosis = classify(answer);
      expect(diagnosis).toMatchObject({ cause: 'stored_bytes_unclean', definitive: false });
      expect(adviceOn(answer, diagnosis)[0]).toMatch(/^Nothing was sent: .* A key holds ASCII letters/);
    }
  },
);

test('every row is met', () => {
  expect(new Set(HEADER_REFUSALS.map(({ stack }) => stack))).toEqual(new Set(SAID.map(([stack]) => stack)));
});

test('a server’s refusal is none of a header', () => {
  expect(classify({ sentAs: 'header', keyKind: 'unknown', status: 400, body: 'invalid header value' }).cause).toBe(
    'bad_request',
  );
});

test('whether the rest can be the key is told by where the character stands', () => {
  const told = (at: number) => {
    const body = `'ascii' codec can't encode character '\\u2019' in position ${at}: ordinal not in range(128)`;
    return adviceOn({ sentAs: 'unknown', keyKind: 'unknown', body }, { cause: 'stored_bytes_unclean' }).join();
  };
  expect(told(0)).toContain('may not be the key at all');
  expect(told(39)).toMatch(/U\+2019 at position 40 \(counted with “Bearer ” where that stands before it\)\. A key/);
  expect(told(90)).toContain('no key is that long');
});
