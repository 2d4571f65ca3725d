import diagnostics from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isRecord } from '../../../src/core/values/json.ts';
import { run } from '../../support/captured.ts';
import { departures, methodOf } from './documents.ts';

/** One exchange of the demo with the pretend cloud, as it went over the wire. */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly status: number;
  readonly body: string;
}

const CHANNEL = 'http.server.request.start';
const exchanges: Exchange[] = [];

/** Node tells of each request that a server in this process gets; the answer is read where it is written. */
function record(message: unknown): void {
  if (!isRecord(message)) return;
  const { request, response } = message;
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return;
  const end = response.end.bind(response);
  const url = new URL(request.url ?? '/', 'http://cloud');
  response.end = (...words: unknown[]) => {
    const [body] = words;
    exchanges.push({
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      status: response.statusCode,
      body: typeof body === 'string' ? body : '',
    });
    return Reflect.apply(end, response, words);
  };
}

const GOOGLE = /^\/(v1|v2|v3)\/(projects|operations|keys)/;
let google: readonly Exchange[] = [];
beforeAll(async () => {
  diagnostics.subscribe(CHANNEL, record);
  expect(await run(['demo'])).toMatchObject({ code: 0 });
  google = exchanges.filter(({ path }) => GOOGLE.test(path));
}, 300_000);
afterAll(() => {
  diagnostics.unsubscribe(CHANNEL, record);
});

test('the demo asks Secret Manager, API Keys and Pub/Sub, dozens of times', () => {
  const asked = new Set(google.map(({ method, path }) => methodOf(method, path)?.document.id));
  expect(asked).toEqual(new Set(['secretmanager:v1', 'apikeys:v2', 'pubsub:v1']));
  expect(google.length).toBeGreaterThan(60);
});

test('every request of the demo is a method that Google has, with parameters that it has', () => {
  const strange = google.flatMap(({ method, path, query }) => {
    const found = methodOf(method, path);
    if (found === undefined) return [`${method} ${path}`];
    const known = [...(found.method.query ?? []), '$alt', 'alt', 'prettyPrint', 'fields'];
    return [...query.keys()].filter((name) => !known.includes(name)).map((name) => `${method} ${path}?${name}`);
  });
  expect(strange).toEqual([]);
});

test('every answer has the form of Google’s schema', () => {
  const wrong = google.flatMap(({ method, path, status, body, query }) => {
    const found = methodOf(method, path);
    const answer: unknown = JSON.parse(body);
    if (status !== 200) return isError(answer, status) ? [] : [`${status} ${path}`];
    if (found === undefined) return [];
    const numbered = query.get('$alt')?.includes('enum-encoding=int') === true;
    return departures(found.document, { $ref: found.method.response }, answer)
      .filter((flaw) => !(numbered && /\.state: \d is not a string$/.test(flaw)))
      .map((flaw) => `${path}${flaw}`);
  });
  expect(wrong).toEqual([]);
});

test('an answer with a field that Google does not have would be told', () => {
  const found = methodOf('GET', '/v1/projects/p/secrets/s');
  const flawed = { name: 'n', createTime: 'yesterday', surprise: 1, rotation: 7, topics: {}, secretType: 'MINE' };
  const schema = { $ref: found?.method.response };
  expect(found && departures(found.document, schema, flawed)).toHaveLength(5);
});

function isError(answer: unknown, status: number): boolean {
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : {};
  return error['code'] === status && typeof error['message'] === 'string' && typeof error['status'] === 'string';
}
