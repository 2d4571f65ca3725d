import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instructionText } from '../../../src/core/values/command.ts';
import { lintStoredBytes, type LintKind } from '../../../src/core/key/stored-bytes.ts';

const KEY = `AI${'za'}${'SyTestKey_-'.padEnd(35, 'k')}`;
const AUTH_KEY = `AQ${'.'}${'TestAuthKey-'.padEnd(50, 'a')}`;
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => Uint8Array.from([...text].flatMap((character) => [character.charCodeAt(0), 0]));

const COPY =
  'store the key alone as a new version: `read -rs KEY; printf %s "$KEY" | gcloud secrets versions add SECRET_ID --data-file=- --project=PROJECT_ID`';

const printed = (bytes: Uint8Array) =>
  lintStoredBytes(bytes).findings.map((finding) => ({ ...finding, cure: instructionText(finding.cure, {}) }));

/** What is stored, what is found, and the key that is probed (`undefined`: nothing can be). */
const TABLE: readonly (readonly [string, Uint8Array, readonly LintKind[], string | undefined])[] = [
  ['a key alone', utf8(KEY), [], KEY],
  ['an auth key alone', utf8(AUTH_KEY), [], AUTH_KEY],
  ['a key of unknown shape', utf8('some-other-credential'), [], 'some-other-credential'],
  ['nothing', utf8(''), ['empty'], undefined],
  ['white space only', utf8(' \n\t'), ['empty'], undefined],
  ['a trailing newline', utf8(`${KEY}\n`), ['surrounding_whitespace'], KEY],
  ['a Windows line end', utf8(`${KEY}\r\n`), ['surrounding_whitespace'], KEY],
  ['leading spaces', utf8(`  ${KEY}`), ['surrounding_whitespace'], KEY],
  ['double quotes', utf8(`"${KEY}"`), ['quoted'], KEY],
  ['single quotes and a newline', utf8(`'${KEY}'\n`), ['surrounding_whitespace', 'quoted'], KEY],
  ['backticks', utf8(`\`${KEY}\``), ['quoted'], KEY],
  ['a quote that does not end the value', utf8(`"${KEY}"-`), [], `"${KEY}"-`],
  ['quotes with nothing between', utf8('""'), ['quoted', 'empty'], undefined],
  ['white space inside quotes', utf8(`" ${KEY}"`), ['quoted', 'surrounding_whitespace'], KEY],
  ['a byte order mark', utf8(`\ufeff${KEY}`), ['byte_order_mark'], KEY],
  ['UTF-16 with its mark', Uint8Array.from([0xff, 0xfe, ...utf16(KEY)]), ['utf16'], KEY],
  ['UTF-16 without a mark', utf16(KEY), ['utf16'], KEY],
  ['half a mark of UTF-16', Uint8Array.from([0xff, ...utf8(KEY)]), ['binary'], undefined],
  ['UTF-16 that ends in the middle', utf16(KEY).slice(0, -1), ['binary'], undefined],
  ['UTF-16 of one character', utf16('k'), ['binary'], undefined],
  ['a no-break space', utf8(`${KEY}\u00a0`), ['invisible_characters'], KEY],
  ['a zero-width space', utf8(`\u200b${KEY}`), ['invisible_characters'], KEY],
  ['typographic quotes', utf8(`\u201c${KEY}\u201d`), ['invisible_characters'], KEY],
  ['a variable', utf8(`GEMINI_API_KEY=${KEY}`), ['assignment'], KEY],
  ['a variable of the shortest name', utf8(`key=${KEY}`), ['assignment'], KEY],
  ['a name that no variable has', utf8(`${'x'.repeat(65)}key=1`), [], `${'x'.repeat(65)}key=1`],
  [
    'an exported variable with quotes',
    utf8(`export GOOGLE_API_KEY="${KEY}"\n`),
    ['surrounding_whitespace', 'assignment', 'quoted'],
    KEY,
  ],
  [
    'a PowerShell variable',
    utf8(`$env:GEMINI_API_KEY = '${KEY}'`),
    ['assignment', 'surrounding_whitespace', 'quoted'],
    KEY,
  ],
  ['YAML', utf8(`apiKey: ${KEY}`), ['assignment', 'surrounding_whitespace'], KEY],
  ['a header', utf8(`x-goog-api-key:${KEY}`), ['assignment'], KEY],
  ['a bearer token', utf8(`Bearer ${KEY}`), ['assignment'], KEY],
  ['JSON with the key', utf8(JSON.stringify({ project: 'demo', apiKey: KEY })), ['json_wrapped'], KEY],
  [
    'JSON with white space around the key',
    utf8(JSON.stringify({ apiKey: ` ${KEY}\n` })),
    ['json_wrapped', 'surrounding_whitespace'],
    KEY,
  ],
  [
    'JSON with the key and a sentence',
    utf8(JSON.stringify({ apiKey: KEY, note: `ask ${'x'.repeat(20)} for it` })),
    ['json_wrapped'],
    KEY,
  ],
  ['a JSON list with the key', utf8(JSON.stringify([KEY])), ['json_wrapped'], KEY],
  ['JSON with two keys', utf8(JSON.stringify({ a: KEY, b: AUTH_KEY })), ['several_keys'], undefined],
  ['JSON without a key', utf8('{"a":1}'), ['json_wrapped'], undefined],
  ['JSON that is none', utf8(`{${KEY}`), [], `{${KEY}`],
  [
    'a service account’s key file',
    utf8(JSON.stringify({ type: 'service_account', client_email: 'x@y.iam' })),
    ['service_account_json'],
    undefined,
  ],
  ['a private key in JSON', utf8(JSON.stringify({ private_key: 'x' })), ['service_account_json'], undefined],
  ['two keys on two lines', utf8(`${KEY}\n${AUTH_KEY}`), ['several_keys'], undefined],
  ['two keys with a comma', utf8(`${KEY},${AUTH_KEY}`), ['several_keys'], undefined],
  ['a key broken over two lines', utf8(`${KEY.slice(0, 20)}\n${KEY.slice(20)}`), ['line_wrapped'], KEY],
  ['a key with its comma', utf8(`${KEY},`), ['stray_punctuation'], KEY],
  ['a key with its semicolon, and a newline', utf8(`;${KEY}\n`), ['surrounding_whitespace', 'stray_punctuation'], KEY],
  ['a comma alone', utf8(','), ['not_one_word'], undefined],
  ['a sentence', utf8('ask Alice for the key'), ['not_one_word'], undefined],
  ['words of which none begins like a key', utf8(`see-${KEY} see-${KEY}`), ['not_one_word'], undefined],
  ['a label and then a key', utf8(`gemini ${KEY}`), ['not_one_word'], undefined],
  ['binary', Uint8Array.from([0, 255, 12, 7]), ['binary'], undefined],
  ['text in another alphabet', utf8('ключ'), ['binary'], undefined],
  ['65,536 bytes of binary', new Uint8Array(65_536).fill(0xfe), ['binary'], undefined],
  ['more than a header carries', utf8('k'.repeat(8193)), ['too_long'], undefined],
  ['just what a header carries', utf8('k'.repeat(8192)), [], 'k'.repeat(8192)],
  ['a placeholder', utf8('YOUR_API_KEY'), ['placeholder'], 'YOUR_API_KEY'],
  ['a longer placeholder', utf8('insert-your-gemini-api-key-here'), ['placeholder'], 'insert-your-gemini-api-key-here'],
  ['a template', utf8('${GEMINI_API_KEY}'), ['placeholder'], '${GEMINI_API_KEY}'],
  ['changeme', utf8('changeme'), ['placeholder'], 'changeme'],
  ['crosses', utf8(`AI${'zaSy'}XXXXXXXX`), ['placeholder'], `AI${'zaSy'}XXXXXXXX`],
  [
    'wrappings without end',
    utf8('"'.repeat(8) + KEY + '"'.repeat(8)),
    ['quoted', 'quoted', 'quoted', 'quoted'],
    '"'.repeat(4) + KEY + '"'.repeat(4),
  ],
];

describe('stored bytes', () => {
  test.each(TABLE)('%s', (_, bytes, kinds, key) => {
    const stored = lintStoredBytes(bytes);
    expect(stored.findings.map(({ kind }) => kind)).toEqual(kinds);
    expect(stored.key?.reveal()).toBe(key);
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
      'the value holds characters that do not show (no-break space, zero-width space) or typographic quotes',
      `it was pasted from a web page or a document; copy it from AI Studio again and ${COPY}`,
    ],
    [
      'ключ',
      'the value (8 bytes) holds bytes that no request header can carry',
      `find out what was stored here; ${COPY}`,
    ],
    [`'${KEY}'`, 'the value is wrapped in quotes', `without the quotes, ${COPY}`],
    [
      `KEY=${KEY}`,
      'the value holds the name of a variable or header in front of the key',
      `without the part before the key, ${COPY}`,
    ],
    [
      '{"private_key":"x"}',
      'the value is the key file of a service account, which the Gemini API does not take as an API key',
      'make an API key (console: APIs & Services > Credentials, or AI Studio) and store that; revoke the key file if it is not needed',
    ],
    [`["${KEY}"]`, 'the value is JSON with the key inside', `if your consumers do not parse it, ${COPY}`],
    [`["${KEY}","${AUTH_KEY}"]`, 'the value is JSON with 2 texts that could be the key', `choose one key and ${COPY}`],
    [`${KEY} ${AUTH_KEY}`, 'the value holds 2 keys', `consumers expect one: choose it and ${COPY}`],
    ['ask Alice', 'the value is 2 words, which cannot be one key', `find out what was stored here; ${COPY}`],
    [`${KEY} abc`, 'the key is broken into 2 pieces', `join the pieces and ${COPY}`],
    [`${KEY};`, 'a comma or semicolon stands beside the key', `without it, ${COPY}`],
    [
      'k'.repeat(9000),
      'the value is 9000 characters, more than a request header carries',
      `find out what was stored here; ${COPY}`,
    ],
    ['todo', 'the value looks like a placeholder that was never replaced', `with a real key, ${COPY}`],
  ])('%j: says what is wrong, and what to do', (text, says, cure) => {
    expect(printed(utf8(text))).toEqual([{ kind: expect.any(String), says, cure }]);
  });

  test('UTF-16 is named with what makes it', () => {
    expect(printed(utf16(KEY))).toEqual([
      { kind: 'utf16', says: 'the value is stored as UTF-16', cure: `a PowerShell redirect does that; ${COPY}` },
    ]);
  });

  test.each([
    '<KEY>',
    '${KEY}',
    '{KEY}',
    '$(KEY)',
    '%KEY%',
    'your-key',
    'insert_key',
    'REPLACE_ME',
    'replaceme',
    'enter-api-key',
    'your_google_api_key',
    'your_gemini_key',
    'change-me',
    'TODO',
    'tbd',
    'none',
    'null',
    'undefined',
    'dummy',
    'test',
    'example',
    'placeholder',
    'secret',
    'xxxx',
    '***',
    '...',
    '000',
    `AI${'za'}xxxx`,
    `AQ${'.'}XXXX`,
  ])('%s is a placeholder', (text) => {
    expect(lintStoredBytes(utf8(text)).findings.map(({ kind }) => kind)).toEqual(['placeholder']);
  });

  test.each(['todo-list-key', 'my-todo', 'test1', 'latest', 'nonempty', 'secretive', 'a<b>', 'x%y%z', 'changes'])(
    '%s may be a key: only an answer condemns it',
    (text) => {
      expect(lintStoredBytes(utf8(text)).findings).toEqual([]);
    },
  );

  test('I9: no finding holds a stretch of the payload', () => {
    for (const [, bytes] of TABLE) {
      const { findings } = lintStoredBytes(bytes);
      expect(JSON.stringify(findings)).not.toMatch(/TestKey|TestAuthKey|SyTest|kkkk|Alice/);
    }
  });

  test('any bytes give a finding or a key that a header can carry, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { findings, key } = lintStoredBytes(bytes);
        if (key === undefined) expect(findings).not.toHaveLength(0);
        else expect(key.reveal()).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('what is probed is itself clean', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TABLE), ([, bytes]) => {
        const { key } = lintStoredBytes(bytes);
        fc.pre(key !== undefined && !key.reveal().startsWith('"') && !key.reveal().includes('$'));
        const again = lintStoredBytes(utf8(key?.reveal() ?? ''));
        expect(again.findings.filter(({ kind }) => kind !== 'placeholder')).toEqual([]);
      }),
    );
  });
});
