import { expect, test } from '@jest/globals';
import * as phrases from '../../../src/core/classify/google-sentences.ts';
import { plainWords } from '../../../src/core/classify/plain-words.ts';
import { ANSWERS } from '../../support/fixtures/gemini-answers.ts';

const seen = ANSWERS.map(({ answer }) => plainWords(answer.body));

/** The alternatives of an expression that stand in no group. */
function alternativesOf(expression: RegExp): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const [token] of expression.source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|./g)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|' && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${token}`);
  }
  return found;
}

test.each(Object.entries(phrases))('every way to say %s is met in some answer', (_, expression) => {
  const unmet = alternativesOf(expression).filter((way) => !seen.some((words) => new RegExp(way).test(words)));
  expect(unmet).toEqual([]);
});

/** The same sentence as tenses, libraries and years vary it, in plain words. */
const VARIED: Partial<Record<keyof typeof phrases, readonly string[]>> = {
  LEAKED: [
    'your api key was reported as leaked',
    'it was flagged as leaked',
    'it was marked to be leaked',
    'it was identified as leaked',
    'it was detected as leaked',
    'it is known to be leaked',
    'the key leaked',
    'the key was leaked',
    'the key is leaked',
    'the key has been leaked',
    'a leaked api key',
    'leaked key',
    '403: "leaked".',
  ],
  EXPIRED: ['api key expired.', 'please renew the api key'],
  INVALID: ['api key not valid', 'please pass a valid api key', 'apikeyinvalid'],
  NO_KEY: [
    'unregistered callers',
    'without established identity',
    'missing api key',
    'no api_key',
    'api key missing',
    'api key is required',
    'api key must be',
    'api_key environment variable is not set',
    'apikey unset',
    'api_key environment variable not found',
  ],
  UNSET: [
    'you must set an api key',
    'please specify a gemini_api_key',
    'you should provide the api key',
    'must pass your google_api_key',
    'please pass in either api_key',
    'must set "api key',
  ],
  NO_CREDENTIALS: [
    'could not load the default credentials',
    'cannot find default credentials',
    'unable to automatically determine credentials',
    'failed to find application default credentials',
    'reauthentication required',
  ],
  MISPLACED: [
    'api keys are not supported by this api',
    'insufficient authentication scopes',
    'incorrect api key provided',
    'see platform.openai.com/account',
  ],
  API_BLOCKED: ['requests to this api x.googleapis.com', 'requests to this api are blocked'],
  REFERRER_BLOCKED: ['requests from http referer x are blocked', 'requests from referrer x are blocked'],
  ANDROID_BLOCKED: ['android client application x is blocked', 'android client application x are blocked'],
  IOS_BLOCKED: ['ios client application x is blocked', 'ios client application x are blocked'],
  LOCATION: [
    'location is not supported',
    'location not supported',
    'unsupporteduserlocation',
    'not supported in your country',
    'not available in your current region',
    'not available in your location',
  ],
  SUSPENDED: ['the consumer x has been suspended', 'the project x is suspended', 'the account is suspended'],
  SERVICE_OFF: [
    'the thing has not been used in project 1 before',
    'the api has not been used',
    'the api is not enabled',
  ],
  BILLING_OFF: [
    'requires billing to be enabled',
    'enable billing on project',
    'billing is disabled',
    'billing account has been closed',
    'billing for project x is not enabled',
    'billing not active',
    'billing account is not open',
  ],
  CONSUMER_GONE: ['project x has been deleted', 'project x not found or deleted'],
  SPEND_CAP: ['spend cap', 'spending limit'],
  PREPAID: ['prepay credit', 'prepayment credits', 'prepaid credits'],
  LIMITED: [
    'exceeded your daily quota',
    'reached its quota',
    'exceeded the quota',
    'quota_exceeded',
    'rate limit',
    'rate_limit',
    'ratelimit',
    'too many requests',
    'resource has been exhausted',
    'resource exhausted',
  ],
  OVERLOADED: ['temporarily unavailable', 'currently unavailable'],
  MODEL_GONE: [
    'models/g is not found',
    'model g is no longer available',
    'model g does not exist',
    'model g was retired',
    'g is not found for api version',
    'g is not supported for generatecontent',
  ],
  BARRED: [
    'your client does not have permission to get url',
    'does not have permission to get the url',
    'not in allowlist',
    'not in the allowlist',
    'blocked by the firewall',
    'blocked by your proxy',
    'blocked by company egress',
  ],
  TIMED_OUT: ['timeout', 'timed out', 'timed-out', 'deadline exceeded', 'deadline expired', 'etimedout'],
  UNREACHABLE: [
    ...'econnrefused econnreset econnaborted enotfound eai_again epipe eproto ehostunreach enetunreach'.split(' '),
    ...'err_connection err_name err_internet err_network err_ssl err_cert und_err getaddrinfo unknownhost'.split(' '),
    ...'nameresolution connecterror pkix ssl_ handshake certificate'.split(' '),
    "couldn't resolve",
    'could not connect',
    'failed to connect',
    'failed to resolve',
    'failed to fetch',
    'failed host lookup',
    'no such host',
    'connection error',
    'connect error',
    'fetch failed',
    'connection refused',
    'connection reset',
    'connection failure',
    'connection closed',
    'connection aborted',
    'other side closed',
    'socket hang up',
    'network is unreachable',
    'network error',
  ],
};

test.each(Object.entries(phrases).flatMap(([name, phrase]) => (isVaried(name) ? [[name, phrase] as const] : [])))(
  '%s is known in every form',
  (name, phrase) => {
    expect(VARIED[name]?.filter((text) => !phrase.test(text))).toEqual([]);
  },
);

function isVaried(name: string): name is keyof typeof phrases {
  return Object.hasOwn(VARIED, name);
}

test.each([
  ['LEAKED', 'memory leaked'],
  ['EXPIRED', 'api key expired'],
  ['EXPIRED', 'api key expired or invalid'],
  ['NOT_FOUND', 'api key not found'],
  ['INVALID', 'the key is not valid'],
  ['LEAKED', 'leaked memory'],
  ['API_BLOCKED', 'requests to this api are welcome'],
  ['SUSPENDED', 'the call was suspended'],
  ['TIMED_OUT', 'timeout=60'],
  ['UNREACHABLE', 'the pipe'],
])('%s is not “%s”', (name, text) => {
  expect(new Map(Object.entries(phrases)).get(name)?.test(text)).toBe(false);
});
