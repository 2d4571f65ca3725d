import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lintStoredBytes } from '../../../src/core/key/stored-bytes.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { formText, storedFormOf, storedTextOf, type StoredForm } from '../../../src/core/key/stored-form.ts';

const OLD = `AIza${'Sy'}${'o'.repeat(33)}`;
const NEW = `AQ.${'Ab8'}${'n'.repeat(50)}`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The value after a rotation, as text; `undefined` where there can be none. */
function rotated(text: string, field?: string): string | undefined {
  const stored = storedFormOf(bytes(text), field);
  return stored.is === 'kept'
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(stored.holding(new KeyText(NEW)))
    : undefined;
}

function formOf(text: string, field?: string): unknown {
  const stored = storedFormOf(bytes(text), field);
  return stored.is === 'kept' ? stored.form : stored.why;
}

const BARE = { is: 'bare', fields: [] };

describe('a form that can be kept (I12) keeps everything but the key (I11)', () => {
  test.each([
    ['a key alone', OLD, BARE],
    ['a newline behind it', `${OLD}\n`, BARE],
    ['white space around it', ` \t${OLD}\r\n\r\n`, BARE],
    ['quotes and a newline', `"${OLD}"\n`, BARE],
    ['a byte order mark', `\ufeff${OLD}`, BARE],
    ['a JSON text', JSON.stringify(OLD), BARE],
    [
      'one field of JSON',
      `{"GEMINI_API_KEY":"${OLD}","OPENAI_API_KEY":"sk-x"}`,
      { is: 'json', fields: ['/GEMINI_API_KEY'] },
    ],
    [
      'JSON with its own habits: order, indentation, escapes, numbers, line ends',
      `\ufeff{\r\n\t"n": 1.0, "e": "\\u00e9 é \\"q\\"",\n  "a" : [ 1e5, {"b/c~d": " ${OLD} "}, null ]\n}\n`,
      { is: 'json', fields: ['/a/1/b~1c~0d'] },
    ],
    ['a list', `["x", "${OLD}"]`, { is: 'json', fields: ['/1'] }],
    ['a name beyond ASCII', `{"schlüssel%":"${OLD}"}`, { is: 'json', fields: ['/schlüssel%'] }],
    ['the same key in two fields', `{"A":"${OLD}","B":{"C":"${OLD}"}}`, { is: 'json', fields: ['/A', '/B/C'] }],
    ['one assignment', `GEMINI_API_KEY=${OLD}`, { is: 'env', fields: ['GEMINI_API_KEY'] }],
    [
      'an env file with everything that one may have',
      `\ufeff# gemini\r\nexport GEMINI_API_KEY = "${OLD}" # prod\nPORT=8080\n\nCERT="-----BEGIN\nab=c\n-----"\nQ='a b'\nE=\nF=a b c # d\nU=https://x/#y`,
      { is: 'env', fields: ['GEMINI_API_KEY'] },
    ],
    ['the same key under two names', `A=${OLD}\nB='${OLD}'\n`, { is: 'env', fields: ['A', 'B'] }],
  ])('%s', (_, text, form) => {
    expect(formOf(text)).toEqual(form);
    expect(rotated(text)).toBe(text.replaceAll(OLD, NEW));
  });

  test.each([
    ['with padding', (text: string) => base64(text), 1],
    ['without', (text: string) => base64(text).replace(/=+$/, ''), 1],
    ['in the alphabet for URLs', (text: string) => Buffer.from(text).toString('base64url'), 1],
    ['with a newline behind it', (text: string) => `${base64(text)}\n`, 1],
    ['twice', (text: string) => base64(base64(text)), 2],
  ])('base64 %s', (_, encoded, times) => {
    for (const [inside, form] of [
      [`'${OLD}'`, BARE],
      [`${OLD} `, BARE],
      [`${OLD}\n`, BARE],
      [`{"k":"${OLD}","z":"??>>"}`, { is: 'json', fields: ['/k'] }],
      [`export K=${OLD}\nZ=??>>\n`, { is: 'env', fields: ['K'] }],
    ] as const) {
      expect(formOf(encoded(inside))).toEqual({ ...form, base64: times });
      expect(rotated(encoded(inside))).toBe(encoded(inside.replace(OLD, NEW)));
      // What a rotation would replace is what a check asks about.
      expect(lintStoredBytes(bytes(encoded(inside))).key?.reveal()).toBe(OLD);
    }
  });

  test('of two keys a policy names one, and the other stays', () => {
    const json = `{"A":"${OLD}","B":"AIza${'x'.repeat(35)}"}`;
    expect(storedFormOf(bytes(json))).toMatchObject({
      why: 'several_keys',
      says: 'holds 2 keys',
      fields: ['/A', '/B'],
    });
    expect(formOf(json, '/A')).toEqual({ is: 'json', fields: ['/A'] });
    expect(rotated(json, '/A')).toBe(json.replace(OLD, NEW));
    expect(rotated(`K=${OLD}\n#K=AIza${'x'.repeat(35)}`, 'K')).toBe(`K=${NEW}\n#K=AIza${'x'.repeat(35)}`);
  });
});

describe('a value that is not for rotation (I12)', () => {
  test.each([
    ['a password', 'correct-horse-battery-staple', 'no_key'],
    ['nothing', '', 'no_key'],
    ['a service account’s key file', '{"type":"service_account","private_key":"-----BEGIN"}', 'no_key'],
    ['another vendor’s key', `sk-${'a'.repeat(48)}`, 'no_key'],
    ['a key in base64 three times', base64(base64(base64(OLD))), 'no_key'],
    ['base64 that does not come back as it was', `${base64(OLD).slice(0, 20)}\n${base64(OLD).slice(20)}`, 'no_key'],
    ['base64 of a password', base64('correct-horse-battery-staple'), 'no_key'],
    ['base64 of two keys', base64(`${OLD} AIza${'x'.repeat(35)}`), 'several_keys'],
    ['two keys', `${OLD}\nAIza${'x'.repeat(35)}`, 'several_keys'],
    ['the key twice', `${OLD}\n${OLD}`, 'other_text'],
    ['a comment behind the key', `${OLD} # prod`, 'other_text'],
    ['one quote', `"${OLD}`, 'other_text'],
    ['a sentence', `the key is ${OLD}`, 'other_text'],
    ['a URL in JSON', `{"url":"https://x/?key=${OLD}"}`, 'other_text'],
    ['a name in JSON', `{"${OLD}":"x"}`, 'other_text'],
    ['a newline that JSON escapes', `{"k":"${OLD}\\n"}`, 'other_text'],
    ['JSON that is broken', `{"k":"${OLD}"`, 'other_text'],
    ['YAML', `key: ${OLD}`, 'other_text'],
    ['an env file with a line that is none', `K=${OLD}\nhello\n`, 'other_text'],
    ['a comment and nothing else', `# ${OLD}\n`, 'other_text'],
    ['a key in a comment alone', `# ${OLD}\nA=b`, 'other_text'],
    ['something glued to the key', `xx${OLD}`, 'other_text'],
    ['a name that the journal could not hold', `{"${'n'.repeat(300)}":"${OLD}"}`, 'other_text'],
  ])('%s', (_, text, why) => {
    expect(formOf(text)).toBe(why);
  });

  test('names the fields that there are where the policy names another', () => {
    expect(storedFormOf(bytes(`A=${OLD}`), 'B')).toEqual({
      is: 'not_kept',
      why: 'no_such_field',
      says: 'holds no key in the field B',
      fields: ['A'],
    });
  });

  test('says nothing of the value (I9)', () => {
    const said: StoredForm[] = ['x', `xx${OLD}`, `${OLD} b`, `${OLD}\nAIza${'x'.repeat(35)}`].map((text) =>
      storedFormOf(bytes(text)),
    );
    expect(JSON.stringify(said)).not.toContain('AIza');
  });

  test('bytes that are no text are no key', () => {
    expect(storedFormOf(Uint8Array.from([0xff, 0xfe, 0x41, 0x00])).is).toBe('not_kept');
    expect(storedFormOf(Uint8Array.from(Buffer.from(OLD, 'utf16le')))).toMatchObject({ why: 'no_key' });
  });
});

describe('whatever stands around the key (I11)', () => {
  const word = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/AIza|AQ\./.test(text));
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(
        word,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 3 }),
    ),
  })).value;

  test('in JSON of any shape only the key changes, and it parses to the same but for the key', () => {
    fc.assert(
      fc.property(json, word, json, fc.constantFrom(undefined, 1, '\t', '\r\n'), (before, field, after, indent) => {
        const value = { before, [`k${field}`]: OLD, after };
        const text = JSON.stringify(value, null, indent);
        expect(rotated(text)).toBe(text.replace(OLD, NEW));
        expect(JSON.parse(String(rotated(text)))).toEqual(JSON.parse(JSON.stringify({ ...value, [`k${field}`]: NEW })));
      }),
    );
  });

  test('in an env file of any shape only the key changes', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9_/:.+-]{0,20}$/).filter((text) => !/AIza|AQ\./.test(text));
    const quoted = fc.stringMatching(/^[A-Za-z0-9 =#\n'.-]{0,20}$/).filter((text) => !/AIza|AQ\./.test(text));
    const line = fc.oneof(
      fc.tuple(name, plain).map(([variable, value]) => `${variable}=${value}`),
      fc.tuple(name, quoted).map(([variable, value]) => `export ${variable}="${value}"`),
      plain.map((text) => `# ${text}`),
      fc.constant(''),
    );
    fc.assert(
      fc.property(
        fc.array(line),
        name,
        fc.constantFrom('', '"', "'"),
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        (...all) => {
          const [before, variable, quote, after, end] = all;
          const text = [...before, `${variable}=${quote}${OLD}${quote}`, ...after].join(end);
          expect(formOf(text)).toEqual({ is: 'env', fields: [variable] });
          expect(rotated(text)).toBe(text.replace(OLD, NEW));
        },
      ),
    );
  });

  test('any bytes at all are either kept but for the key, or not for rotation', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, after) => {
        const value = Uint8Array.from([...before, ...bytes(OLD), ...after]);
        const stored = storedFormOf(value);
        if (stored.is === 'not_kept') return;
        expect(stored.key.reveal()).toBe(OLD);
        expect([...stored.holding(new KeyText(NEW))]).toEqual([...before, ...bytes(NEW), ...after]);
        expect([...stored.holding(stored.key)]).toEqual([...value]);
      }),
    );
  });
});

test('a form in words names fields and encodings', () => {
  expect(formText({ is: 'bare', fields: [] })).toBe('a key alone');
  expect(formText({ is: 'json', fields: ['/a', '/b'], base64: 1 })).toBe('JSON with the key in /a and /b, in base64');
  expect(formText({ is: 'env', fields: ['K'], base64: 2 })).toBe('an env file with the key in K, in base64 2 times');
});

test('a name that is no UTF-8 is named byte by byte, and its value kept', () => {
  const value = Uint8Array.from([...bytes('{"n'), 0xff, ...bytes(`":"${OLD}"}`)]);
  const stored = storedFormOf(value);
  expect(stored).toMatchObject({ form: { fields: ['/n\u00ff'] } });
  expect(stored.is === 'kept' && [...stored.holding(stored.key)]).toEqual([...value]);
});

describe('what a check asks about', () => {
  const kindsOf = (text: string, field?: string) => {
    const { findings, key } = storedTextOf(bytes(text), field);
    return { kinds: findings.map(({ kind }) => kind), isOld: key?.reveal() === OLD };
  };

  test.each([
    ['an env file with quotes and a comment', `# prod\nexport K="${OLD}" # gemini\nPORT=8080\n`, ['env_file']],
    ['JSON', `{\n  "k": "${OLD}"\n}\n`, ['json_wrapped']],
    ['JSON in base64', base64(`{"k":"${OLD}"}`), ['base64', 'json_wrapped']],
  ])('has no fault in what the form itself puts around a key: %s', (_, text, kinds) => {
    expect(kindsOf(text)).toEqual({ kinds, isOld: true });
  });

  test.each([
    ['white space between the quotes of JSON', `{"k":" ${OLD} "}`],
    ['white space between those of an env file', `A=b\nK=" ${OLD}"\n`],
    ['a newline behind a key alone', `${OLD}\n`],
  ])('has one in what is stored with the key: %s', (_, text) => {
    expect(kindsOf(text).kinds).toContain('surrounding_whitespace');
  });

  test('is the field that a policy names, whatever keys stand beside it', () => {
    const two = `{"A":"${OLD}","B":"AIza${'x'.repeat(35)}"}`;
    expect(kindsOf(two, '/A')).toEqual({ kinds: [], isOld: true });
    expect(kindsOf(two).kinds).toContain('several_keys');
    expect(kindsOf(two, '/C').kinds).toContain('several_keys');
  });
});
