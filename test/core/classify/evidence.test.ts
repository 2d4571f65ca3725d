import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../../src/core/classify/answer.ts';
import { openEnvelope } from '../../../src/core/classify/error-body.ts';
import { evidenceOf } from '../../../src/core/classify/evidence.ts';
import { dissect } from '../../../src/core/classify/find-json.ts';
import { isObject } from '../../../src/core/classify/loose-json.ts';
import { GENERATED, page } from '../../support/fixtures/gemini-answer-parts.ts';

const MODELS = '{"models":[{"name":"models/g"}]}';

function seen(body: string, status?: number, how: Partial<Answer> = {}) {
  return evidenceOf({ sentAs: 'header', keyKind: 'unknown', status, body, ...how });
}

describe('an envelope', () => {
  const opened = (value: unknown) => openEnvelope(JSON.stringify(value));

  test.each(['fieldViolations', 'field_violations'])('with %s is a complaint about the request', (name) => {
    expect(opened({ error: { details: [{ [name]: [] }] } }).malformed).toBe(true);
    expect(opened({ error: { details: [{ violations: [] }] } }).malformed).toBe(false);
  });

  test('has its string codes, statuses and types for labels, and no other member', () => {
    expect(opened({ error: { code: 'a', status: 'b', type: 'c', param: 'd' } }).labels).toEqual(['a', 'b', 'c']);
  });

  test('names whom the request was charged to', () => {
    const metadata = { consumer: 'projects/4711', service: 'generativelanguage.googleapis.com' };
    const body = JSON.stringify({ error: { code: 403, details: [{ reason: 'SERVICE_DISABLED', metadata }] } });
    expect(seen(body, 403).keyProject).toBe('4711');
    expect(seen(JSON.stringify({ error: { consumer: 'api_key:x' } }), 403).keyProject).toBeUndefined();
  });

  test.each([
    ['as JSON', '{"error":{"code":403,"details":[{"metadata":{"service":"SecretManager.googleapis.com"}}]}}'],
    ['as Python prints it', 'metadata { key: "service" value: "secretmanager.googleapis.com" }'],
    ['as a list of pairs', '{"metadata":[{"key":"service","value":"secretmanager.googleapis.com"}]}'],
    ['as a client’s class', 'at google.cloud.secretmanager_v1.SecretManagerServiceClient'],
    ['in a sentence', 'Secret Manager API has not been used in project x'],
  ])('names whose API refused, %s; whom that charges owns no key', (_, body) => {
    const { service, keyProject } = seen(`${body} consumer: projects/4711`, 403);
    expect([service, keyProject]).toEqual(['secretmanager.googleapis.com', undefined]);
  });

  test.each([
    ['another API', '{"error":{"details":[{"metadata":{"service":"generativelanguage.googleapis.com"}}]}}'],
    ['both', 'secretmanager.googleapis.com, then generativelanguage.googleapis.com'],
    ['what is no API', '{"service":"search-api","metadata":[{"key":7,"value":"x"},{"key":"service","value":7}]}'],
    ['a page', '<html>Secret Manager API has not been used</html>'],
  ])('does not speak for Secret Manager, naming %s', (_, body) => {
    expect(seen(body, 403).service).not.toBe('secretmanager.googleapis.com');
  });

  test('names whom it charged as Python prints it', () => {
    expect(seen('metadata { key: "consumer" value: "projects/4711" }', 403).keyProject).toBe('4711');
  });

  test('names limits and quotas in every spelling that Google uses', () => {
    const { limits, quotas } = opened({
      details: [
        { quota_limit_value: '1', quotaId: 'a', quotaValue: '2', quota_id: 'b', quota_value: '3', quota_limit: 'c' },
        { quota_unit: 'd', quota_metric: 'none', quotaDimensions: 'none' },
      ],
    });
    expect([limits, quotas]).toEqual([
      ['1', '2', '3'],
      ['a', 'b', 'c', 'd'],
    ]);
  });

  test('gives a reason only where a word of that form stands alone, and never from the older list of errors', () => {
    const reasons = (reason: string) => opened({ details: [{ reason }] }).reasons;
    expect(reasons(' API_KEY_INVALID ')).toEqual(['API_KEY_INVALID']);
    expect(['see API_KEY_INVALID', 'API_KEY_INVALID now', 'required'].flatMap(reasons)).toEqual([]);
    expect(opened({ errors: [{ details: [{ reason: 'API_KEY_INVALID' }] }] }).reasons).toEqual([]);
    expect(opened({ error: { message: '{"details":[{"reason":"API_KEY_INVALID"}]}' } }).reasons).toEqual([
      'API_KEY_INVALID',
    ]);
  });

  test('looks for quoted JSON in any member that begins with it, and for words in messages only', () => {
    const inner = '{"error":{"message":"inner"}}';
    expect(opened({ note: ` ${inner}` }).messages).toEqual(['inner']);
    expect(opened({ note: `see ${inner}` }).messages).toEqual([]);
    expect(opened({ note: `${inner} after` }).messages).toEqual(['inner']);
    expect(opened({ message: `see ${inner}` }).messages).toEqual(['inner', 'see']);
    expect(opened({ message: inner }).messages).toEqual(['inner']);
    expect(opened({ message: ['one', 'two'] }).messages).toEqual(['one', 'two']);
  });

  test('knows that what a message quotes is cut off', () => {
    expect(opened({ message: '{"error":{"code":400' }).cut).toBe(true);
    expect(opened({ message: '{"error":{"code":400}}' }).cut).toBe(false);
  });

  test('reads codes that are statuses or gRPC’s, and words', () => {
    const status = (code: unknown) => opened({ error: { code } }).status;
    expect([400, '400', 7, 'NOT_FOUND', '40', 4000, '4000', '1x', null, true, [400]].map(status)).toEqual([
      400,
      400,
      403,
      404,
      ...Array.from({ length: 7 }, () => undefined),
    ]);
  });

  test('goes as deep as answers are wrapped, and no deeper', () => {
    const nested = (levels: number) => {
      let text = '{"message":"deep"}';
      for (let level = 0; level < levels; level += 1) text = `{"a":${text}}`;
      return openEnvelope(text).messages;
    };
    expect([nested(20), nested(30)]).toEqual([['deep'], []]);
    const inLists = (levels: number) => `{"a":${'['.repeat(levels)}{"message":"deep"}${']'.repeat(levels)}}`;
    expect([10, 30].map((levels) => openEnvelope(inLists(levels)).messages)).toEqual([['deep'], []]);
  });

  test.each([
    [{ error: 'unauthorized' }, true],
    [{ error: { message: 'x' } }, true],
    [{ error: {} }, false],
    [{ error: null }, false],
    [{ code: 400, status: 'INVALID_ARGUMENT' }, true],
    [{ code: '400', status: 'INVALID_ARGUMENT' }, false],
    [{ code: 400, status: 'fine' }, false],
    [{ code: 400 }, false],
  ])('%j declares an error: %p', (value, failed) => {
    expect(opened(value).failed).toBe(failed);
  });

  test.each([
    [{ candidates: [{}] }, true],
    [{ candidates: [] }, false],
    [{ promptFeedback: {} }, true],
    [{ models: [{ name: 'models/g' }] }, true],
    [{ models: [{ name: 'x models/g' }] }, false],
    [{ models: [{ name: 'models/g h' }] }, false],
    [{ models: ['models/g'] }, false],
    [{ name: 'tunedModels/g' }, true],
    [{ name: 7 }, false],
    [{ totalTokens: 1 }, true],
    [{ totalTokens: '1' }, false],
    [{ embedding: {} }, true],
    [{ embeddings: [{}] }, true],
    [{ choices: [{}] }, true],
    [{ object: 'list', data: [{}] }, true],
    [{ object: 'list', data: [] }, false],
    [{ data: [{}] }, false],
  ])('%j is what a working key gets: %p', (value, succeeded) => {
    expect(opened(value).succeeded).toBe(succeeded);
  });
});

describe('evidence', () => {
  test.each([
    [199, false],
    [200, true],
    [299, true],
    [300, false],
  ])('a success at %i counts: %p', (status, succeeded) => {
    expect(seen(MODELS, status)).toMatchObject({ succeeded, meaningless: succeeded, status });
  });

  test('without a status a success counts, and an error does not', () => {
    expect(seen(MODELS).succeeded).toBe(true);
    expect(seen(`{"error":{"message":"x"},${MODELS.slice(1)}`)).toMatchObject({ succeeded: false });
    expect(seen(GENERATED, 200)).toMatchObject({ succeeded: true, status: 200 });
  });

  test('an error inside a 2xx has the status that it names itself', () => {
    expect(seen('{"error":{"code":403}}', 200)).toMatchObject({ status: 403, meaningless: false });
  });

  test('words around a 2xx are nobody’s evidence; beside an error they are', () => {
    expect([seen('API key expired', 200).words, seen('API key expired', 400).words]).toEqual(['', 'api key expired']);
  });

  test('the words are all that was said, what is innermost first, and the labels at the end', () => {
    const body = '{"error":{"message":"Outer {\\"message\\":\\"Inner\\"}","status":"ONE","code":"two"}} after';
    expect(seen(body, 400).words).toBe('inner outer after one two');
    expect(seen('{"error":{"message":" ","status":"ONE"}}', 400).message).toBe('ONE');
    expect(seen('{"error":{"status":"ONE","code":"two"}}', 400).message).toBe('ONE two');
  });

  test('a header of HTTP is no word of the answer, but one quoted in it is', () => {
    expect(seen('HTTP/1.1 400 Bad\r\nx: y\r\n\r\nAPI key expired').words).toBe('api key expired');
    expect(seen('see HTTP/1.1 400 Bad\n\nAPI key expired').words).toBe('see http/1.1 400 bad api key expired');
  });

  test.each([
    ['Failed with status 400', 400],
    ['Failed with status 399', 500],
    ['Failed with status 200', 500],
    ['Failed', 500],
  ])('a wrapper’s 500 that says “%s” is %i', (text, status) => {
    expect(seen(text, 500).status).toBe(status);
  });

  test('a page has no reasons, and its title is its message', () => {
    const sorry = '<HTML><TITLE>Sorry</TITLE> API_KEY_INVALID';
    expect(seen(sorry, 400)).toMatchObject({ page: true, reasons: [], message: 'a web page: Sorry' });
    expect(seen(`{"error":{"message":${JSON.stringify(page('No'))}}}`, 400).page).toBe(true);
  });

  test('a type that says HTML makes a page of what is no JSON', () => {
    expect(seen('x', 400, { contentType: 'Text/HTML; charset=utf-8' }).page).toBe(true);
    expect(seen('x', 400, { contentType: 'application/xhtml+xml' }).page).toBe(true);
    expect(seen('x', 400, { contentType: 'text/htmlx' }).page).toBe(false);
    expect(seen('x', 400).page).toBe(false);
  });

  test('a reason spelled in a text counts, known or not; a bare word only when it is known', () => {
    expect(seen('[reason: "NEW_IN_2027"]', 400)).toMatchObject({ reasons: ['NEW_IN_2027'], reason: 'NEW_IN_2027' });
    expect(seen('"reason":"NEW_IN_2027"', 400).reasons).toEqual(['NEW_IN_2027']);
    expect(seen('NEW_IN_2027 and API_KEY_INVALID', 400).reasons).toEqual(['API_KEY_INVALID']);
  });

  test('an echo makes a complaint about the form of any answer, whatever its details', () => {
    expect(seen('{"error":{"message":"Invalid value at \'x\'"}}', 400).malformed).toBe(true);
    expect(seen('{"error":{"details":[{"fieldViolations":[]}]}}', 400).malformed).toBe(true);
    expect(seen('{"error":{"message":"x"}}', 400).malformed).toBe(false);
  });
});

describe('a text taken apart', () => {
  test.each([
    ['a Ruby hash', 'it {:code=>400, :message => "x"}', [{ code: 400, message: 'x' }], 'it', false],
    ['an Elixir map', '%{"code" => 400} then', [{ code: 400 }], 'then', true],
    ['JSON in a string', 'body: "{\\"a\\":1} tail', [{ a: 1 }], 'body: " tail', false],
    [
      'frames of a stream',
      ': hi\nevent: e\nid: 7\nretry: 3\ndata: {"a":1}\ndata:{"b":2}',
      [{ a: 1 }, { b: 2 }],
      '',
      true,
    ],
    ['nothing', '', [], '', false],
    ['words alone', 'id is not: {none', [], 'id is not: {none', false],
  ])('%s', (_, text, values, prose, leads) => {
    expect(dissect(text)).toEqual({ values, prose, leads, cut: false });
  });

  test('JSON in a string that is cut off says so, and nothing after it is read twice', () => {
    expect(dissect('body: "{\\"a\\":{\\"b\\":1')).toMatchObject({ values: [{ a: {} }], cut: true });
  });

  test('a list is no object', () => {
    expect([isObject([]), isObject(null), isObject({})]).toEqual([false, false, true]);
  });
});
