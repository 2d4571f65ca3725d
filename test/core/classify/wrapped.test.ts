import { describe, expect, test } from '@jest/globals';
import type { Cause } from '../../../src/core/causes/causes.ts';
import { classify } from '../../../src/core/classify/classify.ts';
import * as said from '../../support/fixtures/gemini-answer-parts.ts';
import { WRAPPERS, type Refusal } from '../../support/fixtures/wrappers.ts';

const { INVALID_PARTS, DENIED, EXHAUSTED, UNAUTHENTICATED } = said;

const REFUSALS: Partial<Record<Cause, Refusal>> = {
  key_invalid: INVALID_PARTS,
  key_not_found: { ...INVALID_PARTS, message: said.NOT_FOUND },
  key_expired: { ...INVALID_PARTS, message: said.EXPIRED },
  key_leaked: { ...DENIED, message: said.LEAKED },
  key_missing: { ...DENIED, message: said.UNREGISTERED },
  auth_key_refused: { ...UNAUTHENTICATED, message: said.OAUTH, reason: 'ACCESS_TOKEN_TYPE_UNSUPPORTED' },
  wrong_transport: { ...UNAUTHENTICATED, message: said.OAUTH_ONLY, reason: 'CREDENTIALS_MISSING' },
  api_blocked: { ...DENIED, message: said.BLOCKED_METHOD, reason: 'API_KEY_SERVICE_BLOCKED' },
  ip_blocked: { ...DENIED, message: said.IP, reason: 'API_KEY_IP_ADDRESS_BLOCKED' },
  referrer_blocked: {
    ...DENIED,
    message: 'Requests from referer <empty> are blocked.',
    reason: 'API_KEY_HTTP_REFERRER_BLOCKED',
  },
  service_disabled: { ...DENIED, message: said.OFF, reason: 'SERVICE_DISABLED' },
  project_suspended: {
    ...DENIED,
    message: "Permission denied: Consumer 'project:p' has been suspended.",
    reason: 'CONSUMER_SUSPENDED',
  },
  project_denied: { ...DENIED, message: 'Your project has been denied access. Please contact support.' },
  location_unsupported: {
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'User location is not supported for the API use.',
  },
  prepay_depleted: { code: 402, status: 'RESOURCE_EXHAUSTED', message: said.PREPAY },
  spend_cap: { ...EXHAUSTED, message: 'Your project has exceeded its monthly spending cap.' },
  rate_limited: { ...EXHAUSTED, message: 'Resource has been exhausted (e.g. check quota).' },
  model_not_found: {
    code: 404,
    status: 'NOT_FOUND',
    message: 'models/gemini-0 is not found for API version v1beta, or is not supported for generateContent.',
  },
  overloaded: { code: 503, status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
};

describe.each(Object.entries(REFUSALS))('%s is read out of', (cause, refusal) => {
  test.each(Object.entries(WRAPPERS))('%s', (_, wrapped) => {
    const diagnosis = classify({ sentAs: 'header', keyKind: 'unknown', status: undefined, body: wrapped(refusal) });
    expect(diagnosis.cause).toBe(cause);
  });
});

test('cut off anywhere, an answer is read for what it is or for something unclear', () => {
  const wrong: object[] = [];
  for (const [cause, refusal] of Object.entries(REFUSALS)) {
    for (const [name, wrapped] of Object.entries(WRAPPERS)) {
      const whole = wrapped(refusal);
      for (let length = 20; length < whole.length; length += 97) {
        const body = whole.slice(0, length);
        const { verdict, cause: read } = classify({ sentAs: 'header', keyKind: 'unknown', status: undefined, body });
        const isHonest = read === cause || verdict === 'unclear' || verdict === 'throttled' || isOfFamily(cause, read);
        if (!isHonest) wrong.push({ name, body, read });
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** `API_KEY_INVALID` carries three messages: cut before the end of its message, the reason alone says `key_invalid`. */
function isOfFamily(cause: string, read: string): boolean {
  return ['key_not_found', 'key_expired'].includes(cause) && read === 'key_invalid';
}
