import { OAuth2Client, UserRefreshClient } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import type { JsonRecord } from '../../../src/core/values/json.ts';
import { googleRest, listIn, nextPageIn, type RestCall, type RestOptions } from '../../../src/edge/google/rest.ts';
import { httpLoopback } from '../../support/loopback.ts';
import { refusal, type Line } from '../../support/scripted-vault.ts';
import { scriptedGoogle } from '../../support/scripted-google.ts';

const KEY = 'AI' + 'za' + 's'.repeat(35);
const GET: RestCall = { method: 'GET', path: '/v2/x', project: 'demo-project' };
const ASKED = { doing: 'look at x', permission: 'x.get', role: 'roles/x' };

function asking(lines: readonly Line[], call: Partial<RestCall> = {}, options: Partial<RestOptions> = {}) {
  return scriptedGoogle(lines, async ({ url }): Promise<JsonRecord> => {
    const rest = googleRest({ title: 'X', url, ...options });
    try {
      return await rest.ask({ ...GET, ...call }, ASKED);
    } finally {
      await rest.close();
    }
  });
}

function withToken<Client extends OAuth2Client>(client: Client): Client {
  client.setCredentials({ access_token: 'token' });
  return client;
}

describe('what is sent', () => {
  test('a GET says who is asking and what it can read, and has no body', async () => {
    const { outcome, heard } = await asking([{ body: { a: 1 } }], { query: { q: 'a b' } });
    expect(outcome).toEqual({ a: 1 });
    expect(heard).toMatchObject([{ method: 'GET', path: '/v2/x', query: { q: 'a b' } }]);
    const { headers, body } = heard[0] ?? {};
    expect(headers).toMatchObject({
      'user-agent': 'gemini-key-warden',
      accept: 'application/json',
      'accept-encoding': 'identity',
    });
    expect(headers).not.toHaveProperty('content-type');
    expect(body).toBeUndefined();
  });

  test('a body goes out as JSON', async () => {
    const { heard } = await asking([{}], { method: 'POST', body: { a: [1] } });
    expect(heard).toMatchObject([
      { method: 'POST', body: { a: [1] }, headers: { 'content-type': 'application/json' } },
    ]);
  });

  test('a prefix of the URL stands before the path', async () => {
    const { heard } = await scriptedGoogle([{}], async ({ url }) => {
      const rest = googleRest({ title: 'X', url: `${url}/pre/` });
      await rest.ask(GET, ASKED);
      await rest.close();
    });
    expect(heard[0]?.path).toBe('/pre/v2/x');
  });

  test('a URL that would send it readable over the network is refused at once', () => {
    expect(() => googleRest({ title: 'X', url: 'http://x.example' })).toThrow('The X URL is plain http to x.example');
  });
});

describe('as whom', () => {
  test('plain http carries nobody’s credentials: a pretend cloud wants none', async () => {
    const { heard } = await asking([{}]);
    expect(heard[0]?.headers).not.toHaveProperty('authorization');
    expect(heard[0]?.headers).not.toHaveProperty('x-goog-user-project');
  });

  test('a given client’s token is sent, and no quota project for it', async () => {
    const { heard } = await asking([{}], {}, { authClient: withToken(new OAuth2Client()) });
    expect(heard[0]?.headers.authorization).toBe('Bearer token');
    expect(heard[0]?.headers).not.toHaveProperty('x-goog-user-project');
  });

  test('a person’s credentials without a quota project borrow the project that is asked about', async () => {
    const { heard } = await asking([{}], {}, { authClient: withToken(new UserRefreshClient()) });
    expect(heard[0]?.headers['x-goog-user-project']).toBe('demo-project');
  });

  test('a person’s own quota project is kept', async () => {
    const authClient = withToken(new UserRefreshClient());
    authClient.quotaProjectId = 'mine';
    const { heard } = await asking([{}], {}, { authClient });
    expect(heard[0]?.headers['x-goog-user-project']).toBe('mine');
  });

  test('credentials that take too long are given up with the call, and nothing is sent late', async () => {
    const authClient = new OAuth2Client();
    const { promise, resolve } = Promise.withResolvers<Headers>();
    authClient.getRequestHeaders = () => promise;
    const { outcome, heard } = await asking([{}], {}, { authClient, callMs: 20 });
    resolve(new Headers());
    expect(outcome).toMatchObject({ code: 'timeout' });
    expect(heard).toEqual([]);
  });

  describe('with no credentials', () => {
    const NAME = 'GOOGLE_APPLICATION_CREDENTIALS';
    const before = process.env[NAME];
    beforeEach(() => {
      process.env[NAME] = '/nonexistent/credentials.json';
    });
    afterEach(() => {
      if (before === undefined) delete process.env[NAME];
      else process.env[NAME] = before;
    });

    test('nothing is sent over https, and what to do is said', async () => {
      const { outcome, heard } = await scriptedGoogle([{}], async ({ url }) => {
        await using stack = new AsyncDisposableStack();
        const rest = googleRest({ title: 'X', url: url.replace('http', 'https') });
        stack.defer(() => rest.close());
        return await rest.ask(GET, ASKED);
      });
      expect(outcome).toMatchObject({
        code: 'unauthenticated',
        message:
          'Cannot look at x: there are no usable Google credentials. ' +
          'Run `gcloud auth application-default login`, or attach a service account to the function.',
      });
      expect(heard).toEqual([]);
    });
  });
});

describe('what comes back', () => {
  test.each<[Line, string]>([
    [refusal(400, 'INVALID_ARGUMENT', 'x'), 'invalid'],
    [refusal(400, 'FAILED_PRECONDITION', 'x'), 'invalid'],
    [refusal(400, 'OUT_OF_RANGE', 'x'), 'invalid'],
    [refusal(401, 'UNAUTHENTICATED', 'x'), 'unauthenticated'],
    [refusal(403, 'PERMISSION_DENIED', 'x'), 'denied'],
    [refusal(404, 'NOT_FOUND', 'x'), 'not_found'],
    [refusal(409, 'ALREADY_EXISTS', 'x'), 'exists'],
    [refusal(409, 'ABORTED', 'x'), 'stale'],
    [refusal(429, 'RESOURCE_EXHAUSTED', 'x'), 'limited'],
    [refusal(499, 'CANCELLED', 'x'), 'unavailable'],
    [refusal(500, 'INTERNAL', 'x'), 'unavailable'],
    [refusal(500, 'UNKNOWN', 'x'), 'unavailable'],
    [refusal(500, 'DATA_LOSS', 'x'), 'corrupt'],
    [refusal(501, 'UNIMPLEMENTED', 'x'), 'invalid'],
    [refusal(503, 'UNAVAILABLE', 'x'), 'unavailable'],
    [refusal(504, 'DEADLINE_EXCEEDED', 'x'), 'timeout'],
  ])('a refusal is told by the name of its status: %j', async (line, code) => {
    expect((await asking([line])).outcome).toMatchObject({ code });
  });

  test.each<[string, Line]>([
    ['a proxy’s page that says 404', { status: 404, body: '<html>not found</html>' }],
    ['a status of no name', refusal(404, 'GONE_FISHING', 'x')],
    ['a redirect', { status: 302, body: '' }],
    ['an error that is text', { status: 404, body: { error: 'not found' } }],
    ['a code without a status', { status: 404, body: { error: { code: 5 } } }],
    ['a 200 without JSON', { body: 'ok' }],
    ['a 200 with a list', { body: [] }],
    ['a 201', { status: 201, body: {} }],
    ['a broken connection', 'lose'],
  ])('%s decides nothing', async (_, line) => {
    expect((await asking([line])).outcome).toMatchObject({ code: 'unavailable' });
  });

  test('Google’s words, the permission and a role are in the message', async () => {
    const { outcome } = await asking([refusal(403, 'PERMISSION_DENIED', 'No x for you.')]);
    expect(outcome).toMatchObject({
      message:
        'Cannot look at x: Google says "No x for you." Grant x.get on it, for example with roles/x. ' +
        'The same answer is given when it does not exist.',
      cause: { rpcCode: 7, httpStatus: 403, reason: undefined },
    });
  });

  test.each<[string, unknown]>([
    ['the only detail', [{ reason: 'SERVICE_DISABLED' }]],
    ['a later detail', ['?', { '@type': 'Help' }, { reason: 'SERVICE_DISABLED' }]],
  ])('a reason is found in %s', async (_, details) => {
    const line = { status: 403, body: { error: { status: 'PERMISSION_DENIED', message: 'Off.', details } } };
    expect((await asking([line])).outcome).toMatchObject({
      message: 'Cannot look at x: Google says "Off." Enable the API in that project, then wait a few minutes.',
      cause: { reason: 'SERVICE_DISABLED' },
    });
  });

  test('no answer within the time limit is a timeout', async () => {
    const { outcome } = await asking(['hang'], {}, { callMs: 20 });
    expect(outcome).toMatchObject({ code: 'timeout', message: 'Cannot look at x: no answer came in time.' });
  });

  test('an answer without end is given up', async () => {
    const { outcome } = await asking([{ body: { a: 'x'.repeat(4_194_304) } }]);
    expect(outcome).toMatchObject({ code: 'unavailable' });
  });

  test('a key string in half an answer or in a refusal goes no further (I9)', async () => {
    const half = await asking([{ body: `{"keyString": "${KEY}` }]);
    const refused = await asking([refusal(400, 'INVALID_ARGUMENT', `Bad ${KEY}.`)]);
    expect(half.outcome).toMatchObject({ code: 'unavailable' });
    expect(inspect([half.outcome, refused.outcome], { depth: 10, showHidden: true })).not.toContain(KEY);
  });
});

test('no more than eight connections are opened, however many calls are made at once', async () => {
  await using server = await httpLoopback((_, response) => void response.end('{}'));
  const rest = googleRest({ title: 'X', url: server.url });
  await Promise.all(Array.from({ length: 30 }, () => rest.ask(GET, ASKED)));
  await rest.close();
  expect(server.sockets()).toBe(8);
});

describe('a list in an answer', () => {
  test('is empty when it is left out, and refused when it is no list', () => {
    expect(listIn({ keys: [1] }, 'keys', ASKED)).toEqual([1]);
    expect(listIn({}, 'keys', ASKED)).toEqual([]);
    expect(() => listIn({ keys: {} }, 'keys', ASKED)).toThrow('Cannot look at x');
  });

  test('goes on where a text says so', () => {
    expect(nextPageIn({ nextPageToken: 'two' })).toBe('two');
    expect(nextPageIn({ nextPageToken: 2 })).toBeUndefined();
  });
});
