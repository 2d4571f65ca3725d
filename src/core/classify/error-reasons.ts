import type { Cause } from '../causes/causes.ts';

/**
 * What each `ErrorInfo.reason` we know means when nothing beside it says otherwise (google/api/error_reason.proto).
 * The enum is open: a reason that is not here is never taken for a verdict on a key. Earlier rows win over later ones.
 */
export const REASONS = {
  SERVICE_DISABLED: 'service_disabled',
  BILLING_DISABLED: 'billing_disabled',
  CONSUMER_SUSPENDED: 'project_suspended',
  GCP_SUSPENDED: 'project_suspended',
  CONSUMER_INVALID: 'consumer_invalid',
  USER_PROJECT_DENIED: 'consumer_invalid',
  API_KEY_SERVICE_BLOCKED: 'api_blocked',
  API_KEY_IP_ADDRESS_BLOCKED: 'ip_blocked',
  API_KEY_HTTP_REFERRER_BLOCKED: 'referrer_blocked',
  API_KEY_ANDROID_APP_BLOCKED: 'android_blocked',
  API_KEY_IOS_APP_BLOCKED: 'ios_blocked',
  LOCATION_TAX_POLICY_VIOLATED: 'location_unsupported',
  LOCATION_POLICY_VIOLATED: 'location_unsupported',
  SECURITY_POLICY_VIOLATED: 'permission_denied',
  IAM_PERMISSION_DENIED: 'permission_denied',
  ENDPOINT_USAGE_RESTRICTION_VIOLATED: 'permission_denied',
  ACCOUNT_STATE_INVALID: 'account_disabled',
  CUSTOM_ORG_POLICY_VIOLATION: 'keys_forbidden',
  ORG_POLICY_VIOLATION: 'keys_forbidden',
  ACCESS_TOKEN_EXPIRED: 'wrong_transport',
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: 'wrong_transport',
  CREDENTIALS_MISSING: 'wrong_transport',
  CREDENTIAL_TYPE_UNSUPPORTED: 'wrong_transport',
  OVERLOADED_CREDENTIALS: 'wrong_transport',
  RATE_LIMIT_EXCEEDED: 'rate_limited',
  RESOURCE_QUOTA_EXCEEDED: 'quota_exceeded',
  ACCESS_TOKEN_TYPE_UNSUPPORTED: 'auth_key_refused',
  API_KEY_INVALID: 'key_invalid',
} as const satisfies Record<string, Cause>;

export type Reason = keyof typeof REASONS;

/** Whether an upper-case word is a reason we know. */
export function isReason(word: string): word is Reason {
  return Object.hasOwn(REASONS, word);
}
