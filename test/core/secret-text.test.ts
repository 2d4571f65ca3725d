import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lintStoredBytes, type LintKind } from '../../src/core/secret-text.ts';

const KEY = `AI${'za'}${'SyTestKey_-'.padEnd(35, 'k')}`;
const AUTH_KEY = `AQ${'.'}${'TestAuthKey-'.padEnd(50, 'a')}`;
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => Uint8Array.from([...text].flatMap((character) => [character.charCodeAt(0), 0]));

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
  ['quotes with nothing between', utf8('""'), ['quoted', 'empty'], undefined],
  ['white space inside quotes', utf8(`" ${KEY}"`), ['quoted', 'surrounding_whitespace'], KEY],
  ['a byte order mark', utf8(`\ufeff${KEY}`), ['byte_order_mark'], KEY],
  ['UTF-16 with its mark', Uint8Array.from([0xff, 0xfe, ...utf16(KEY)]), ['utf16'], KEY],
  ['UTF-16 without a mark', utf16(KEY), ['utf16'], KEY],
  ['a no-break space', utf8(`${KEY}\u00a0`), ['invisible_characters'], KEY],
  ['a zero-width space', utf8(`\u200b${KEY}`), ['invisible_characters'], KEY],
  ['typographic quotes', utf8(`\u201c${KEY}\u201d`), ['invisible_characters'], KEY],
  ['a variable', utf8(`GEMINI_API_KEY=${KEY}`), ['assignment'], KEY],
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

  test('a newline is named, because nobody sees it', () => {
    const [finding] = lintStoredBytes(utf8(`${KEY}\n`)).findings;
    expect(finding?.says).toBe('the value has 1 character of white space after it: it ends in a newline');
    expect(finding?.cure).toContain(
      'printf %s "$KEY" | gcloud secrets versions add {secret} --data-file=- --project={project}',
    );
  });

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
