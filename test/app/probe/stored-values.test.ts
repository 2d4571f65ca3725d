import { DOCUMENTS } from '../../../src/core/key/unwrap.ts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inspect } from '../../../src/app/probe/probe-secret.ts';
import {
  ALTERED,
  AROUND_A_KEY,
  AUTH_KEY,
  CLEAN,
  KEY,
  NO_KEY,
  SEVERAL,
  SHORT_AUTH_KEY,
  STORED_VALUES,
  UNCERTAIN,
  type StoredValue,
} from '../../support/fixtures/stored-values.ts';
import { WORKING, type Scripted } from '../../support/twins/memory-prober.ts';
import { ORDER, stage } from '../../support/stage.ts';

const { checks: policy } = ORDER.secretPolicy;
const LEAKED: Scripted = {
  status: 403,
  body: { error: { code: 403, message: 'Your API key was reported as leaked. Please use another API key.' } },
};
const LIMITED: Scripted = { status: 429, body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x' } } };
const SILENCE: Scripted = { noAnswer: 'network', detail: 'connection refused' };

/** Checks one stored value; every key but `works` is answered as it is in `answers`, or else that it is not valid. */
async function checked(
  { text }: Pick<StoredValue, 'text'>,
  { works = [], answers = {} }: { works?: readonly string[]; answers?: Readonly<Record<string, Scripted>> } = {},
) {
  const on = stage();
  for (const key of works) on.prober.script(key, 'list', WORKING.list);
  for (const [key, answer] of Object.entries(answers)) on.prober.script(key, 'list', answer);
  const name = await on.secret('app-key', [text]);
  const finding = await inspect(on.ports, await on.found(name), policy, false);
  expect(JSON.stringify(finding)).not.toMatch(/TestKey|TestAuthKey|kkkk|aaaa/i); // I9
  return { ...finding, cause: finding.diagnosis.cause, says: finding.diagnosis.message, asked: on.prober.probes };
}

const named = (values: readonly StoredValue[]) => values.map((stored) => [stored.title, stored] as const);
/** What no version can be is seen by the doctor alone. */
const isStorable = ({ text }: StoredValue) => text.length > 0 && text.length <= 65_536;
/** A consumer may parse it, and then nothing is wrong. */
const isTolerable = ({ kinds }: StoredValue) => kinds.every((kind) => DOCUMENTS.includes(kind));

test.each(named(CLEAN))(
  'alone, %s works where it works, and is what Google says it is where not',
  async (_, stored) => {
    const [[key] = ['']] = stored.candidates;
    expect(await checked(stored, { works: [key] })).toMatchObject({ cause: 'ok', lint: [] });
    const isShort = key.startsWith('AIza') && key.length < 39;
    expect(await checked(stored)).toMatchObject({ cause: isShort ? 'stored_bytes_not_a_key' : 'key_invalid' });
    expect(await checked(stored, { answers: { [key]: LEAKED } })).toMatchObject({ cause: 'key_leaked' });
  },
);

test.each(named(AROUND_A_KEY))('with %s, a good key is found, and a dead one is dead', async (_, stored) => {
  const good = await checked(stored, { works: [KEY] });
  expect(good).toMatchObject({ cause: isTolerable(stored) ? 'ok' : 'stored_bytes_unclean', answers: 1 });
  expect(await checked(stored)).toMatchObject({ cause: 'key_invalid', answers: 3 });
  expect(await checked(stored, { answers: { [KEY]: LEAKED } })).toMatchObject({ cause: 'key_leaked' });
  expect(await checked(stored, { answers: { [KEY]: LIMITED } })).toMatchObject({ cause: 'rate_limited' });
});

test.each(named(ALTERED))(
  'with %s, a good key is found, and no refusal condemns what we altered',
  async (_, stored) => {
    const wholes = stored.candidates.filter(([, standing]) => standing === 'whole').length;
    const good = await checked(stored, { works: [KEY] });
    expect(good).toMatchObject({ cause: 'stored_bytes_unclean', diagnosis: { verdict: 'blocked' } });
    for (const answer of [LEAKED, undefined]) {
      const bad = await checked(stored, answer && { answers: { [KEY]: answer } });
      // What stands there as it is was refused too: that is Google’s word on it.
      expect(bad.cause).toBe(wholes > 0 ? 'key_invalid' : 'stored_bytes_not_a_key');
    }
    expect(await checked(stored, { answers: { [KEY]: LIMITED } })).toMatchObject({ cause: 'stored_bytes_unclean' });
    expect(await checked(stored, { answers: { [KEY]: SILENCE } })).toMatchObject({ cause: 'network' });
  },
);

test.each(named(UNCERTAIN))('of %s, only a refusal of a key that Google knows counts', async (_, stored) => {
  const [[run] = ['']] = stored.candidates;
  expect(await checked(stored, { works: [run] })).toMatchObject({ cause: 'stored_bytes_unclean' });
  expect(await checked(stored)).toMatchObject({ cause: 'stored_bytes_not_a_key' });
  expect(await checked(stored, { answers: { [run]: LEAKED } })).toMatchObject({ cause: 'key_leaked' });
});

test('an auth key in two halves is found by joining them', async () => {
  const halves = { text: `${AUTH_KEY.slice(0, 30)}\n${AUTH_KEY.slice(30)}` };
  expect(await checked(halves, { works: [AUTH_KEY] })).toMatchObject({
    cause: 'stored_bytes_unclean',
    keyKind: 'auth',
  });
});

test.each(named(NO_KEY.filter(isStorable)))('%s is named, and not sent to Google', async (_, stored) => {
  const { asked, lint, ...finding } = await checked(stored);
  expect(finding).toMatchObject({ cause: 'stored_bytes_not_a_key', depth: 'none', answers: 0 });
  expect(finding).not.toHaveProperty('keyKind');
  expect(asked).toEqual([]);
  expect(finding.says).toBe(lint.map(({ says }) => says).join('; '));
});

test.each(named(SEVERAL))('of %s, one that works leaves the bytes unclean', async (_, stored) => {
  const keys = stored.candidates.map(([characters]) => characters);
  for (const key of keys)
    expect(await checked(stored, { works: [key] })).toMatchObject({ cause: 'stored_bytes_unclean' });
  const [first = '', last = ''] = [keys[0], keys.at(-1)];
  expect(await checked(stored)).toMatchObject({ cause: 'key_invalid', answers: 3 * keys.length });
  expect(await checked(stored, { answers: { [last]: LEAKED } })).toMatchObject({ cause: 'key_leaked' });
  expect(await checked(stored, { answers: { [first]: SILENCE } })).toMatchObject({ cause: 'network', answers: 0 });
});

test('a key that is cut short is told how much of it is missing, beside its refusal', async () => {
  const [standard, auth] = [KEY.slice(0, 38), AUTH_KEY.slice(0, 39)];
  expect((await checked({ text: standard })).says).toBe(
    'the key is cut short: 1 character of it is missing; what is there is refused (API key not valid. Please pass a valid API key.)',
  );
  expect((await checked({ text: `${auth}\n` })).says).toMatch(
    /ends in a newline; the key is cut short: 14 characters of it are/,
  );
  expect((await checked({ text: auth }, { works: [auth] })).cause).toBe('ok');
  expect((await checked({ text: SHORT_AUTH_KEY })).cause).toBe('key_invalid'); // it may be whole
});

test('a key that works without what is glued to it is told so, and what is joined is told to be a guess', async () => {
  const glued = await checked({ text: `${KEY}n` }, { works: [KEY] });
  expect(glued.says).toBe('characters are glued to the key, which works without them');
  const limited = await checked({ text: `${KEY}${KEY}` }, { answers: { [KEY]: LIMITED } });
  expect(limited.says).toBe('the value holds the same key 2 times; without it: x');
  expect((await checked({ text: `${KEY}${KEY}` })).says).toMatch(
    /no whole key is in it, and what can be made of it is refused/,
  );
});

test('no answer to altered text is ever a dead key', async () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 20, maxLength: 60 });
  const gap = fc.constantFrom('\n', ' ', '∑', '\u00ad', '\\\n', '" + "', '\r\n  ');
  const glue = fc.string({ unit: fc.constantFrom(...'nrtxBQ07_'), minLength: 1, maxLength: 9 });
  const altered = fc.oneof(
    fc.tuple(gap, fc.integer({ min: 5, max: 15 })).map(([between, at]) => (key: string) => {
      return `${key.slice(0, at)}${between}${key.slice(at)}`;
    }),
    glue.map((before) => (key: string) => `${before}${key}`),
    fc.constant((key: string) => `${key}${key}`),
    fc.constant((key: string) => key.toLowerCase()),
  );
  const answer = fc.constantFrom<Scripted>(LEAKED, SILENCE, LIMITED, { status: 401, body: 'API key expired' });
  await fc.assert(
    fc.asyncProperty(letters, altered, answer, async (rest, alter, refusal) => {
      const key = `AI${'za'}${rest.slice(0, 35).padEnd(35, 'k')}`;
      const finding = await checked({ text: alter(key) }, { answers: { [key]: refusal } });
      expect(finding.diagnosis.verdict).not.toBe('dead');
    }),
    { numRuns: 400 },
  );
});

test('of a key with more letters behind it, only what stands there as it is can be dead, and never for what we cut', async () => {
  const behind = fc.string({ unit: fc.constantFrom(...'nrtxBQ07-_'), minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(behind, async (more) => {
      const { diagnosis, asked } = await checked({ text: `${KEY}${more}` }, { answers: { [KEY]: LEAKED } });
      expect(diagnosis).toMatchObject({ cause: 'key_invalid', message: expect.stringContaining('API key not valid') });
      expect(asked[0]?.key.reveal() === `${KEY}${more}`).toBe(true);
    }),
  );
});

test('at most three keys are asked about, whatever is stored', async () => {
  for (const stored of STORED_VALUES.filter(isStorable)) {
    const { asked } = await checked(stored);
    expect(new Set(asked.map(({ key }) => key.reveal())).size).toBeLessThanOrEqual(3);
  }
});
