import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  answerJson,
  askJson,
  nameWithin,
  NOTABLE_MAX,
  PART_SECRETS_MAX,
  readAnswer,
  readAsk,
  SURVEY_SCHEMA,
  type SurveyAsk,
} from '../../../src/core/survey/part-text.ts';
import { parseRecord, type JsonRecord } from '../../../src/core/values/json.ts';
import { partLook } from './arbitrary-look.ts';

const PART = { project: 'acme', location: 'global' };
const SECRET = 'projects/7/secrets/gemini';

/** As it comes out of a body. */
const sent = (value: JsonRecord) => parseRecord(JSON.stringify(value));

describe('an ask', () => {
  const ask: SurveyAsk = {
    part: { ...PART, share: { at: 1, of: 2 } },
    most: 2_000,
    deep: 'when_due',
    runEveryMinutes: 10,
    seconds: 60,
  };

  test.each([ask, { ...ask, part: PART }, { ...ask, part: { ...PART, location: 'europe-west1' } }])(
    'is read as it was put',
    (one) => {
      expect(readAsk(sent(askJson(one)))).toEqual(one);
    },
  );

  test.each<[string, unknown]>([
    ['no object', []],
    ['another schema', { ...askJson(ask), schema: 'key-warden/survey/v2' }],
    ['no schema', { ...askJson(ask), schema: undefined }],
    ['a schema of somebody else', { ...askJson(ask), schema: 'x'.repeat(99) }],
    ['a field that nobody knows', { ...askJson(ask), secrets: [SECRET] }],
    ['a project that is none', { ...askJson(ask), project: 'acme/secrets/x' }],
    ['a location that is none', { ...askJson(ask), location: 'evil.example' }],
    ['a project without an end', { ...askJson(ask), project: 'a'.repeat(5_000) }],
    ['a share that is none', { ...askJson(ask), share: { at: 2, of: 2 } }],
    ['too many shares', { ...askJson(ask), share: { at: 2, of: 1_001 } }],
    ['too many secrets', { ...askJson(ask), most: PART_SECRETS_MAX + 1 }],
    ['no secrets', { ...askJson(ask), most: 0 }],
    ['a pace that is none', { ...askJson(ask), runEveryMinutes: 0 }],
    ['a pace of years', { ...askJson(ask), runEveryMinutes: 1_441 }],
    ['no time', { ...askJson(ask), seconds: 0 }],
    ['a depth that is none', { ...askJson(ask), deep: 'often' }],
  ])('with %s is refused', (_what, body) => {
    expect(readAsk(body)).toEqual({ why: expect.any(String) });
  });
});

describe('an answer', () => {
  test('is read as it was given, whatever was seen', () => {
    fc.assert(
      fc.property(partLook, (look) => {
        const answer = { is: 'look', look } as const;
        expect(readAnswer(sent(answerJson(answer)), PART)).toEqual(answer);
      }),
    );
  });

  test('may be that there are too many', () => {
    const answer = { is: 'too many', secrets: 9_000 } as const;
    expect(readAnswer(sent(answerJson(answer)), PART)).toEqual(answer);
  });

  const look = {
    expected: 1,
    missed: 0,
    tally: { key_invalid: { depths: { none: 0, shallow: 1, deep: 0 }, example: { secret: SECRET, message: 'no' } } },
    beyond: {},
    census: { groups: [{ kind: 'auth', age: 'unknown', count: 1 }], due: 0, overdue: 0 },
    notable: [{ secret: SECRET, cause: 'key_invalid', need: 'record' }],
    open: [{ secret: SECRET, cause: 'key_invalid', severity: 'critical', openedAt: '2026-11-24T12:00:00.000Z' }],
    isListed: true,
    problems: ['no answer'],
    barred: false,
  };
  const body = (fields: object): unknown => ({ schema: SURVEY_SCHEMA, look: { ...look, ...fields } });
  const tally = look.tally.key_invalid;
  const elsewhere = 'projects/7/locations/europe-west1/secrets/gemini';

  test('as it stands here is understood', () => {
    expect(readAnswer(body({}), PART)).toMatchObject({ is: 'look', look: { expected: 1 } });
  });

  test.each<[string, unknown]>([
    ['no object', 'look'],
    ['a list', [look]],
    ['another schema', { schema: 'key-warden/survey/v2', look }],
    ['an error', { error: { code: 500 } }],
    ['two answers', { schema: SURVEY_SCHEMA, look, tooMany: 1 }],
    ['a field that nobody knows', body({ key: 'x' })],
    ['a field that is missing', body({ tally: undefined })],
    ['fewer than none', body({ expected: -1 })],
    ['half a secret', body({ expected: 0.5 })],
    ['more missed than listed', body({ missed: 2 })],
    ['a cause that nobody knows', body({ tally: { key_haunted: tally } })],
    ['a cause of every object', body({ tally: { constructor: tally } })],
    ['no tally', body({ tally: [] })],
    ['a tally without an example', body({ tally: { key_invalid: { depths: tally.depths } } })],
    [
      'an example without an end',
      body({ tally: { key_invalid: { ...tally, example: { secret: SECRET, message: 'x'.repeat(2_001) } } } }),
    ],
    ['a secret of another location', body({ notable: [{ ...look.notable[0], secret: elsewhere }] })],
    ['a secret that is none', body({ notable: [{ ...look.notable[0], secret: '../x' }] })],
    ['more names than there may be', body({ notable: Array.from({ length: NOTABLE_MAX + 1 }, () => look.notable[0]) })],
    ['an episode without a moment', body({ open: [{ ...look.open[0], openedAt: 'yesterday' }] })],
    ['a keeper that is no secret', body({ fleetKeeper: 'x' })],
    ['a keeper with more than it has', body({ keeper: { secret: SECRET, etag: '1' } })],
    ['problems without an end', body({ problems: Array.from({ length: 21 }, () => 'no') })],
  ])('with %s is refused, and what it said is not repeated', (_what, answer) => {
    const read = readAnswer(answer, PART);
    expect(read).toEqual({ why: expect.any(String) });
    expect(JSON.stringify(read)).not.toMatch(/haunted|yesterday|gemini/);
  });

  test('with a message that has no end is given all the same, and cut', () => {
    const long = 'x'.repeat(9_000);
    const example = { secret: SECRET, message: long };
    const causes = new Map([['key_invalid' as const, { ...tally, example }]]);
    const read = readAnswer(body({}), PART);
    if (!('is' in read) || read.is !== 'look') throw new TypeError('no look');
    const answer = { is: 'look' as const, look: { ...read.look, tally: { causes }, problems: Array(30).fill(long) } };
    const again = readAnswer(sent(answerJson(answer)), PART);
    expect(again).toMatchObject({
      look: {
        tally: { causes: new Map([['key_invalid', { example: { message: expect.stringMatching(/^x{1999}.$/u) } }]]) },
      },
    });
    expect('is' in again && again.is === 'look' && again.look.problems.length).toBe(20);
  });

  test('of another release says which of the two is which', () => {
    expect(readAnswer({ schema: 'key-warden/survey/v2' }, PART)).toEqual({
      why: 'it speaks key-warden/survey/v2, and this release key-warden/survey/v1: one of the two is being deployed',
    });
  });
});

test('a secret of an answer is looked at within the project that was asked about (I16)', () => {
  expect(nameWithin('acme', 'projects/666/secrets/gemini')).toBe('projects/acme/secrets/gemini');
  expect(nameWithin('acme', 'projects/666/locations/europe-west1/secrets/g')).toBe(
    'projects/acme/locations/europe-west1/secrets/g',
  );
});
