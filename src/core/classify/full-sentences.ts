import type { Cause } from '../causes/causes.ts';

/**
 * Google's sentences from beginning to end, in plain words. Part of one may be anybody's; a whole one is Google's own
 * word, as a reason is. What has no sentence here is settled by a reason or not at all.
 */
const FULL: Partial<Record<Cause, RegExp>> = {
  key_invalid: /\bapi key not valid\. please pass a valid api key/,
  key_not_found: /\bapi key not found\. please pass a valid api key/,
  key_expired: /\bapi key expired\. please renew the api key/,
  key_leaked: /\byour api key was reported as leaked\. please use another api key/,
  api_blocked: /\brequests to this api [\w.-]{1,80} method [\w.]{1,120} are blocked/,
  ip_blocked:
    /\bthe provided api key has an ip address restriction\. the originating ip address of the call .{1,60} violates this restriction/,
  referrer_blocked: /\brequests from referr?er .{1,300} are blocked/,
  android_blocked: /\brequests from this android client application .{1,200} are blocked/,
  ios_blocked: /\brequests from this ios client application .{1,200} are blocked/,
  service_disabled: /\bapi has not been used in .{1,120} before or it is disabled\. enable it by visiting/,
  project_suspended: /\bpermission denied: consumer .{1,120} has been suspended/,
  project_denied: /\byour project has been denied access\. please contact support/,
  billing_disabled: /\brequires billing to be enabled\. please enable billing on project/,
  prepay_depleted: /\byour prepayment credits are depleted\. please go to ai studio/,
  spend_cap: /\byour (?:project|billing account) has exceeded its monthly spending cap/,
  quota_zero:
    /\byou exceeded your current quota, please check your plan and billing details|\bquota exceeded for (?:quota )?metric/,
};

/** Whether the words hold Google's whole sentence for this cause. */
export function isInFull(cause: Cause, words: string): boolean {
  return FULL[cause]?.test(words) === true;
}

/** Sentences of Google's that settle nothing about a key. */
const OTHERS =
  /request had invalid authentication credentials\. expected oauth ?2? access token|method doesn't allow unregistered callers|user location is not supported for the api use|the model is overloaded\. please try again later|api keys are not supported by this api|the request is missing a valid api key|is not found for api version/;

/** Whether the words hold any of Google's whole sentences: then they, or what they quote, are Google's. */
export function quotesGoogle(words: string): boolean {
  return OTHERS.test(words) || Object.values(FULL).some((sentence) => sentence.test(words));
}
