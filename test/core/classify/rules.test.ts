import { describe, expect, test } from '@jest/globals';
import { evidenceOf } from '../../../src/core/classify/evidence.ts';
import { isReason } from '../../../src/core/classify/error-reasons.ts';
import { RULES } from '../../../src/core/classify/rules.ts';
import { classify } from '../../../src/core/classify/classify.ts';
import {
  api,
  DENIED,
  EXHAUSTED,
  EXPIRED,
  LEAKED,
  NOT_FOUND,
  NOT_VALID,
  OAUTH,
  on,
  page,
  QUOTA,
  type AnswerFixture,
} from '../../support/fixtures/gemini-answer-parts.ts';
import { ANSWERS } from '../../support/fixtures/gemini-answers.ts';

const ARGUMENT = 'Request contains an invalid argument.';
const PERMISSION = 'The caller does not have permission';

/** Two pieces of evidence that point to different causes, and which of them is believed. */
const CONTESTED: readonly AnswerFixture[] = [
  on('egress_blocked', 'a proxy’s page that asks for its own credentials', 407, page('Proxy')),
  on('egress_blocked', 'a page that keeps us out by law', 451, page('Unavailable')),
  on('egress_blocked', 'a portal’s page', 511, page('Log in to the network')),
  on('egress_blocked', 'a choice of addresses', 300, ''),
  on('server_error', 'a page of an error inside Google', 500, page('Error')),
  on('unknown', 'a bar that says 200', 200, '{"message":"unusual traffic from your computer"}'),

  on(
    'wrong_transport',
    'a complaint about end-user credentials whose reason was lost',
    403,
    'It requires a quota project.',
  ),
  on('api_blocked', 'a reason without a status, for a key sent as keys are', undefined, 'API_KEY_SERVICE_BLOCKED'),
  api('ip_blocked', 'words of an expiry beside another reason', {
    ...DENIED,
    message: EXPIRED,
    reason: 'API_KEY_IP_ADDRESS_BLOCKED',
  }),
  api('quota_zero', 'a spent quota that is zero', {
    ...EXHAUSTED,
    message: 'limit: 0',
    reason: 'RESOURCE_QUOTA_EXCEEDED',
  }),
  api('rate_limited', 'a reason for waiting beside words of an expiry', {
    ...EXHAUSTED,
    message: EXPIRED,
    reason: 'RATE_LIMIT_EXCEEDED',
  }),
  api('unknown', 'a leak beside a reason nobody knows and a status that clears the key', {
    ...EXHAUSTED,
    message: LEAKED,
    reason: 'NEW_IN_2027',
  }),

  on('timeout', 'a server that gave up waiting for us', 408, ''),
  on('permission_denied', 'words of overload beside a refusal', 403, 'The service is currently unavailable.'),
  on('permission_denied', 'words of a spent quota beside a refusal', 403, QUOTA),
  on('bad_request', 'a limit of 0 beside a complaint about the form', 400, 'the limit: 0 is too small'),
  ...[LEAKED, EXPIRED, NOT_VALID, NOT_FOUND].map((words) => on('unknown', `429 and “${words}”`, 429, words)),
  on('unknown', '429 and a key that is not found', 429, 'API key not found'),
  on('unknown', '404 and a missing key', 404, 'No API key provided'),
  on('permission_denied', 'the token’s sentence beside a refusal', 403, OAUTH),
  on('permission_denied', 'a bearer token that was taken', 403, PERMISSION, { sentAs: 'bearer' }),
  on('bad_request', 'a bearer token with a bad request', 400, ARGUMENT, { sentAs: 'bearer' }),

  on('model_not_found', 'a model, without a status', undefined, 'gemini-0 is not found for API version v1beta'),
  on('bad_request', 'a model beside a complaint about the form', 400, 'gemini-0 is not supported for generateContent'),
  ...[411, 413, 414, 415, 416, 422].map((status) => on('bad_request', `${status}`, status, 'No.')),
  on('unknown', 'a 400 that says nothing', 400, ''),
  on('unknown', 'a client’s timeout beside a status', 404, 'connect ETIMEDOUT'),
  on('unknown', 'a broken connection beside a status', 404, 'socket hang up'),
];

describe('what decides where the evidence is contested', () => {
  test.each(CONTESTED.map((fixture) => [fixture.cause, fixture.title, fixture.answer] as const))(
    '%s: %s',
    (cause, _, answer) => {
      expect(classify(answer).cause).toBe(cause);
    },
  );
});

/** Those of the list of reasons have a test of their own. */
const WRITTEN = RULES.filter(({ because }) => !because.startsWith('google.api.ErrorReason '));

test.each(WRITTEN.map((rule) => [rule.cause, rule.because, rule] as const))(
  '%s: the rule says why (%s), and decides some answer',
  (cause, because, rule) => {
    const decided = [...ANSWERS, ...CONTESTED].filter(({ answer }) => {
      const evidence = evidenceOf(answer);
      return RULES.find(({ when }) => when(evidence)) === rule;
    });
    expect(decided.map((fixture) => fixture.cause)).toContain(cause);
    expect(because).toMatch(/\w+ \w+/);
  },
);

/** Google’s own list (google/api/error_reason.proto), as far as it says something about a key. */
test.each([
  ['SERVICE_DISABLED', 'service_disabled'],
  ['BILLING_DISABLED', 'billing_disabled'],
  ['CONSUMER_SUSPENDED', 'project_suspended'],
  ['GCP_SUSPENDED', 'project_suspended'],
  ['CONSUMER_INVALID', 'consumer_invalid'],
  ['USER_PROJECT_DENIED', 'consumer_invalid'],
  ['API_KEY_SERVICE_BLOCKED', 'api_blocked'],
  ['API_KEY_IP_ADDRESS_BLOCKED', 'ip_blocked'],
  ['API_KEY_HTTP_REFERRER_BLOCKED', 'referrer_blocked'],
  ['API_KEY_ANDROID_APP_BLOCKED', 'android_blocked'],
  ['API_KEY_IOS_APP_BLOCKED', 'ios_blocked'],
  ['LOCATION_TAX_POLICY_VIOLATED', 'location_unsupported'],
  ['LOCATION_POLICY_VIOLATED', 'location_unsupported'],
  ['SECURITY_POLICY_VIOLATED', 'permission_denied'],
  ['IAM_PERMISSION_DENIED', 'permission_denied'],
  ['ENDPOINT_USAGE_RESTRICTION_VIOLATED', 'permission_denied'],
  ['ACCOUNT_STATE_INVALID', 'account_disabled'],
  ['CUSTOM_ORG_POLICY_VIOLATION', 'keys_forbidden'],
  ['ORG_POLICY_VIOLATION', 'keys_forbidden'],
  ['ACCESS_TOKEN_EXPIRED', 'wrong_transport'],
  ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'wrong_transport'],
  ['CREDENTIALS_MISSING', 'wrong_transport'],
  ['CREDENTIAL_TYPE_UNSUPPORTED', 'wrong_transport'],
  ['OVERLOADED_CREDENTIALS', 'wrong_transport'],
  ['RATE_LIMIT_EXCEEDED', 'rate_limited'],
  ['RESOURCE_QUOTA_EXCEEDED', 'quota_exceeded'],
  ['ACCESS_TOKEN_TYPE_UNSUPPORTED', 'auth_key_refused'],
  ['API_KEY_INVALID', 'key_invalid'],
] as const)('the reason %s means %s', (reason, cause) => {
  expect(classify(api(cause, reason, { ...DENIED, message: 'x', reason }).answer)).toMatchObject({ cause, reason });
});

test('a rule by reason names the reason', () => {
  const names = RULES.filter((rule) => !WRITTEN.includes(rule)).map(({ because }) => because.split(' ')[1]);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => name === undefined || !isReason(name))).toEqual([]);
});
