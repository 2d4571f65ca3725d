import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toldLint } from '../../../src/core/key/lint-finding.ts';
import { lintStoredBytes } from '../../../src/core/key/stored-bytes.ts';
import { AUTH_KEY, bytesOf, KEY, STORED_VALUES, utf16 } from '../../support/fixtures/stored-values.ts';

const COPY =
  'store the key alone as a new version: `read -rs KEY; printf %s "$KEY" | gcloud secrets versions add SECRET_ID --data-file=- --project=PROJECT_ID`';

const printed = (bytes: Uint8Array) =>
  lintStoredBytes(bytes)
    .findings.map((finding) => toldLint(finding, {}))
    .map(({ kind, says, cure }) => ({ kind, says, cure }));

describe('stored bytes', () => {
  test.each(STORED_VALUES.map((stored) => [stored.title, stored] as const))('%s', (_, { text, kinds, candidates }) => {
    const stored = lintStoredBytes(bytesOf(text));
    expect(stored.findings.map(({ kind }) => kind)).toEqual(kinds);
    expect(stored.candidates.map(({ key, certainty }) => [key.reveal(), certainty])).toEqual(candidates);
  });

  test.each([
    ['', 'the value is empty or only white space', COPY],
    [
      `${KEY}\n`,
      'the value has 1 character of white space after it: it ends in a newline',
      `echo adds a newline, printf %s does not; ${COPY}`,
    ],
    [
      `  ${KEY}`,
      'the value has 2 characters of white space before the key',
      `echo adds a newline, printf %s does not; ${COPY}`,
    ],
    [
      `\n${KEY} `,
      'the value has 1 character of white space before the key and 1 character of white space after it',
      `echo adds a newline, printf %s does not; ${COPY}`,
    ],
    [`\ufeff${KEY}`, 'the value starts with a byte order mark', COPY],
    [
      `${KEY}\u00a0`,
      'the value holds characters that do not show, or typographic quotes: U+00A0 at position 40',
      `it was pasted from a web page or a document; copy it from AI Studio again and ${COPY}`,
    ],
    [
      `${KEY}∑`,
      'the value holds a character that no request header can carry: U+2211 at position 40',
      `a slip of the keyboard or a copy of more than the key; without it, ${COPY}`,
    ],
    [
      'ключи',
      'the value holds 5 kinds of characters that no request header can carry: U+043A at position 1, U+043B at position 2, U+044E at position 3 and 2 more',
      `a slip of the keyboard or a copy of more than the key; without it, ${COPY}`,
    ],
    [
      `"𝄞${KEY}"`,
      'the value holds a character that no request header can carry: U+1D11E at position 2',
      `a slip of the keyboard or a copy of more than the key; without it, ${COPY}`,
    ],
    [
      '{"private_key":"x"}',
      'the value is the key file of a service account, which the Gemini API does not take as an API key',
      'make an API key (console: APIs & Services > Credentials, or AI Studio) and store that; revoke the key file if it is not needed',
    ],
    [`${KEY} ${AUTH_KEY}`, 'the value holds 2 keys', `consumers expect one: choose it and ${COPY}`],
    ['ask Alice', 'the value is 2 words, which cannot be one key', `find out what was stored here; ${COPY}`],
    [`${KEY} # prod`, 'a comment stands behind the key', `without it, ${COPY}`],
    [`${KEY}${KEY}`, 'the value holds the same key 2 times', COPY],
    [
      'k'.repeat(9000),
      'the value is 9000 characters, more than a request header carries',
      `find out what was stored here; ${COPY}`,
    ],
    [
      'a'.repeat(65_537),
      'the value is 65537 bytes, more than a secret holds',
      `find out what was stored here; ${COPY}`,
    ],
    [
      'hvs.abc',
      'the value is a token of Vault, which the Gemini API does not take as an API key',
      `two secrets were mixed up, or a whole set of variables was copied; go back to the version before it, or ${COPY}`,
    ],
  ])('%j: says what is wrong, and what to do', (text, says, cure) => {
    expect(printed(bytesOf(text)).at(-1)).toEqual({ kind: expect.any(String), says, cure });
  });

  test('the one key that is held is told, and none where there are more', () => {
    expect(lintStoredBytes(bytesOf(`${KEY}\n`)).key?.reveal()).toBe(KEY);
    expect(lintStoredBytes(bytesOf(`${KEY.slice(0, 9)}\n${KEY.slice(9)}`)).key?.reveal()).toBe(KEY);
    expect(lintStoredBytes(bytesOf(`${KEY}n`)).key?.reveal()).toBe(`${KEY}n`);
    expect(lintStoredBytes(bytesOf(`${KEY} ${AUTH_KEY}`)).key).toBeUndefined();
    expect(lintStoredBytes(bytesOf('todo')).key).toBeUndefined();
  });

  test('wrappings without end are taken off four deep', () => {
    const text = '"'.repeat(8) + KEY + '"'.repeat(8);
    const { findings, key } = lintStoredBytes(bytesOf(text));
    expect(findings.map(({ kind }) => kind)).toEqual([...Array<string>(4).fill('quoted'), 'stray_punctuation']);
    expect(key?.reveal()).toBe(KEY);
  });

  test('UTF-16 is named with what makes it', () => {
    expect(printed(utf16(KEY))).toEqual([
      { kind: 'utf16', says: 'the value is stored as UTF-16', cure: `a PowerShell redirect does that; ${COPY}` },
    ]);
  });

  test('I9: no finding holds a stretch of the payload', () => {
    for (const { text } of STORED_VALUES) {
      const { findings } = lintStoredBytes(bytesOf(text));
      expect(JSON.stringify(findings)).not.toMatch(/TestKey|testkey|TestAuthKey|SyTest|kkkk|aaaa|Alice|2345|CAES/i);
    }
  });

  test('any bytes give a finding or a key that a header can carry, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { findings, candidates } = lintStoredBytes(bytes);
        if (candidates.length === 0) expect(findings).not.toHaveLength(0);
        for (const { key } of candidates) expect(key.reveal()).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('what is probed is itself clean', () => {
    for (const { candidates } of STORED_VALUES)
      for (const [characters] of candidates) expect(lintStoredBytes(bytesOf(characters)).findings).toEqual([]);
  });

  test.each([`token=\n# ${KEY}`, `${KEY}=\n#`, `x=1\n# ${KEY}\nkey=`])(
    'a key beside empty values is found: %#',
    (text) => {
      expect(lintStoredBytes(bytesOf(text)).candidates[0]?.key.reveal()).toBe(KEY);
    },
  );

  test('a key among any text is found, and never more than three are asked about', () => {
    const noise = fc.string({
      unit: fc.constantFrom(...' \n\\"\',;:=?&#%{}[]()<>∑维\u3000\u00ad\u200b'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(noise, noise, fc.constantFrom(KEY, AUTH_KEY), (before, after, key) => {
        const { candidates } = lintStoredBytes(bytesOf(`${before}${key}${after}`));
        expect(candidates.length).toBeLessThanOrEqual(3);
        expect(candidates[0]).toMatchObject({ certainty: 'whole' });
        expect(candidates[0]?.key.reveal()).toBe(key);
      }),
      { numRuns: 1000 },
    );
  });

  test('reading 64 KiB of anything looks at each character a bounded number of times', () => {
    const kinds = [
      'AIza',
      'AQ.',
      ' ',
      '"',
      '\\',
      'a=',
      '\n',
      '{"a":',
      'your',
      '∑',
      `${KEY} `,
      'k: v\n',
      'QUl6Y',
      '.',
      '-',
    ];
    for (const kind of kinds) {
      const stored = lintStoredBytes(bytesOf(kind.repeat(65_536 / bytesOf(kind).length)));
      expect(stored.candidates.length).toBeLessThanOrEqual(3);
    }
  });
});
