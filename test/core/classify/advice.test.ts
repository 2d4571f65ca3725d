import { expect, test } from '@jest/globals';
import { adviceOn } from '../../../src/core/classify/advice/advice.ts';
import { attemptsIn } from '../../../src/core/classify/attempts.ts';
import type { Answer } from '../../../src/core/classify/answer.ts';
import { classify } from '../../../src/core/classify/classify.ts';
import {
  AUTH_KEY,
  NOT_VALID,
  OAUTH,
  OAUTH_ONLY,
  OFF,
  PREPAY,
  STANDARD_KEY,
} from '../../support/fixtures/gemini-answer-parts.ts';
import { ANSWERS } from '../../support/fixtures/gemini-answers.ts';

function advised(body: string, how: Partial<Answer> = {}): string {
  const answer: Answer = { sentAs: 'unknown', keyKind: 'unknown', body, ...how };
  return adviceOn(answer, classify(answer)).join('\n');
}

test('of Secret Manager’s refusals nothing is said about a key that a library lacked, or whose project it is', () => {
  const told = advised(
    'secretmanager.googleapis.com: 401 CREDENTIALS_MISSING on projects/my-project-1/secrets/app-key, no default credentials',
  );
  expect(told).toContain('This is Secret Manager, not the Gemini API');
  expect(told).not.toMatch(/no key reached it|another key was sent/);
});

test.each([
  ['the sentence that two things get', OAUTH, {}, 'To tell the two apart'],
  ['a key as a bearer token', OAUTH, { sentAs: 'bearer' }, 'Sent as Authorization: Bearer'],
  ['the reason for one', '401 API_KEY_SERVICE_BLOCKED', {}, 'Sent as Authorization: Bearer'],
  ['Vertex AI', `aiplatform.googleapis.com: ${OAUTH_ONLY}`, {}, 'GOOGLE_GENAI_USE_VERTEXAI'],
  [
    'no key',
    'DefaultCredentialsError: Your default credentials were not found.',
    {},
    'no key reached it, so it fell back',
  ],
  [
    'another vendor',
    '401 Incorrect API key provided. See https://platform.openai.com',
    {},
    'Another vendor’s endpoint',
  ],
  ['a proxy', 'litellm.AuthenticationError: Invalid API key', {}, 'A proxy stands in between'],
  [
    'two credentials',
    'The API Key and the authentication credential are from different projects.',
    {},
    'Two credentials',
  ],
  [
    'another API',
    'Requests to this API firebasevertexai.googleapis.com method google.x.Y are blocked.',
    {},
    'names firebasevertexai.googleapis.com',
  ],
  ['Google’s own project', OFF.replaceAll('project 123', 'project 687891839131'), {}, 'is not yours but Google’s own'],
  ['a project', OFF.replaceAll('project 123', 'project 563875450483'), {}, 'names project 563875450483'],
  ['a standard key', '403 API_KEY_SERVICE_BLOCKED', { keyKind: 'standard' }, 'Shortest cure first'],
  ['a standard key in the text', `400 ${NOT_VALID} key=${STANDARD_KEY}`, {}, 'Shortest cure first'],
  ['prepaid credit', PREPAY, { status: 402 }, 'Funded accounts were told this too'],
  [
    'Secret Manager’s API',
    'Secret Manager API has not been used in project x before or it is disabled. Enable it by visiting secretmanager.googleapis.com',
    {},
    'This is Secret Manager',
  ],
  [
    'a perimeter around Secret Manager',
    'secretmanager.googleapis.com: vpcServiceControlsUniqueIdentifier: x1',
    {},
    'A perimeter of VPC Service Controls',
  ],
  [
    'a perimeter around Gemini',
    'Request is prohibited by organization’s policy. vpcServiceControlsUniqueIdentifier: x1',
    { status: 403 },
    'A perimeter of VPC Service Controls',
  ],
  [
    'a machine with too few scopes',
    'secretmanager.googleapis.com: 403 ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    {},
    'the scope cloud-platform',
  ],
  ['a person’s credentials', 'The secretmanager.googleapis.com API requires a quota project', {}, 'set-quota-project'],
  ['the headline', 'Unauthenticated: 401 API key invalid', {}, 'Google’s own text for a bad key is another one'],
  ['a key in a URL', `GET /v1beta/models?key=x: ${NOT_VALID}`, {}, 'URLs land in logs'],
  ['a wrong header', `X-API-Key: x → 403 ${NOT_VALID}`, {}, 'The header is called x-goog-api-key'],
  [
    'the library that is out of support',
    'import google.generativeai as genai',
    {},
    'is out of support. With google-genai',
  ],
  ['the other one', '[GoogleGenerativeAI Error]: x', {}, 'new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY })'],
  ['the Go client', 'googleapi: Error 400', {}, 'genai.BackendGeminiAPI'],
] as const)('%s is advised on', (_, body, how, says) => {
  expect(advised(body, how)).toContain(says);
});

test('the headline is answered whole: six causes with a way to tell each, and what the advice about it costs', () => {
  const whole = advised('Unauthenticated: 401 API key invalid');
  for (const part of [
    'Mistyped',
    'Deleted, expired or leaked',
    'Not loaded',
    'API not enabled',
    'Restricted',
    'Billing, quota',
  ])
    expect(whole).toContain(`${part}`);
  for (const part of ['?key=', 'X-API-Key', 'rotate instead', 'roles/aiplatform.user']) expect(whole).toContain(part);
});

test('nothing is advised where nothing more is known', () => {
  expect(advised('503 overloaded')).toBe('');
  const stored = { sentAs: 'header', keyKind: 'unknown', body: 'x' } as const;
  expect(adviceOn(stored, { cause: 'stored_bytes_unclean' })).toEqual([]);
  expect(advised('projects/my-project-without-a-number failed')).toBe('');
  expect(advised('Requests to this API generativelanguage.googleapis.com method x.Y are blocked.')).not.toContain(
    'not the Gemini API',
  );
});

test('I9: no advice holds a key', () => {
  for (const { answer } of ANSWERS) {
    const advice = adviceOn(
      { ...answer, body: `${answer.body} project ${STANDARD_KEY} ${AUTH_KEY}` },
      classify(answer),
    ).join();
    expect(advice).not.toContain(STANDARD_KEY.slice(4, 20));
    expect(advice).not.toContain(AUTH_KEY.slice(4, 20));
  }
});

test.each([
  ['numbered attempts', `Attempt 1: 429 RESOURCE_EXHAUSTED\nAttempt 2: 400 ${NOT_VALID}`],
  ['log lines', `2026-11-24T04:01:02Z error 503: overloaded\n2026-11-24T04:01:09Z error 400: ${NOT_VALID}\n`],
  ['status lines', `HTTP/1.1 200 Connection established\n\nHTTP/2 503 \n\nx\nHTTP/2 400 \n\n${NOT_VALID}`],
  [
    'bodies',
    `{"error":{"code":503,"message":"The model is overloaded."}}\n{"error":{"code":400,"message":"${NOT_VALID}"}}`,
  ],
])('of several attempts as %s the last one counts', (_, text) => {
  const attempts = attemptsIn(text);
  expect(attempts).toHaveLength(2);
  expect(classify({ sentAs: 'unknown', keyKind: 'unknown', body: attempts[1] ?? '' }).cause).toBe('key_invalid');
});

test.each(ANSWERS.map(({ answer }) => answer.body))('one answer is one attempt', (body) => {
  expect(attemptsIn(body)).toHaveLength(1);
});
