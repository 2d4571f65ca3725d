/** Everything a test can make the Gemini API say about a key. `works` answers 200; the rest are in `REFUSALS`. */
export const KEY_STATES = [
  'works',
  // From request to request, or from minute to minute of the moving clock.
  'flapping',
  'flapping_by_minute',
  'invalid',
  'not_found',
  'expired',
  'leaked',
  'auth_refused',
  'account_disabled',
  'suspended',
  'project_denied',
  'restricted_api',
  'restricted_ip',
  'restricted_referrer',
  'restricted_android',
  'restricted_ios',
  'service_disabled',
  'billing_country',
  'billing_disabled',
  'consumer_invalid',
  'location',
  'free_tier_location',
  'rate_limited',
  'quota',
  'quota_zero',
  'spend_cap',
  'prepay_depleted',
  'overloaded',
  'internal_error',
  'deadline',
  'html_403',
  'html_502',
  'hang',
  'empty',
  'garbage',
  'endless',
  'redirect',
] as const;

export type KeyState = (typeof KEY_STATES)[number];

/** A state at one instant: flapping has been resolved into working or refused. */
export type Condition = Exclude<KeyState, 'flapping' | 'flapping_by_minute'>;

/** A condition that is answered with something else than success. */
export type Refusal = Exclude<Condition, 'works'>;

/** Which calls a state spoils: all of them, or only those that generate while listing models goes on working. */
export type Reach = 'every' | 'generate';
