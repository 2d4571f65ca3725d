import type { Cause } from '../causes/causes.ts';
import { STORE_HOST, type Evidence } from './evidence.ts';
import * as app from './app-sentences.ts';
import * as phrase from './google-sentences.ts';
import { headerRefusalIn } from './header-refusals.ts';
import { REASONS, type Reason } from './error-reasons.ts';

/** One row of the classifier: the first whose `when` holds names the cause. */
export interface Rule {
  readonly cause: Cause;
  readonly because: string;
  readonly when: (evidence: Evidence) => boolean;
}

const said =
  (words: RegExp) =>
  (e: Evidence): boolean =>
    words.test(e.words);

/** A page may say anything. */
const saidInText =
  (words: RegExp) =>
  (e: Evidence): boolean =>
    !e.page && words.test(e.words);

/** Words may condemn a key only beside a status that Google refuses keys with. */
const condemned =
  (words: RegExp) =>
  (e: Evidence): boolean =>
    (e.status === undefined || [400, 401, 403].includes(e.status)) && words.test(e.words);

const gave = (e: Evidence, reason: Reason): boolean => e.reasons.includes(reason);
const gaveAny = (e: Evidence, reasons: readonly Reason[]): boolean => reasons.some((reason) => gave(e, reason));
const isOfStore = (e: Evidence): boolean => !e.page && e.service === STORE_HOST;
const isMisplaced = (e: Evidence): boolean => e.status === 401 || (e.sentAs === 'bearer' && e.status !== 403);
const isLimit = (e: Evidence): boolean =>
  e.status === 429 || gave(e, 'RATE_LIMIT_EXCEEDED') || (e.status === undefined && phrase.LIMITED.test(e.words));
/** Where good auth keys were refused at times. */
const isOnCompatibleRoute = (e: Evidence): boolean =>
  e.keyKind === 'auth' && (e.sentAs === 'bearer' || phrase.COMPATIBLE_ROUTE.test(e.words));
const isRefusedToken = (e: Evidence): boolean =>
  (e.status === undefined || e.status === 401) && phrase.NOT_A_TOKEN.test(e.words);

/** Somebody else than the API answered, or the API did what it was asked. */
const WHO_ANSWERED: readonly Rule[] = [
  {
    cause: 'egress_blocked',
    because: 'Google’s front end and firewalls bar an address in these words before any key is looked at',
    when: (e) => phrase.BARRED.test(e.words) && !e.meaningless,
  },
  {
    cause: 'egress_blocked',
    because: 'the API never answers with a page: whoever bars us with one did not look at the key',
    when: (e) => e.page && e.status !== undefined && [403, 407, 429, 451, 511].includes(e.status),
  },
  {
    cause: 'egress_blocked',
    because: 'the API never redirects: a portal, a proxy, or Google’s own bar on our address does',
    when: (e) => e.status !== undefined && e.status >= 300 && e.status < 400,
  },
  {
    cause: 'unknown',
    because: 'any other page comes from a wrong host, a portal or a proxy',
    when: (e) => e.page && !(e.status !== undefined && e.status >= 500),
  },
  { cause: 'ok', because: 'only a working key gets this', when: (e) => e.succeeded },
  {
    cause: 'unknown',
    because: 'a 2xx without a success in it proves nothing: portals and proxies say 200 too',
    when: (e) => e.meaningless,
  },
];

/** Secret Manager refused, before any key was at hand. */
const STORE: readonly Rule[] = [
  { cause: 'access_denied', because: 'Secret Manager names the permission', when: saidInText(phrase.STORE_DENIED) },
  { cause: 'version_disabled', because: 'Secret Manager names the state', when: saidInText(phrase.VERSION_DISABLED) },
  { cause: 'version_destroyed', because: 'Secret Manager names the state', when: saidInText(phrase.VERSION_DESTROYED) },
  { cause: 'version_missing', because: 'Secret Manager names the version', when: saidInText(phrase.VERSION_MISSING) },
  { cause: 'secret_missing', because: 'Secret Manager names the secret', when: saidInText(phrase.SECRET_MISSING) },
  {
    cause: 'access_denied',
    because: 'Secret Manager knows who asks, and a grant, a scope, a project or a perimeter says no',
    when: (e) => isOfStore(e) && (gaveAny(e, NO_ACCESS) || phrase.PERIMETER.test(e.words)),
  },
  {
    cause: 'no_credentials',
    because: 'Secret Manager wants a token, and got none, a key, or one that is no good',
    when: (e) =>
      isOfStore(e) &&
      (e.status === 401 ||
        gaveAny(e, NO_TOKEN) ||
        [phrase.NOT_A_TOKEN, phrase.MISPLACED, phrase.END_USER].some((words) => words.test(e.words))),
  },
  {
    cause: 'store_disabled',
    because: 'the API that is off is Secret Manager, not Gemini',
    when: (e) => isOfStore(e) && (gave(e, 'SERVICE_DISABLED') || phrase.SERVICE_OFF.test(e.words)),
  },
  {
    cause: 'store_unavailable',
    because: 'what Secret Manager could not answer, or not so often, says nothing about a key',
    when: (e) =>
      isOfStore(e) && (gave(e, 'RATE_LIMIT_EXCEEDED') || (e.status !== undefined && STORE_AWAY.includes(e.status))),
  },
];

const NO_TOKEN: readonly Reason[] = [
  'CREDENTIALS_MISSING',
  'CREDENTIAL_TYPE_UNSUPPORTED',
  'OVERLOADED_CREDENTIALS',
  'ACCESS_TOKEN_EXPIRED',
  'ACCESS_TOKEN_TYPE_UNSUPPORTED',
  'ACCOUNT_STATE_INVALID',
];
const NO_ACCESS: readonly Reason[] = [
  'IAM_PERMISSION_DENIED',
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  'SECURITY_POLICY_VIOLATED',
  'USER_PROJECT_DENIED',
];
const STORE_AWAY = [408, 429, 499, 500, 502, 503, 504];

/** Nobody was signed in where a secret, or a library that found no key, wanted Google’s own credentials. */
const NO_CREDENTIALS: readonly Rule[] = [
  {
    cause: 'wrong_transport',
    because: 'a Gemini library looks for default credentials only where no key reached it',
    when: (e) => !e.page && phrase.NO_CREDENTIALS.test(e.words) && phrase.GEMINI_NAMED.test(e.words),
  },
  {
    cause: 'no_credentials',
    because: 'Google’s auth libraries, gcloud and Terraform say so before anything is asked',
    when: saidInText(phrase.NO_CREDENTIALS),
  },
];

/** Google’s reason decides; what stands beside it only makes it more exact. */
const BY_REASON: readonly Rule[] = [
  {
    cause: 'wrong_transport',
    because: 'end-user credentials without a quota project get SERVICE_DISABLED too',
    when: said(phrase.END_USER),
  },
  {
    cause: 'wrong_transport',
    because: 'with 401 it means a key where a token belongs; only with 403 is it a restriction of the key',
    when: (e) => gave(e, 'API_KEY_SERVICE_BLOCKED') && isMisplaced(e),
  },
  {
    cause: 'wrong_transport',
    because: 'a good key sent as a bearer token gets the very answer of a bad auth key',
    when: (e) => gave(e, 'ACCESS_TOKEN_TYPE_UNSUPPORTED') && e.sentAs === 'bearer',
  },
  {
    cause: 'credential_unclear',
    because: 'good auth keys were refused as bearer tokens by the OpenAI-compatible route, in the words for bad ones',
    when: (e) =>
      isOnCompatibleRoute(e) &&
      (gave(e, 'API_KEY_INVALID') || gave(e, 'ACCESS_TOKEN_TYPE_UNSUPPORTED')) &&
      !phrase.LEAKED.test(e.words),
  },
  {
    cause: 'credential_unclear',
    because: 'cut off before it names whose API refused a token, it may have been Secret Manager’s',
    when: (e) => gave(e, 'ACCESS_TOKEN_TYPE_UNSUPPORTED') && e.cut && e.service === undefined && e.keyKind !== 'auth',
  },
  {
    cause: 'key_leaked',
    because: 'should the leak ever come with a reason, its words still say more',
    when: (e) => gave(e, 'API_KEY_INVALID') && phrase.LEAKED.test(e.words),
  },
  {
    cause: 'key_expired',
    because: 'API_KEY_INVALID carries three messages',
    when: (e) => gave(e, 'API_KEY_INVALID') && phrase.EXPIRED.test(e.words),
  },
  {
    cause: 'key_not_found',
    because: 'API_KEY_INVALID carries three messages',
    when: (e) => gave(e, 'API_KEY_INVALID') && phrase.NOT_FOUND.test(e.words),
  },
  ...Object.entries(REASONS)
    .filter(([, cause]) => cause !== 'rate_limited' && cause !== 'quota_exceeded')
    .map(([reason, cause]) => ({
      cause,
      because: `google.api.ErrorReason ${reason}`,
      when: (e: Evidence) => e.reasons.includes(reason),
    })),
];

/** Google could not answer. */
const SERVER: readonly Rule[] = [
  {
    cause: 'timeout',
    because: 'whoever gave up waiting, no key was judged',
    when: (e) => e.status !== undefined && [408, 499, 504].includes(e.status),
  },
  {
    cause: 'network',
    because: 'gRPC says UNAVAILABLE, and meshes say 503, where nobody was reached',
    when: (e) => e.status === 503 && phrase.UNREACHABLE.test(e.words) && !phrase.OVERLOADED.test(e.words),
  },
  {
    cause: 'overloaded',
    because: 'no room; inside a stream it comes without a status',
    when: (e) =>
      e.status === 503 ||
      e.status === 529 ||
      ((e.status === undefined || e.status >= 500) && phrase.OVERLOADED.test(e.words)),
  },
  { cause: 'server_error', because: 'any other 5xx', when: (e) => e.status !== undefined && e.status >= 500 },
];

/** Money and quota: one status word for all of them, so the HTTP code and the words decide. */
const LIMITS: readonly Rule[] = [
  {
    cause: 'unknown',
    because: 'words that condemn a key beside a status that clears it contradict each other',
    when: (e) =>
      e.reasons.length === 0 &&
      e.status !== undefined &&
      ![400, 401, 403].includes(e.status) &&
      [phrase.LEAKED, phrase.EXPIRED, phrase.INVALID, app.NO_SUCH_KEY].some((words) => words.test(e.words)),
  },
  {
    cause: 'spend_cap',
    because: 'a cap is no rate: only its owner or the next month ends it',
    when: said(phrase.SPEND_CAP),
  },
  { cause: 'prepay_depleted', because: 'answered with 429, since September 2026 with 402', when: said(phrase.PREPAID) },
  {
    cause: 'prepay_depleted',
    because: '402 means pay first, though its status word is that of a rate limit',
    when: (e) => e.status === 402,
  },
  { cause: 'quota_zero', because: 'a limit of 0 never recovers', when: (e) => isLimit(e) && e.quota.zero },
  {
    cause: 'quota_exceeded',
    because: 'the day’s quota is spent',
    when: (e) => gave(e, 'RESOURCE_QUOTA_EXCEEDED') || (isLimit(e) && e.quota.spent),
  },
  {
    cause: 'rate_limited',
    because: 'what is left of the limits is a matter of pace',
    when: (e) => isLimit(e) && (e.reasons.length === 0 || gave(e, 'RATE_LIMIT_EXCEEDED')),
  },
];

/** Sentences that Google sends without any details. */
const WITHOUT_REASON: readonly Rule[] = [
  {
    cause: 'bad_request',
    because: 'Google quotes the caller’s input in such complaints: no word of it is evidence',
    when: (e) => e.malformed,
  },
  { cause: 'key_leaked', because: 'a leak is told in the message only', when: condemned(phrase.LEAKED) },
  { cause: 'project_denied', because: 'told in the message only', when: said(phrase.PROJECT_DENIED) },
  { cause: 'location_unsupported', because: 'told in the message only', when: said(phrase.LOCATION) },
  { cause: 'wrong_transport', because: 'the complaint is about how it was sent', when: said(phrase.MISPLACED) },
  {
    cause: 'wrong_transport',
    because: 'a key sent as a bearer token is no key to the native API',
    when: (e) => e.sentAs === 'bearer' && phrase.NO_KEY.test(e.words),
  },
  { cause: 'key_missing', because: 'told in the message only', when: condemned(phrase.NO_KEY) },
  {
    cause: 'unknown',
    because: 'a reason we do not know (all others are dealt with above) is never a verdict',
    when: (e) => e.reasons.length > 0,
  },
];

/** Sentences that come with a reason, which was lost on the way to us. */
const REASON_LOST: readonly Rule[] = [
  { cause: 'project_suspended', because: 'CONSUMER_SUSPENDED in words', when: said(phrase.SUSPENDED) },
  { cause: 'service_disabled', because: 'SERVICE_DISABLED in words', when: said(phrase.SERVICE_OFF) },
  { cause: 'account_disabled', because: 'ACCOUNT_STATE_INVALID in words', when: said(app.ACCOUNT_OFF) },
  {
    cause: 'permission_denied',
    because: 'SECURITY_POLICY_VIOLATED in words: a perimeter refuses the caller, whatever the key',
    when: said(phrase.PERIMETER),
  },
  { cause: 'keys_forbidden', because: 'CUSTOM_ORG_POLICY_VIOLATION in words', when: said(app.FORBIDDEN_BY_POLICY) },
  {
    cause: 'wrong_transport',
    because: 'API_KEY_SERVICE_BLOCKED in words, where a token belongs',
    when: (e) => phrase.API_BLOCKED.test(e.words) && isMisplaced(e),
  },
  { cause: 'api_blocked', because: 'API_KEY_SERVICE_BLOCKED in words', when: said(phrase.API_BLOCKED) },
  { cause: 'ip_blocked', because: 'API_KEY_IP_ADDRESS_BLOCKED in words', when: said(phrase.IP_BLOCKED) },
  { cause: 'referrer_blocked', because: 'API_KEY_HTTP_REFERRER_BLOCKED in words', when: said(phrase.REFERRER_BLOCKED) },
  { cause: 'android_blocked', because: 'API_KEY_ANDROID_APP_BLOCKED in words', when: said(phrase.ANDROID_BLOCKED) },
  { cause: 'ios_blocked', because: 'API_KEY_IOS_APP_BLOCKED in words', when: said(phrase.IOS_BLOCKED) },
  { cause: 'billing_disabled', because: 'BILLING_DISABLED in words', when: said(phrase.BILLING_OFF) },
  { cause: 'consumer_invalid', because: 'CONSUMER_INVALID in words', when: said(phrase.CONSUMER_GONE) },
  {
    cause: 'credential_unclear',
    because: 'API_KEY_INVALID in words, on the route that refused good auth keys',
    when: (e) => isOnCompatibleRoute(e) && condemned(phrase.INVALID)(e),
  },
  { cause: 'key_expired', because: 'API_KEY_INVALID in words', when: condemned(phrase.EXPIRED) },
  { cause: 'key_not_found', because: 'API_KEY_INVALID in words', when: condemned(phrase.NOT_FOUND) },
  { cause: 'key_invalid', because: 'API_KEY_INVALID in words', when: condemned(phrase.INVALID) },
  { cause: 'key_missing', because: 'a library never found a key to send', when: condemned(phrase.UNSET) },
  {
    cause: 'app_refuses_auth_keys',
    because: 'an app that tests the prefix refuses every key that is made today',
    when: condemned(app.PREFIX_TESTED),
  },
  {
    cause: 'app_refuses_auth_keys',
    because: 'the form of an auth key is refused by apps alone: Google documents none',
    when: (e) => e.keyKind === 'auth' && condemned(app.FORM_REFUSED)(e),
  },
  { cause: 'key_missing', because: 'an app looked for a key where a person enters it', when: condemned(app.NOT_SET) },
  {
    cause: 'stored_bytes_unclean',
    because: 'a library refuses to send what no header can carry; no server ever says so',
    when: (e) => e.status === undefined && headerRefusalIn(e.words) !== undefined,
  },
  {
    cause: 'wrong_transport',
    because: 'ACCESS_TOKEN_TYPE_UNSUPPORTED in words, for a bearer token',
    when: (e) => isRefusedToken(e) && e.sentAs === 'bearer',
  },
  {
    cause: 'credential_unclear',
    because: 'a key sent as a bearer token and a refused auth key get the same sentence',
    when: (e) => isRefusedToken(e) && (e.sentAs === 'unknown' || phrase.COMPATIBLE_ROUTE.test(e.words)),
  },
  {
    cause: 'auth_key_refused',
    because: 'the same for a key; cut off, the reason may have been about a token, unless it was an auth key',
    when: (e) => isRefusedToken(e) && (!e.cut || e.keyKind === 'auth'),
  },
];

/** What the status alone allows to say, which is never a verdict on the key. */
const BY_STATUS: readonly Rule[] = [
  {
    cause: 'model_not_found',
    because: 'a model can be gone while the key is fine',
    when: (e) => (e.status === undefined || e.status === 404) && phrase.MODEL_GONE.test(e.words),
  },
  {
    cause: 'permission_denied',
    because: '403 in words of the API, without a reason',
    when: (e) => e.status === 403 && e.words !== '',
  },
  {
    cause: 'bad_request',
    because: 'refused for its form',
    when: (e) => e.status !== undefined && [400, 411, 413, 414, 415, 416, 422].includes(e.status) && e.words !== '',
  },
  {
    cause: 'timeout',
    because: 'an error of the client, pasted',
    when: (e) => e.status === undefined && phrase.TIMED_OUT.test(e.words),
  },
  {
    cause: 'network',
    because: 'an error of the client, pasted',
    when: (e) => e.status === undefined && phrase.UNREACHABLE.test(e.words),
  },
];

/** What somebody else than Google says about a key: it condemns none. */
const HEARSAY: readonly Rule[] = [
  {
    cause: 'said_by_app',
    because: 'an app’s own words show what it thinks, not what Google said',
    when: (e) => condemned(app.CALLED_BAD)(e) || condemned(app.FORM_REFUSED)(e),
  },
];

/** THE RULES, in order of evidence: who answered, Google’s reason, its words, the status. */
export const RULES: readonly Rule[] = [
  ...WHO_ANSWERED,
  ...STORE,
  ...BY_REASON,
  ...SERVER,
  ...LIMITS,
  ...WITHOUT_REASON,
  ...NO_CREDENTIALS,
  ...REASON_LOST,
  ...HEARSAY,
  ...BY_STATUS,
];
