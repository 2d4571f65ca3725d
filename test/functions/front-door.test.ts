import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { cloudEvent, http as httpFunction, type CloudEvent } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import http, { type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { CallerCheck } from '../../src/edge/process/callers.ts';
import { serveBehind } from '../../src/functions/framework-server.ts';
import { BODY_BYTES_MAX, frontDoor, type Entrance } from '../../src/functions/front-door.ts';
import { STANDARD_KEY } from '../support/fixtures/gemini-answer-parts.ts';

const lines: string[] = [];
const printed: string[] = [];
const heard: unknown[] = [];
const servers: Server[] = [];
let isEnding = false;

const log = { write: (_: string, message: string) => void lines.push(message) };
/** Lets in whoever says so. */
const callers: CallerCheck = (authorization) =>
  Promise.resolve(
    authorization === 'Bearer good'
      ? { allowed: true, caller: 'me', by: { who: 'me', is: 'verified' }, mayEmergency: false }
      : { allowed: false, status: 401, why: 'no bearer token' },
  );

async function behind(name: string, entrance: Entrance, host?: string): Promise<number> {
  serveBehind({ door: frontDoor(log, entrance, callers, () => isEnding), host });
  const server = getTestServer(name);
  servers.push(server);
  server.listen(0, () => undefined);
  await once(server, 'listening');
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let calls = 0;
let events = 0;

beforeAll(async () => {
  for (const way of ['error', 'warn', 'log'] as const)
    jest.spyOn(console, way).mockImplementation((...said: unknown[]) => void printed.push(said.join(' ')));
  httpFunction('calls', ({ rawBody, query }, response) => {
    heard.push(rawBody?.toString());
    response.status(200).json({ bytes: rawBody?.length, query });
  });
  cloudEvent('events', ({ data }: CloudEvent<unknown>) => void heard.push(data));
  calls = await behind('calls', { takes: 'calls', methods: ['GET', 'POST'] });
  events = await behind('events', { takes: 'events', methods: ['POST'] });
});

beforeEach(() => {
  for (const list of [lines, printed, heard]) list.length = 0;
});

afterAll(() => {
  jest.restoreAllMocks();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Ends the request; without it, the answer must come while the body is outstanding. */
  readonly ends?: boolean;
}

async function send(port: number, { path = '/', method = 'POST', headers = {}, body, ends = true }: Sent) {
  const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  if (ends) request.end(body);
  else if (body === undefined) request.flushHeaders();
  else request.write(body);
  const [response] = await answered;
  const answer = { status: response.statusCode, body: await text(response), close: response.headers.connection };
  request.destroy();
  return answer;
}

const GOOD = { authorization: 'Bearer good' };
const JSON_GOOD = { ...GOOD, 'content-type': 'application/json' };

describe('before a byte of the body is read', () => {
  test.each([
    ['a stranger', 401, { headers: { 'content-length': 60_000 } }],
    ['another method', 405, { method: 'PUT', headers: { ...GOOD, 'content-length': 60_000 } }],
    ['another path', 404, { path: '/favicon.ico', headers: { ...GOOD, 'content-length': 60_000 } }],
    ['too long a body', 413, { headers: { ...GOOD, 'content-length': BODY_BYTES_MAX + 1 } }],
    ['a compressed body', 415, { headers: { ...GOOD, 'content-encoding': 'gzip', 'content-length': 60_000 } }],
    ['a method for events', 405, { method: 'GET', headers: { ...GOOD, 'content-length': 60_000 } }, 'events'],
    ['a path for events', 404, { path: '/projects/p/topics/t/x', headers: GOOD }, 'events'],
    ['a stranger with an event', 401, { headers: { 'content-length': 60_000 } }, 'events'],
  ] as const)('%s is refused with %i', async (_, status, sent, to: 'calls' | 'events' = 'calls') => {
    const answer = await send(to === 'calls' ? calls : events, { ...sent, ends: false });
    expect(answer).toMatchObject({ status, close: 'close' });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: status } });
    expect(heard).toEqual([]);
  });

  test('nobody is let in once the process was asked to end', async () => {
    isEnding = true;
    const answer = await send(calls, { headers: JSON_GOOD, body: '{}' });
    isEnding = false;
    expect(answer).toMatchObject({ status: 503, close: 'close' });
  });
});

describe('a body', () => {
  test('of a caller reaches the function as it is, up to 64 KiB', async () => {
    for (const body of ['', '{"a":1}', '{"a":', 'x'.repeat(BODY_BYTES_MAX)]) {
      expect((await send(calls, { path: '/?a=1', headers: JSON_GOOD, body })).status).toBe(200);
      expect(heard.pop()).toBe(body);
    }
    expect((await send(calls, { method: 'GET', headers: GOOD })).body).toBe('{"bytes":0,"query":{}}');
  });

  test('of no stated length is counted while it comes', async () => {
    const headers = { ...JSON_GOOD, 'transfer-encoding': 'chunked' };
    expect((await send(calls, { headers, body: 'x'.repeat(BODY_BYTES_MAX) })).status).toBe(200);
    const answer = await send(calls, { headers, body: 'x'.repeat(BODY_BYTES_MAX + 1), ends: false });
    expect(answer).toMatchObject({ status: 413, close: 'close' });
  });

  test('that expands to gigabytes is not expanded', async () => {
    const headers = { ...JSON_GOOD, 'content-encoding': 'gzip' };
    expect((await send(calls, { headers, body: gzipSync(Buffer.alloc(50_000_000)) })).status).toBe(415);
  });

  test('of a caller who goes away in the middle is nobody’s', async () => {
    const socket = connect(calls, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\ncontent-length: 9\r\n\r\n{');
    await new Promise<void>((sent) => void socket.write('"', () => sent()));
    socket.destroy();
    await once(socket, 'close');
    expect((await send(calls, { headers: JSON_GOOD, body: 'next' })).status).toBe(200);
    expect(heard).toEqual(['next']);
  });
});

describe('an event', () => {
  const message = { data: 'e30=', attributes: { a: 'b' }, messageId: '1', publishTime: '2026-11-24T00:00:00Z' };
  const path = '/projects/p/topics/t';

  test('is what Pub/Sub pushes', async () => {
    const body = JSON.stringify({ message: { ...message, orderingKey: 'k' }, subscription: 's' });
    expect((await send(events, { path, headers: JSON_GOOD, body })).status).toBe(204);
    expect(heard).toMatchObject([{ message: { data: 'e30=', attributes: { a: 'b' }, messageId: '1' } }]);
    expect(printed).toEqual([]);
  });

  test('is taken as Eventarc wraps it, too', async () => {
    const headers = { ...JSON_GOOD, 'ce-id': '1', 'ce-source': '//x', 'ce-specversion': '1.0', 'ce-type': 't' };
    expect((await send(events, { headers, body: JSON.stringify({ message }) })).status).toBe(204);
    expect(heard).toMatchObject([{ message: { data: 'e30=' } }]);
  });

  test.each([
    ['no JSON', `{"message":"${STANDARD_KEY}`, 400],
    ['no message', `{"context":"${STANDARD_KEY}","data":1}`, 400],
    ['a message of other types', JSON.stringify({ message: { data: 1, attributes: STANDARD_KEY }, context: 'x' }), 204],
  ])('of %s is not quoted anywhere', async (_, body, status) => {
    const answer = await send(events, { path, headers: JSON_GOOD, body });
    expect(answer.status).toBe(status);
    expect([answer.body, ...lines, ...printed].join('\n')).not.toContain(STANDARD_KEY.slice(4, 20));
  });
});

test('what a stranger sends is on no line and in no answer', async () => {
  const answer = await send(calls, { headers: { 'content-type': 'application/json' }, body: `{"${STANDARD_KEY}` });
  expect(answer.status).toBe(401);
  expect([answer.body, ...lines, ...printed].join('\n')).not.toContain(STANDARD_KEY.slice(4, 20));
  expect(printed).toEqual([]);
});

describe('the framework, in the version that is pinned', () => {
  test('makes its one server so that the door is before it, and others are made as ever', async () => {
    const { createServer } = http;
    const port = await behind('calls', { takes: 'calls', methods: ['POST'] });
    expect(http.createServer).toBe(createServer);
    expect((await send(port, { headers: {}, body: '' })).status).toBe(401);
  });

  test('without the door would answer a stranger: this is what the door is for', async () => {
    const server = getTestServer('calls');
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect((await send(portOf(server), { headers: {}, body: '' })).status).toBe(200);
  });

  test('listens where it is told', async () => {
    await behind('calls', { takes: 'calls', methods: ['POST'] }, '127.0.0.1');
    expect(servers.at(-1)?.address()).toMatchObject({ address: '127.0.0.1' });
  });
});
