import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KEY_STATES, type KeyState } from '../../../src/emulator/world/key-states.ts';
import { NUMBER, PROJECT, STANDARD, testCloud, type Heard, type TestCloud } from '../../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await testCloud();
});
afterAll(() => cloud.close());

const GENERATE = '/v1beta/models/gemini-2.5-flash:generateContent';
const BODY = { contents: [{ parts: [{ text: 'Hi' }] }], generationConfig: { maxOutputTokens: 1 } };
const headers = { 'x-goog-api-key': STANDARD };

const list = (): Promise<Heard> => cloud.ask('GET', '/v1beta/models?pageSize=1', { headers });
const generate = (): Promise<Heard> => cloud.ask('POST', GENERATE, { headers, body: BODY });

async function put(state: KeyState, reach?: string): Promise<void> {
  const heard = await cloud.control('POST keys', { key: STANDARD, state, project: PROJECT, ...(reach && { reach }) });
  expect(heard.status).toBe(200);
}

const DETAILS = expect.arrayContaining([]);
const reasoned = (reason: string, metadata: Readonly<Record<string, unknown>> = {}) =>
  expect.arrayContaining([
    expect.objectContaining({
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason,
      domain: 'googleapis.com',
      metadata: expect.objectContaining({ service: 'generativelanguage.googleapis.com', ...metadata }),
    }),
  ]);

const consumer = `projects/${NUMBER}`;
const LIST_RPC = 'google.ai.generativelanguage.v1beta.ModelService.ListModels';
const NONE = undefined;

/** The recorded answers: what models.list says, whether generating says the same, and the error. */
const ROWS: readonly (readonly [KeyState, number, number, string, RegExp, unknown])[] = [
  [
    'invalid',
    400,
    400,
    'INVALID_ARGUMENT',
    /^API key not valid\. Please pass a valid API key\.$/,
    reasoned('API_KEY_INVALID'),
  ],
  [
    'not_found',
    400,
    400,
    'INVALID_ARGUMENT',
    /^API Key not found\. Please pass a valid API key\.$/,
    reasoned('API_KEY_INVALID'),
  ],
  [
    'expired',
    400,
    400,
    'INVALID_ARGUMENT',
    /^API key expired\. Please renew the API key\.$/,
    reasoned('API_KEY_INVALID'),
  ],
  [
    'leaked',
    403,
    403,
    'PERMISSION_DENIED',
    /^Your API key was reported as leaked\. Please use another API key\.$/,
    NONE,
  ],
  [
    'suspended',
    403,
    403,
    'PERMISSION_DENIED',
    /^Permission denied: Consumer 'api_key:.*' has been suspended\.$/,
    reasoned('CONSUMER_SUSPENDED', { containerInfo: `api_key:${STANDARD}` }),
  ],
  [
    'project_denied',
    200,
    403,
    'PERMISSION_DENIED',
    /^Your project has been denied access\. Please contact support\.$/,
    NONE,
  ],
  [
    'restricted_api',
    403,
    403,
    'PERMISSION_DENIED',
    /^Requests to this API generativelanguage\.googleapis\.com method .* are blocked\.$/,
    reasoned('API_KEY_SERVICE_BLOCKED', { consumer, apiName: 'generativelanguage.googleapis.com' }),
  ],
  [
    'restricted_ip',
    403,
    403,
    'PERMISSION_DENIED',
    /originating IP address of the call \(127\.0\.0\.1\) violates/,
    reasoned('API_KEY_IP_ADDRESS_BLOCKED', { callerIp: '127.0.0.1' }),
  ],
  [
    'restricted_referrer',
    403,
    403,
    'PERMISSION_DENIED',
    /^Requests from referer <empty> are blocked\.$/,
    reasoned('API_KEY_HTTP_REFERRER_BLOCKED', { httpReferrer: '<empty>' }),
  ],
  [
    'restricted_android',
    403,
    403,
    'PERMISSION_DENIED',
    /^Requests from this Android client application <empty> are blocked\.$/,
    reasoned('API_KEY_ANDROID_APP_BLOCKED'),
  ],
  [
    'restricted_ios',
    403,
    403,
    'PERMISSION_DENIED',
    /^Requests from this iOS client application <empty> are blocked\.$/,
    reasoned('API_KEY_IOS_APP_BLOCKED'),
  ],
  [
    'service_disabled',
    403,
    403,
    'PERMISSION_DENIED',
    /^Gemini API has not been used in project \d+ before or it is disabled\./,
    reasoned('SERVICE_DISABLED', { consumer, serviceTitle: 'Gemini API', containerInfo: NUMBER }),
  ],
  ['billing_country', 403, 403, 'PERMISSION_DENIED', /restricted from your billing country and was denied for/, NONE],
  [
    'billing_disabled',
    403,
    403,
    'PERMISSION_DENIED',
    /requires billing to be enabled/,
    reasoned('BILLING_DISABLED', { consumer }),
  ],
  [
    'consumer_invalid',
    403,
    403,
    'PERMISSION_DENIED',
    /^Permission denied on resource project/,
    reasoned('CONSUMER_INVALID', { consumer }),
  ],
  ['location', 400, 400, 'FAILED_PRECONDITION', /^User location is not supported for the API use\.$/, NONE],
  ['free_tier_location', 400, 400, 'FAILED_PRECONDITION', /free tier is not available in your country/, NONE],
  [
    'rate_limited',
    429,
    429,
    'RESOURCE_EXHAUSTED',
    /^Quota exceeded for quota metric/,
    reasoned('RATE_LIMIT_EXCEEDED', { quota_limit_value: '60' }),
  ],
  [
    'quota',
    200,
    429,
    'RESOURCE_EXHAUSTED',
    /^You exceeded your current quota, .*limit: 20, model: gemini-2\.5-flash/s,
    DETAILS,
  ],
  [
    'quota_zero',
    429,
    429,
    'RESOURCE_EXHAUSTED',
    /^Quota exceeded for quota metric/,
    reasoned('RATE_LIMIT_EXCEEDED', {
      quota_limit_value: '0',
      quota_metric: 'generativelanguage.googleapis.com/generate_content_requests',
    }),
  ],
  ['spend_cap', 200, 429, 'RESOURCE_EXHAUSTED', /exceeded its monthly spending cap/, NONE],
  ['prepay_depleted', 200, 402, 'RESOURCE_EXHAUSTED', /^Your prepayment credits are depleted\./, NONE],
  ['overloaded', 200, 503, 'UNAVAILABLE', /^The model is overloaded\. Please try again later\.$/, NONE],
  ['internal_error', 500, 500, 'INTERNAL', /internal error/, NONE],
  ['deadline', 504, 504, 'DEADLINE_EXCEEDED', /^Deadline expired/, NONE],
];

describe('each state of a key is answered as the real service answers', () => {
  test.each(ROWS)('%s: list %i, generate %i, %s', async (state, listed, generated, status, message, details) => {
    await put(state);
    expect((await list()).status).toBe(listed);
    const heard = await generate();
    expect(heard.status).toBe(generated);
    const { error } = heard.json() as { error: Record<string, unknown> };
    expect(error).toEqual({
      code: generated,
      status,
      message: expect.stringMatching(message),
      ...(details !== undefined && { details }),
    });
  });

  test('works: both answer 200', async () => {
    await put('works');
    expect([(await list()).status, (await generate()).status]).toEqual([200, 200]);
  });

  test('auth_refused: 401 whose detail has no domain', async () => {
    await put('auth_refused');
    const heard = await list();
    expect(heard.status).toBe(401);
    expect(heard.json()).toMatchObject({
      error: {
        status: 'UNAUTHENTICATED',
        details: [{ reason: 'ACCESS_TOKEN_TYPE_UNSUPPORTED', metadata: { method: LIST_RPC } }],
      },
    });
    expect(heard.text).not.toContain('domain');
  });

  test('account_disabled: 403 with the reason that Google has for the state of an account', async () => {
    await put('account_disabled');
    expect((await list()).json()).toMatchObject({
      error: { code: 403, details: [{ reason: 'ACCOUNT_STATE_INVALID' }, {}] },
    });
  });

  test('restricted_api names the method that was called', async () => {
    await put('restricted_api');
    expect((await list()).text).toContain(`"methodName": "${LIST_RPC}"`);
  });

  test('service_disabled puts Help before ErrorInfo', async () => {
    await put('service_disabled');
    const { error } = (await list()).json() as { error: { details: { '@type': string }[] } };
    expect(error.details.map((detail) => detail['@type'].split('.').at(-1))).toEqual([
      'Help',
      'ErrorInfo',
      'LocalizedMessage',
    ]);
  });

  test('suspended repeats the whole key in message, metadata and localized message', async () => {
    await put('suspended');
    expect((await list()).text.split(STANDARD)).toHaveLength(4);
  });

  test('restricted_referrer names the referrer that was sent', async () => {
    await put('restricted_referrer');
    const referer = 'https://example.com/';
    const heard = await cloud.ask('GET', '/v1beta/models', { headers: { ...headers, referer } });
    expect(heard.text).toContain(`Requests from referer ${referer} are blocked.`);
  });

  test('quota tells a retry delay of seconds although the quota is a daily one', async () => {
    await put('quota');
    const { text } = await generate();
    expect(text).toContain('GenerateRequestsPerDayPerProjectPerModel-FreeTier');
    expect(text).toContain('"retryDelay": "29s"');
  });

  test('quota of the OpenAI-compatible route cannot name the model', async () => {
    await put('quota');
    const bearer = { authorization: `Bearer ${STANDARD}` };
    const heard = await cloud.ask('POST', '/v1beta/openai/chat/completions', { headers: bearer, body: {} });
    expect(heard.text).toContain('model: unknown');
  });

  test.each<[KeyState, 'list' | 'generate', number]>([
    ['html_403', 'generate', 403],
    ['html_502', 'list', 502],
  ])('%s: %s answers a page with %i', async (state, call, status) => {
    await put(state);
    const heard = await (call === 'list' ? list() : generate());
    expect(heard.status).toBe(status);
    expect(heard.headers.get('content-type')).toMatch(/^text\/html/);
    expect(heard.text).toMatch(/^<!DOCTYPE html>/);
  });

  test('html_403 leaves the list alone and names the path', async () => {
    await put('html_403');
    expect((await list()).status).toBe(200);
    expect((await generate()).text).toContain(`permission to get URL <code>${GENERATE}</code> from this server`);
  });

  test('a state can be made to spoil every call, or only generating', async () => {
    await put('overloaded', 'every');
    expect((await list()).status).toBe(503);
    await put('invalid', 'generate');
    expect([(await list()).status, (await generate()).status]).toEqual([200, 400]);
  });

  test('flapping works on every other request', async () => {
    await put('flapping');
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await list()).status);
    expect(new Set(statuses.filter((_, turn) => turn % 2 === 0)).size).toBe(1);
    expect(statuses.toSorted()).toEqual([200, 200, 400, 400]);
  });

  test('empty answers 200 with nothing, garbage 200 with a torn JSON', async () => {
    await put('empty');
    expect(await list()).toMatchObject({ status: 200, text: '' });
    await put('garbage');
    const heard = await list();
    expect(heard.status).toBe(200);
    expect(() => heard.json()).toThrow();
  });

  test('redirect leads to a place without an API', async () => {
    await put('redirect');
    const heard = await list();
    expect([heard.status, heard.headers.get('location')]).toEqual([302, '/sorry/index']);
  });

  test('hang never answers', async () => {
    await put('hang');
    const abort = new AbortController();
    const answer = fetch(`${cloud.url}/v1beta/models`, { headers, signal: abort.signal });
    while (cloud.requests().at(-1)?.status !== 0) await new Promise(setImmediate);
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/);
  });

  test('endless begins with 200 and never ends', async () => {
    await put('endless');
    const abort = new AbortController();
    const response = await fetch(`${cloud.url}/v1beta/models`, { headers, signal: abort.signal });
    expect(response.status).toBe(200);
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > 8 * 2 ** 20) break;
    }
    abort.abort();
    expect(bytes).toBeGreaterThan(8 * 2 ** 20);
  });

  test('every state is covered here', () => {
    const others = [
      'works',
      'auth_refused',
      'account_disabled',
      'flapping',
      'flapping_by_minute',
      'html_403',
      'html_502',
      'hang',
      'empty',
      'garbage',
      'endless',
      'redirect',
    ];
    expect([...ROWS.map(([state]) => state), ...others].toSorted()).toEqual([...KEY_STATES].toSorted());
  });
});
