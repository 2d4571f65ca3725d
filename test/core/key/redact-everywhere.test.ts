import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { redact } from '../../../src/core/key/redact.ts';
import { AUTH_KEY, STANDARD_KEY } from '../../support/fixtures/gemini-answer-parts.ts';

const K = '[redacted key]';

describe('a key that is cut, or stands beside another, goes as well', () => {
  test.each([
    ['a cut key, a line break, an auth key', `${STANDARD_KEY.slice(0, 20)}\n${AUTH_KEY}`, `${K}\n${K}`],
    ['the same in JSON', `${STANDARD_KEY.slice(0, 20)}\\n${AUTH_KEY}"`, `${K}\\n${K}"`],
    ['keys one below the other', [STANDARD_KEY, AUTH_KEY, STANDARD_KEY].join('\n'), [K, K, K].join('\n')],
    ['keys without anything between', STANDARD_KEY + AUTH_KEY + STANDARD_KEY, K],
    ['a key behind letters', `x${STANDARD_KEY} F${AUTH_KEY}`, `x${K} F${K}`],
    ['what is left of an auth key where a text was cut', `key ${AUTH_KEY.slice(0, 5)}…`, `key ${K}…`],
    ['the same at the end', `key ${AUTH_KEY.slice(0, 4)}`, `key ${K}`],
    ['the same in quotes', `"${AUTH_KEY.slice(0, 4)}"`, `"${K}"`],
    ['a few characters of a standard key', `${STANDARD_KEY.slice(0, 7)}…`, `${K}…`],
    ['a key over three lines', STANDARD_KEY.replace(/(.{13})/g, '$1\r\n\t'), `${K}\r\n\t`],
    ['a key continued in a shell', `${AUTH_KEY.slice(0, 20)}\\\n  ${AUTH_KEY.slice(20)}`, K],
    ['a line break in percent codes', `${STANDARD_KEY.slice(0, 20)}%0d%0A${STANDARD_KEY.slice(20)}`, K],
    ['a percent code of a percent code', STANDARD_KEY.replace('-', '%25252D'), K],
    ['markup in markup', AUTH_KEY.replace('.', '&amp;amp;#x2e;'), K],
    ['a break in markup', `${AUTH_KEY.slice(0, 9)}&#8203;${AUTH_KEY.slice(9)}`, K],
    ['escapes of escapes', STANDARD_KEY.replace('-', `${'\\'.repeat(40)}u002d`), K],
  ])('%s', (_, text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test('wherever it is cut', () => {
    for (const [key, least] of [
      [STANDARD_KEY, 7],
      [AUTH_KEY, 4],
    ] as const)
      for (let length = least; length <= key.length; length += 1)
        expect(redact(`reason: ${key.slice(0, length)}`)).toBe(`reason: ${K}`);
  });

  test.each(['', 'x', 'GEMINI_API_KEY='])('in base64 behind %j', (before) => {
    for (const key of [STANDARD_KEY, AUTH_KEY]) {
      const encoded = Buffer.from(before + key).toString('base64');
      const inside = Buffer.from(key).toString('base64').slice(8, 24);
      expect(redact(`data: ${encoded}`)).not.toContain(inside);
      expect(redact(`data: ${encoded}`)).toContain(K);
    }
  });
});

describe('what is no key stays', () => {
  test.each([
    'see the FAQ.\nSomething else follows',
    'see FAQ.html#how-to',
    `printf 'x-goog-api-key: %s' "$NEW_KEY"`,
    'curl -H "x-goog-api-key: $KEY"; GEMINI_API_KEY=${KEY} app; API_KEY=$(cat key) app',
    'keys begin with AIzaSy… or AQ.…',
    'an AQ. and an AIza',
    'a\\tb\\qc%zz%25&amp;&#;&#x110000000;=\r\nd\\',
    '\\u00zz\\xz',
  ])('%j', (text) => {
    expect(redact(text)).toBe(text);
    expect(redact(text, new KeyText('\\'.repeat(9)))).toBe(text);
  });
});

test('whatever stands around a key, none of its middle is left', () => {
  const noise = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('\\', '%', '&#', 'AQ', 'AIz', '\n', 'F', '%25'));
  fc.assert(
    fc.property(noise, fc.constantFrom(STANDARD_KEY, AUTH_KEY), noise, (before, key, after) => {
      expect(redact(`${before} ${key}${after}`)).not.toContain(key.slice(9, 25));
    }),
    { numRuns: 2000 },
  );
});

/** How often a text is looked at, in whatever way the code looks at texts. */
function looksAt(text: string): number {
  const ways = ['charAt', 'charCodeAt', 'startsWith', 'slice', 'indexOf'] as const;
  const spies = ways.map((way) => jest.spyOn(String.prototype, way));
  try {
    redact(text, new KeyText(STANDARD_KEY));
    return spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test.each([
  '\\',
  '\\u0041',
  '%41',
  '%25',
  '&#65;',
  '&amp;',
  '=\r\n',
  '\n',
  '\u200b',
  'A',
  'AIza',
  'AIza\n',
  'AQ.',
  'FAQ.',
  'AQ.a\\n',
])('twice as much of %j is at most twice the work', (part) => {
  const [once, twice] = [500, 1000].map((times) => looksAt(part.repeat(times)));
  expect(twice).toBeLessThanOrEqual(2.1 * Number(once) + 10);
});
