import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AUTH, NUMBER, PROJECT, STANDARD, testCloud, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
beforeEach(async () => {
  await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
});
afterAll(() => cloud.close());

const UNKNOWN_STANDARD = 'AI' + 'za' + 'u'.repeat(35);
const UNKNOWN_AUTH = 'A' + 'Q.' + 'u'.repeat(50);
const key = { 'x-goog-api-key': STANDARD };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const model = (id: string) => `/v1beta/models/${id}`;
const CONTENTS = { contents: [{ parts: [{ text: 'Hi' }] }] };

const REGISTERED = "Method doesn't allow unregistered callers";
const GENERIC = 'Request had invalid authentication credentials';
const INVALID = 'API key not valid. Please pass a valid API key.';
const TWO = 'Multiple authentication credentials received. Please pass only one.';
const ONE = 'Missing or invalid Authorization header.';

describe('how a key is sent decides what its answer means', () => {
  test.each<[string, string, Record<string, string>, number, string, string | undefined]>([
    ['nothing', '/v1beta/models', {}, 403, REGISTERED, undefined],
    ['an empty header', '/v1beta/models', { 'x-goog-api-key': '' }, 403, REGISTERED, undefined],
    [
      'an unknown standard key in the header',
      '/v1beta/models',
      { 'x-goog-api-key': UNKNOWN_STANDARD },
      400,
      INVALID,
      'API_KEY_INVALID',
    ],
    [
      'an unknown standard key in the URL',
      `/v1beta/models?key=${UNKNOWN_STANDARD}`,
      {},
      400,
      INVALID,
      'API_KEY_INVALID',
    ],
    ['garbage', '/v1beta/models', { 'x-goog-api-key': 'not-a-key' }, 400, INVALID, 'API_KEY_INVALID'],
    [
      'an unknown auth key in the header',
      '/v1beta/models',
      { 'x-goog-api-key': UNKNOWN_AUTH },
      401,
      GENERIC,
      'ACCESS_TOKEN_TYPE_UNSUPPORTED',
    ],
    [
      'an unknown auth key in the URL',
      `/v1beta/models?key=${UNKNOWN_AUTH}`,
      {},
      401,
      GENERIC,
      'ACCESS_TOKEN_TYPE_UNSUPPORTED',
    ],
    ['an auth key as Bearer', '/v1beta/models', bearer(AUTH), 401, GENERIC, 'API_KEY_SERVICE_BLOCKED'],
    ['a standard key as Bearer', '/v1beta/models', bearer(STANDARD), 401, GENERIC, 'ACCESS_TOKEN_TYPE_UNSUPPORTED'],
    ['two credentials', '/v1beta/models', { ...key, ...bearer(STANDARD) }, 400, TWO, undefined],
  ])('%s', async (_, path, headers, status, message, reason) => {
    const heard = await cloud.ask('GET', path, { headers });
    expect(heard.status).toBe(status);
    const { error } = heard.json() as { error: { message: string; details?: { reason?: string }[] } };
    expect(error.message).toContain(message);
    expect(error.details?.[0]?.reason).toBe(reason);
  });

  test('a good key works in the header and in the URL, with space around it', async () => {
    expect((await cloud.ask('GET', '/v1beta/models', { headers: key })).status).toBe(200);
    expect((await cloud.ask('GET', `/v1/models?key=${STANDARD}%0A`)).status).toBe(200);
  });

  test('an auth key works in the header', async () => {
    await cloud.control('POST keys', { key: AUTH, state: 'works' });
    const heard = await cloud.ask('GET', '/v1beta/models', { headers: { 'x-goog-api-key': AUTH } });
    expect(heard.status).toBe(200);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['the header alone', key, 400, ONE],
    ['nothing', {}, 400, ONE],
    ['two credentials', { ...key, ...bearer(STANDARD) }, 400, TWO],
    ['an unknown key as Bearer', bearer(UNKNOWN_STANDARD), 400, INVALID],
  ])(
    'the OpenAI-compatible route takes Bearer only and wraps errors in an array: %s',
    async (_, headers, status, message) => {
      const heard = await cloud.ask('GET', '/v1beta/openai/models', { headers });
      expect(heard.status).toBe(status);
      expect(heard.json()).toEqual([{ error: expect.objectContaining({ code: status, message }) }]);
    },
  );

  test('the OpenAI-compatible route lists models and chats', async () => {
    const headers = bearer(STANDARD);
    const listed = await cloud.ask('GET', '/v1beta/openai/models', { headers });
    expect(listed.json()).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([{ id: 'models/gemini-2.5-flash', object: 'model', owned_by: 'google' }]),
    });
    const body = { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: 'Hi' }] };
    const chatted = await cloud.ask('POST', '/v1beta/openai/chat/completions', { headers, body });
    expect(chatted.json()).toMatchObject({ object: 'chat.completion', choices: [{ message: { role: 'assistant' } }] });
    const lost = await cloud.ask('POST', '/v1beta/openai/chat/completions', { headers, body: {} });
    expect(lost.status).toBe(404);
  });
});

describe('models', () => {
  test('come in pages until there is no token', async () => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const heard = await cloud.ask('GET', `/v1beta/models?pageSize=4&pageToken=${pageToken}`, { headers: key });
      const page = heard.json() as { models: { name: string }[]; nextPageToken?: string };
      names.push(...page.models.map(({ name }) => name));
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(new Set(names).size).toBe(names.length);
    const all = (await cloud.ask('GET', '/v1beta/models', { headers: key })).json();
    expect(all).toEqual({ models: names.map((name) => expect.objectContaining({ name })) });
  });

  test('hold kinds that cannot answer a prompt', async () => {
    const heard = await cloud.ask('GET', '/v1beta/models', { headers: key });
    const { models } = heard.json() as { models: { supportedGenerationMethods: string[] }[] };
    const silent = models.filter(
      ({ supportedGenerationMethods }) => !supportedGenerationMethods.includes('generateContent'),
    );
    expect(silent.length).toBeGreaterThan(2);
  });

  test.each(['pageSize=-1', 'pageSize=x', 'pageToken=nonsense'])('a bad page is refused: %s', async (query) => {
    const heard = await cloud.ask('GET', `/v1beta/models?${query}`, { headers: key });
    expect(heard.json()).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
  });

  test('are found one by one', async () => {
    const heard = await cloud.ask('GET', model('gemini-2.5-flash'), { headers: key });
    expect(heard.json()).toMatchObject({ name: 'models/gemini-2.5-flash', displayName: 'Gemini 2.5 Flash' });
    const gone = await cloud.ask('GET', model('gemini-1.0-pro'), { headers: key });
    expect(gone.json()).toMatchObject({
      error: {
        code: 404,
        message: expect.stringMatching(/^models\/gemini-1\.0-pro is not found for API version v1beta/),
      },
    });
  });
});

describe('generating', () => {
  const generate = (body: unknown, id = 'gemini-2.5-flash') =>
    cloud.ask('POST', `${model(id)}:generateContent`, { headers: key, body });

  test('answers a candidate', async () => {
    const heard = await generate(CONTENTS);
    expect(heard.json()).toMatchObject({
      candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }],
      usageMetadata: { totalTokenCount: 9 },
      modelVersion: 'gemini-2.5-flash',
    });
  });

  test('stops after one token when asked to', async () => {
    for (const config of ['generationConfig', 'generation_config']) {
      const heard = await generate({ ...CONTENTS, [config]: { maxOutputTokens: 1 } });
      expect(heard.json()).toMatchObject({
        candidates: [{ finishReason: 'MAX_TOKENS' }],
        usageMetadata: { candidatesTokenCount: 1, totalTokenCount: 2 },
      });
    }
  });

  test.each<[string, unknown, RegExp]>([
    ['no contents', {}, /contents is not specified/],
    ['empty contents', { contents: [] }, /contents is not specified/],
    ['no parts', { contents: [{}] }, /contents\[0\]\.parts: contents\.parts must not be empty/],
    [
      'contents of another type',
      { contents: 'Hi' },
      /'contents' \(type\.googleapis\.com\/google\.ai\.generativelanguage\.v1beta\.Content\), "Hi"/,
    ],
    [
      'a role of its own',
      { contents: [{ role: 'me', parts: [{ text: 'Hi' }] }] },
      /Please use a valid role: user, model\./,
    ],
    [
      'an unknown field',
      { ...CONTENTS, enable_thinking: true },
      /^Invalid JSON payload received\. Unknown name "enable_thinking": Cannot find field\.$/,
    ],
    ['no JSON', '{', /^Invalid JSON payload received\. Unexpected token\./],
    ['another JSON', '[]', /^Invalid JSON payload received\./],
  ])('refuses a bad body: %s', async (_, body, message) => {
    const heard = await generate(body);
    expect(heard.json()).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) },
    });
  });

  test('does not know a model that is gone, or one that cannot generate', async () => {
    for (const id of ['gemini-1.0-pro', 'imagen-4.0-generate-001']) {
      const heard = await generate(CONTENTS, id);
      expect(heard.json()).toMatchObject({
        error: {
          code: 404,
          status: 'NOT_FOUND',
          message: expect.stringContaining('is not supported for generateContent'),
        },
      });
    }
  });

  test('looks at the key before the body', async () => {
    const heard = await cloud.ask('POST', `${model('x')}:generateContent`, {
      headers: { 'x-goog-api-key': UNKNOWN_STANDARD },
      body: '{',
    });
    expect(heard.text).toContain('API_KEY_INVALID');
  });

  test('streams frames, or an array without alt=sse', async () => {
    const path = `${model('gemini-2.5-flash')}:streamGenerateContent`;
    const sse = await cloud.ask('POST', `${path}?alt=sse`, { headers: key, body: CONTENTS });
    expect(sse.headers.get('content-type')).toBe('text/event-stream');
    expect(sse.text).toMatch(/^data: \{"candidates".*\}\r\n\r\n$/);
    const array = await cloud.ask('POST', path, { headers: key, body: CONTENTS });
    expect(array.json()).toEqual([expect.objectContaining({ modelVersion: 'gemini-2.5-flash' })]);
  });

  test('an error of a stream is plain JSON under text/event-stream, or an array', async () => {
    const path = `${model('gemini-2.5-flash')}:streamGenerateContent`;
    const sse = await cloud.ask('POST', `${path}?alt=sse`, { headers: key, body: {} });
    expect(sse.headers.get('content-type')).toBe('text/event-stream');
    expect(sse.json()).toMatchObject({ error: { code: 400 } });
    const array = await cloud.ask('POST', path, { headers: key, body: {} });
    expect(array.json()).toMatchObject([{ error: { code: 400 } }]);
  });

  test('a page in the way of a stream stays a page', async () => {
    await cloud.control('POST keys', { key: STANDARD, state: 'html_403' });
    const path = `${model('gemini-2.5-flash')}:streamGenerateContent?alt=sse`;
    const heard = await cloud.ask('POST', path, { headers: key, body: CONTENTS });
    expect(heard.headers.get('content-type')).toMatch(/^text\/html/);
  });

  test('counts tokens', async () => {
    const count = (id: string, body: unknown) => cloud.ask('POST', `${model(id)}:countTokens`, { headers: key, body });
    const contents = (text: string) => ({ contents: [{ parts: [{ text }] }] });
    const counted = { totalTokens: 3, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }] };
    expect((await count('gemini-2.5-flash', contents('twelve chars'))).json()).toEqual(counted);
    const generateContentRequest = {
      ...contents('a'.repeat(400)),
      systemInstruction: { parts: [{ text: 'b'.repeat(40) }] },
    };
    expect((await count('gemini-2.5-flash', { generateContentRequest })).json()).toMatchObject({ totalTokens: 110 });
    const image = { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: '' } }] }] };
    expect((await count('gemini-2.5-flash', image)).json()).toMatchObject({ totalTokens: 258 });
    expect((await count('gemini-2.5-flash', {})).text).toContain('CountTokensRequest.contents');
    expect((await count('gemini-2.5-flash', { nonsense: 1 })).status).toBe(400);
    expect((await count('imagen-4.0-generate-001', CONTENTS)).status).toBe(404);
  });
});

describe('paths', () => {
  test.each([
    ['GET', '/v1beta/nothing'],
    ['GET', '/v1beta'],
    ['GET', '/v1beta/openai/nothing'],
    ['GET', '/v1/models/a/b'],
  ])('%s %s is a page of the front end', async (method, path) => {
    const heard = await cloud.ask(method, path, { headers: key });
    expect(heard.status).toBe(404);
    expect(heard.headers.get('content-type')).toMatch(/^text\/html/);
  });

  test.each([
    ['POST', '/v1beta/models'],
    ['DELETE', '/v1beta/models/gemini-2.5-flash'],
    ['GET', '/v1beta/models/gemini-2.5-flash:generateContent'],
    ['POST', '/v1beta/models/gemini-2.5-flash:unheardOf'],
    ['POST', '/v1beta/models:generateContent'],
  ])('%s %s gets the page of Google’s front end', async (method, path) => {
    const heard = await cloud.ask(method, path, { headers: key });
    expect([heard.status, heard.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
  });
});

test('what succeeds is metered under the key’s uid, what is refused is not', async () => {
  cloud.reset();
  await cloud.control('POST keys', { key: STANDARD, state: 'works', project: PROJECT });
  const path = `${model('gemini-2.5-flash')}:generateContent`;
  await cloud.ask('POST', path, { headers: key, body: CONTENTS });
  await cloud.ask('POST', path, { headers: key, body: {} });
  await cloud.ask('POST', path, { headers: { 'x-goog-api-key': UNKNOWN_STANDARD }, body: CONTENTS });
  const now = cloud.clock.now();
  expect(cloud.meter.between(0, now + 60_000)).toEqual([
    {
      labels: {
        uid: cloud.keyring.byString(STANDARD)?.uid,
        project: NUMBER,
        kind: 'standard',
        method: 'google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent',
      },
      minutes: [{ endsAt: now + 60_000, count: 1 }],
    },
  ]);
});
