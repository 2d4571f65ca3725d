import { denied, errorInfo, failure, help, keyInvalid, unauthenticated, type About } from './envelope.ts';
import { GEMINI_API } from '../world/restrictions.ts';
import { disabledService } from '../world/service-disabled.ts';
import type { Reach, Refusal } from '../world/key-states.ts';
import { escaped, frontEndPage, type WireReply } from '../wire/rest/wire.ts';

/** One way the Gemini API refuses, and which calls it spoils in production. */
export interface RefusalRow {
  readonly reach: Reach;
  readonly reply: (about: About) => WireReply;
}

const LIMITS = 'https://ai.google.dev/gemini-api/docs/rate-limits';

/** The answers of the real service, as users and measurements of 2024-2026 recorded them. */
export const REFUSALS = {
  invalid: { reach: 'every', reply: () => keyInvalid('API key not valid. Please pass a valid API key.') },
  not_found: { reach: 'every', reply: () => keyInvalid('API Key not found. Please pass a valid API key.') },
  expired: { reach: 'every', reply: () => keyInvalid('API key expired. Please renew the API key.') },
  leaked: {
    reach: 'every',
    reply: () => failure(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.'),
  },
  auth_refused: { reach: 'every', reply: (about) => unauthenticated('ACCESS_TOKEN_TYPE_UNSUPPORTED', about) },
  // That the reason is this one, and the message, is not settled.
  account_disabled: {
    reach: 'every',
    reply: (about) => denied('ACCOUNT_STATE_INVALID', 'The service account of this API key is disabled.', about),
  },
  suspended: { reach: 'every', reply: suspended },
  project_denied: {
    reach: 'generate',
    reply: () => failure(403, 'PERMISSION_DENIED', 'Your project has been denied access. Please contact support.'),
  },
  restricted_api: { reach: 'every', reply: (about) => apiBlocked(about) },
  restricted_ip: {
    reach: 'every',
    reply: (about) =>
      denied(
        'API_KEY_IP_ADDRESS_BLOCKED',
        'The provided API key has an IP address restriction. The originating IP address of the call ' +
          `(${about.callerIp}) violates this restriction.`,
        about,
        { callerIp: about.callerIp },
      ),
  },
  restricted_referrer: {
    reach: 'every',
    reply: (about) => {
      const httpReferrer = about.referrer ?? '<empty>';
      const message = `Requests from referer ${httpReferrer} are blocked.`;
      return denied('API_KEY_HTTP_REFERRER_BLOCKED', message, about, { httpReferrer });
    },
  },
  restricted_android: {
    reach: 'every',
    reply: (about) => {
      const app = about.androidPackage ?? '<empty>';
      const message = `Requests from this Android client application ${app} are blocked.`;
      return denied('API_KEY_ANDROID_APP_BLOCKED', message, about);
    },
  },
  restricted_ios: {
    reach: 'every',
    reply: (about) => {
      const iosBundleId = about.iosBundleId ?? '<empty>';
      const message = `Requests from this iOS client application ${iosBundleId} are blocked.`;
      return denied('API_KEY_IOS_APP_BLOCKED', message, about, { iosBundleId });
    },
  },
  service_disabled: { reach: 'every', reply: serviceDisabled },
  billing_country: {
    reach: 'every',
    reply: (about) =>
      failure(
        403,
        'PERMISSION_DENIED',
        `Access to ${GEMINI_API} is restricted from your billing country and was denied for ${about.consumer}.`,
      ),
  },
  billing_disabled: { reach: 'every', reply: billingDisabled },
  consumer_invalid: {
    reach: 'every',
    reply: (about) => {
      const container = projectOf(about);
      const message = `Permission denied on resource project ${container}.`;
      return denied('CONSUMER_INVALID', message, about, { containerInfo: container });
    },
  },
  location: {
    reach: 'every',
    reply: () => failure(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
  },
  free_tier_location: {
    reach: 'every',
    reply: () =>
      failure(
        400,
        'FAILED_PRECONDITION',
        'Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.',
      ),
  },
  rate_limited: { reach: 'every', reply: (about) => overRate(about, '60') },
  quota: { reach: 'generate', reply: dailyQuota },
  quota_zero: { reach: 'every', reply: (about) => overRate(about, '0') },
  spend_cap: {
    reach: 'generate',
    reply: () =>
      failure(
        429,
        'RESOURCE_EXHAUSTED',
        'Your project has exceeded its monthly spending cap. Please go to AI Studio at https://ai.studio/spend to manage your project spend cap.',
      ),
  },
  prepay_depleted: {
    reach: 'generate',
    reply: () =>
      failure(
        402,
        'RESOURCE_EXHAUSTED',
        'Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.',
      ),
  },
  overloaded: {
    reach: 'generate',
    reply: () => failure(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  },
  internal_error: {
    reach: 'every',
    reply: () => failure(500, 'INTERNAL', 'An internal error has occurred. Please retry.'),
  },
  deadline: {
    reach: 'every',
    reply: () => failure(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
  },
  html_403: {
    reach: 'generate',
    reply: (about) =>
      frontEndPage(
        403,
        'Forbidden',
        `Your client does not have permission to get URL <code>${escaped(about.path)}</code> from this server.`,
      ),
  },
  html_502: {
    reach: 'every',
    reply: () =>
      frontEndPage(
        502,
        'Server Error',
        'The server encountered a temporary error and could not complete your request.',
      ),
  },
  hang: { reach: 'every', reply: () => ({ status: 0, misbehaves: 'hang' }) },
  empty: { reach: 'every', reply: () => ({ status: 200, body: '' }) },
  garbage: { reach: 'every', reply: () => ({ status: 200, body: '{"models": [{"na\u0000me' }) },
  endless: { reach: 'every', reply: () => ({ status: 200, misbehaves: 'endless' }) },
  redirect: {
    reach: 'every',
    reply: () => ({ status: 302, body: '', contentType: 'text/html', headers: { location: '/sorry/index' } }),
  },
} as const satisfies Record<Refusal, RefusalRow>;

/** 403 when the key may not call this API; the same reason with 401 answers an auth key sent as Bearer. */
function apiBlocked(about: About): WireReply {
  const message = `Requests to this API ${GEMINI_API} method ${about.rpc} are blocked.`;
  return denied('API_KEY_SERVICE_BLOCKED', message, about, { apiName: GEMINI_API, methodName: about.rpc });
}

/** The one answer that repeats the whole key, three times, as production does (public report). */
function suspended(about: About): WireReply {
  const container = `api_key:${about.keyString}`;
  const message = `Permission denied: Consumer '${container}' has been suspended.`;
  return denied('CONSUMER_SUSPENDED', message, about, { containerInfo: container });
}

function serviceDisabled(about: About): WireReply {
  const { message, details } = disabledService(GEMINI_API, 'Gemini API', projectOf(about));
  return failure(403, 'PERMISSION_DENIED', message, details);
}

function billingDisabled(about: About): WireReply {
  const project = projectOf(about);
  const message =
    `This API method requires billing to be enabled. Please enable billing on project #${project} by visiting ` +
    `https://console.developers.google.com/billing/enable?project=${project} then retry. If you enabled billing for ` +
    'this project recently, wait a few minutes for the action to propagate to our systems and retry.';
  return denied('BILLING_DISABLED', message, about);
}

function projectOf({ consumer }: About): string {
  return consumer.slice('projects/'.length);
}

/** A limit of `"0"` never recovers; any other value is a matter of waiting. */
function overRate(about: About, limit: string): WireReply {
  const message =
    `Quota exceeded for quota metric 'Generate Content API requests per minute' and limit 'GenerateContent request ` +
    `limit per minute for a region' of service '${GEMINI_API}' for consumer '${about.consumer}'.`;
  const info = errorInfo('RATE_LIMIT_EXCEEDED', {
    service: GEMINI_API,
    consumer: about.consumer,
    quota_metric: `${GEMINI_API}/generate_content_requests`,
    quota_limit: 'GenerateContentRequestsPerMinutePerProjectPerRegion',
    quota_limit_value: limit,
    quota_location: 'us-south1',
    quota_unit: '1/min/{project}/{region}',
  });
  const more = help('Request a higher quota limit.', 'https://cloud.google.com/docs/quotas/help/request_increase');
  return failure(429, 'RESOURCE_EXHAUSTED', message, [info, more]);
}

/** A daily quota resets at midnight Pacific, whatever the 29 seconds of `RetryInfo` say. */
function dailyQuota(about: About): WireReply {
  const metric = `${GEMINI_API}/generate_content_free_tier_requests`;
  const message =
    `You exceeded your current quota, please check your plan and billing details. For more information on this error, ` +
    `head to: ${LIMITS}.\n* Quota exceeded for metric: ${metric}, limit: 20, model: ${about.model ?? 'unknown'}\n` +
    `Please retry in 29s.`;
  const violation = {
    quotaMetric: metric,
    quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
    quotaDimensions: { location: 'global', model: about.model ?? 'unknown' },
    quotaValue: '20',
  };
  return failure(429, 'RESOURCE_EXHAUSTED', message, [
    help('Learn more about Gemini API quotas', LIMITS),
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '29s' },
  ]);
}
