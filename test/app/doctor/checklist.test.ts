import { describe, expect, test } from '@jest/globals';
import { keyChecks, keyInUse } from '../../../src/app/doctor/checklist.ts';
import { compareHosts } from '../../../src/app/doctor/compare.ts';
import { examine, type Source } from '../../../src/app/doctor/doctor.ts';
import { readOtherwise } from '../../../src/app/doctor/env-text.ts';
import { keylessChecks, nameChecks, otherSdkVariables } from '../../../src/app/doctor/variable-names.ts';
import { memoryProber } from '../../support/twins/memory-prober.ts';
import { stillClock } from '../../support/still-clock.ts';
import { DEAD_KEY, GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const at = (place: Source['place'], title: string, text: string | undefined): Source => ({
  title,
  place,
  bytes: text === undefined ? undefined : new TextEncoder().encode(text),
});

async function checked(...sources: readonly Source[]) {
  const prober = memoryProber(GOOD_KEY, STANDARD_KEY);
  prober.script('slow-key-of-unknown-shape', 'list', { noAnswer: 'timeout', detail: 'no answer in 20 s' });
  const findings = await examine({ prober, clock: stillClock() }, sources, ({ kind }) => kind);
  return keyChecks(findings).map(({ state, says }) => [state, says]);
}

describe('does a good key reach the app, and which?', () => {
  test('a good one, the same as in the secret', async () => {
    expect(await checked(at('environment', 'GEMINI_API_KEY', GOOD_KEY), at('secret', 's', GOOD_KEY))).toEqual([
      ['yes', 'GEMINI_API_KEY comes first'],
      ['yes', 'the key in GEMINI_API_KEY works'],
      ['yes', 'GEMINI_API_KEY and s hold the same'],
    ]);
  });

  test('a dead one beside a good secret', async () => {
    expect(await checked(at('environment', 'GEMINI_API_KEY', DEAD_KEY), at('secret', 's', GOOD_KEY))).toEqual([
      ['yes', 'GEMINI_API_KEY comes first'],
      ['no', 'key_invalid: API key not valid. Please pass a valid API key.'],
      ['no', 'GEMINI_API_KEY holds another than s'],
    ]);
  });

  test('none at all: nothing found is not nothing wrong', async () => {
    expect(
      await checked(at('environment', 'GEMINI_API_KEY', ''), at('environment', 'GOOGLE_API_KEY', undefined)),
    ).toEqual([
      ['no', 'none was found in GEMINI_API_KEY, GOOGLE_API_KEY: set GEMINI_API_KEY, or name a file or secret'],
      ['not_looked', 'there is no key to ask about'],
      ['not_looked', 'no --secret was named'],
    ]);
  });

  test('a masked one, which nobody can use', async () => {
    expect(await checked(at('environment', 'GEMINI_API_KEY', '****2345'), at('secret', 's', ''))).toEqual([
      ['yes', 'GEMINI_API_KEY comes first'],
      ['no', 'the value is a masked or abridged copy of a key'],
      ['not_looked', 's holds no key that could be compared'],
    ]);
  });

  test('one about which nothing could be learned', async () => {
    const [, taken, same] = await checked(at('secret', 's', 'slow-key-of-unknown-shape'));
    expect(taken).toEqual(['not_looked', 'timeout: no answer in 20 s']);
    expect(same?.[0]).toBe('not_looked');
  });

  test('the secret alone, which is not compared with itself', async () => {
    expect((await checked(at('secret', 's', GOOD_KEY))).at(-1)).toEqual([
      'not_looked',
      'there is no other key here to compare with it',
    ]);
  });

  test('a variable is used before a file, and a file before the secret', async () => {
    const prober = memoryProber(GOOD_KEY);
    const sources = [at('secret', 's', GOOD_KEY), at('file', 'f', GOOD_KEY), at('environment', 'e', GOOD_KEY)];
    const findings = await examine({ prober, clock: stillClock() }, sources, () => 'x');
    expect(keyInUse(findings)?.title).toBe('e');
    expect(keyInUse(findings.slice(0, 2))?.title).toBe('f');
  });
});

describe('the names of variables', () => {
  const named = (environment: Readonly<Record<string, string | undefined>>) =>
    nameChecks(environment).map(({ state, says }) => `${state}: ${says}`);

  test.each([
    ['GEMINI_APIKEY', 'x', 'GEMINI_APIKEY was probably meant to be GEMINI_API_KEY'],
    ['GEMENI_API_KEY', 'x', 'GEMENI_API_KEY was probably meant to be GEMINI_API_KEY'],
    ['GOOGLE_APIKEY', 'x', 'GOOGLE_APIKEY was probably meant to be GOOGLE_API_KEY'],
    ['GOOGLE_GENERATIVE_AI_API_KEY', 'x', 'is read by the Vercel AI SDK'],
    ['GOOGLE_GENAI_API_KEY', 'x', 'is read by Genkit'],
    ['MY_SETTING', STANDARD_KEY, 'MY_SETTING holds what looks like a key'],
  ])('%s is no name that Google’s SDKs read', (name, value, says) => {
    expect(named({ [name]: value })[0]).toMatch(/^no: Google’s SDKs read GOOGLE_API_KEY and GEMINI_API_KEY/);
    expect(named({ [name]: value })[0]).toContain(says);
    expect(named({ [name]: value, GEMINI_API_KEY: 'x' })[0]).toMatch(/^yes: GEMINI_API_KEY is set; /);
    expect(named({ [name]: ' ' })[0]).toBe('not_looked: no variable looks like one for a key');
  });

  test.each(['VITE_GEMINI_API_KEY', 'NEXT_PUBLIC_GOOGLE_API_KEY', 'REACT_APP_GENAI', 'VITE_GEMINI_KEY'])(
    '%s is public',
    (name) => {
      expect(named({ [name]: 'x' })[1]).toMatch(/^no: .*is public/);
      expect(named({ [name]: '' })[1]).toMatch(/^yes/);
    },
  );

  test('any public variable with a key’s shape is said, and others are not', () => {
    expect(named({ VITE_X: STANDARD_KEY })[1]).toMatch(/^no: VITE_X/);
    expect(named({ VITE_X: 'blue' })[1]).toMatch(/^yes/);
  });

  test.each(['GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_ENTERPRISE'])('%s sends requests elsewhere', (name) => {
    expect(named({ [name]: 'true' })[2]).toMatch(/^no: .*SDKs go to Vertex AI/);
    expect(named({ [name]: 'false' })[2]).toMatch(/^yes/);
  });

  test('those of other SDKs are places to look', () => {
    expect(otherSdkVariables({ GOOGLE_GENAI_API_KEY: 'x', PALM_API_KEY: ' ', OTHER: 'x' })).toEqual([
      'GOOGLE_GENAI_API_KEY',
    ]);
  });
});

test.each([
  ['GEMINI_API_KEY=x', []],
  ['export GEMINI_API_KEY=x', ['does not know “export”']],
  ['GEMINI_API_KEY="x"', ['takes the quotes']],
  ['GOOGLE_API_KEY=x # mine', ['takes the comment']],
  ['GEMINI_API_KEY=x\r\n', ['carriage return']],
  ['GEMINI_API_KEY = x', ['white space around the =']],
  [' GEMINI_API_KEY=x', ['white space around the =']],
  ['OTHER="x"', []],
])('%j is read otherwise by others where it is', (text, says) => {
  const found = readOtherwise(text, '.env');
  expect(found).toHaveLength(says.length);
  for (const [position, one] of says.entries()) expect(found[position]).toContain(one);
});

describe('two hosts', () => {
  const host = (...places: readonly unknown[]) => JSON.stringify({ comparison: 'w', places });
  const holds = (title: string, fingerprint: string) => ({ title, fingerprint });

  test('use the same key, in places of different names', () => {
    expect(compareHosts(host(holds('A', '1'), holds('B', '2')), host({ title: 'x' }, 7, holds('C', '1')))).toEqual([
      { state: 'yes', title: 'both hosts use the same key', says: 'A here, C there' },
      { state: 'yes', title: 'the key in A', says: 'is there in C' },
      { state: 'no', title: 'the key in B', says: 'is in no place there' },
    ]);
  });

  test('use different keys, or none', () => {
    expect(compareHosts(host(holds('A', '1')), host(holds('A', '2')))?.[0]?.state).toBe('no');
    expect(compareHosts(host(), host(holds('A', '2')))?.[0]?.says).toBe('one of them holds no key');
    expect(compareHosts(host(holds('A', '2')), host())?.[0]?.state).toBe('not_looked');
  });

  test.each([{}, { comparison: 7 }, { comparison: 'other' }])(
    'of which one had another word (%j) are not compared',
    (word) => {
      const other = JSON.stringify({ ...word, places: [holds('A', '1')] });
      for (const pair of [[host(holds('A', '1')), other] as const, [other, host(holds('A', '1'))] as const])
        expect(compareHosts(...pair)).toMatchObject([{ state: 'not_looked' }]);
    },
  );

  test.each(['', '[]', '{"places":1}'])('of which one said something else (%j) cannot be compared', (text) => {
    expect(compareHosts(text, host())).toBeUndefined();
    expect(compareHosts(host(), text)).toBeUndefined();
  });
});

test('that a program could do without a key is said where it shows an account of its own, and is no fault', () => {
  expect(keylessChecks({ GEMINI_API_KEY: 'x' })).toEqual([]);
  expect(keylessChecks({ K_SERVICE: 'web' })).toMatchObject([
    { state: 'yes', says: expect.stringContaining('key-warden runbook without-a-key') },
  ]);
});
