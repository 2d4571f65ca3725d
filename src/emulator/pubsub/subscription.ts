import { ApiError } from '../wire/api-error.ts';
import { isLoopback } from '../wire/loopback.ts';
import type { JsonObject } from '../wire/rest/json-body.ts';
import { snakeCase } from '../wire/rest/proto-json.ts';
import { notServed } from '../wire/not-served.ts';
import { attributeFilter } from './filter.ts';
import type { SubscriptionMessage } from './messages.ts';
import type { DeliveryPolicy } from './queue.ts';

/** Where and as whom a push subscription posts. */
export interface PushTarget {
  readonly url: string;
  readonly email: string | undefined;
  /** Google's default is the URL itself. */
  readonly audience: string;
  /** The message's bytes alone as the body, instead of Google's JSON around them. */
  readonly bare: boolean;
}

/** A subscription's settings: as the caller wrote them, with Google's defaults, and read, for delivering. */
export interface SubscriptionSettings {
  readonly given: SubscriptionMessage;
  readonly policy: DeliveryPolicy;
  readonly push: PushTarget | undefined;
  /** Full topic name. */
  readonly deadLetterTopic: string | undefined;
}

const DAY_SECONDS = 24 * 60 * 60;
const RETENTION = { usual: 7 * DAY_SECONDS, least: 600, most: 31 * DAY_SECONDS };
const BACKOFF = { least: 10, most: 600 };
const ATTEMPTS = { usual: 5, least: 5, most: 100 };
const FILTER_BYTES_MAX = 256;

/** A push without a retry policy backs off too (cloud.google.com/pubsub/docs/push#push_backoff). */
const PUSH_BACKOFF_MS = [100, 60_000] as const;

/** Reads a whole subscription. INVALID_ARGUMENT for what Google refuses. */
export function subscriptionSettings(sent: SubscriptionMessage): SubscriptionSettings {
  requireServed(sent);
  const given = withDefaults(sent);
  requireLabels(given.labels ?? {});
  const expiry = given.expirationPolicy?.ttl;
  if (expiry !== undefined && expiry !== 0 && expiry < DAY_SECONDS) throw argument('expiration_policy.ttl');
  const { ackDeadlineSeconds = 0, retryPolicy, deadLetterPolicy, filter = '', messageRetentionDuration = 0 } = given;
  if (ackDeadlineSeconds < 10 || ackDeadlineSeconds > 600) throw badDeadline(ackDeadlineSeconds, 10);
  if (messageRetentionDuration < RETENTION.least || messageRetentionDuration > RETENTION.most)
    throw argument('message_retention_duration');
  if (new TextEncoder().encode(filter).length > FILTER_BYTES_MAX) throw argument('filter');
  const push = pushTarget(given.pushConfig ?? {});
  return {
    given,
    push,
    deadLetterTopic: deadLetterPolicy?.deadLetterTopic,
    policy: {
      ackDeadlineMs: ackDeadlineSeconds * 1000,
      retentionMs: messageRetentionDuration * 1000,
      ordered: given.enableMessageOrdering === true,
      passes: attributeFilter(filter),
      backoffMs: retryPolicy
        ? [backoffMs(retryPolicy.minimumBackoff), backoffMs(retryPolicy.maximumBackoff)]
        : push && PUSH_BACKOFF_MS,
      maxAttempts: deadLetterPolicy && attempts(deadLetterPolicy.maxDeliveryAttempts ?? ATTEMPTS.usual),
    },
  };
}

const CHANGEABLE = [
  'push_config',
  'ack_deadline_seconds',
  'retain_acked_messages',
  'message_retention_duration',
  'labels',
  'expiration_policy',
  'dead_letter_policy',
  'retry_policy',
  'enable_exactly_once_delivery',
];

/** `before` with the fields that `mask` names taken from `sent`. What a subscription filters and orders by stays. */
export function resettled(
  before: SubscriptionMessage,
  sent: SubscriptionMessage,
  mask: string | undefined,
): SubscriptionSettings {
  const paths = (mask ?? '')
    .split(',')
    .filter((path) => path !== '')
    .map((path) => snakeCase(path.trim()));
  if (paths.length === 0)
    throw invalid(
      'The update_mask in the UpdateSubscriptionRequest must be set, and must contain a non-empty paths list.',
    );
  const foreign = paths.find((path) => !CHANGEABLE.includes(path.split('.')[0] ?? ''));
  if (foreign !== undefined)
    throw invalid(
      `Invalid update_mask provided in the UpdateSubscriptionRequest: the '${foreign}' field in the Subscription is not mutable.`,
    );
  const named = (field: string): boolean => paths.some((path) => path.split('.')[0] === snakeCase(field));
  const kept = Object.entries(before).filter(([field]) => !named(field));
  const taken = Object.entries(sent).filter(([field]) => named(field));
  return subscriptionSettings(Object.fromEntries([...kept, ...taken]));
}

/** A subscription in REST form. */
export function subscriptionJson(name: string, topic: string, given: SubscriptionMessage): JsonObject {
  const { messageRetentionDuration, expirationPolicy, retryPolicy, labels, ...others } = given;
  return {
    ...others,
    ...(labels && Object.keys(labels).length > 0 && { labels }),
    name,
    topic,
    messageRetentionDuration: `${messageRetentionDuration}s`,
    expirationPolicy: expirationPolicy?.ttl === undefined ? {} : { ttl: `${expirationPolicy.ttl}s` },
    ...(retryPolicy && {
      retryPolicy: {
        minimumBackoff: `${retryPolicy.minimumBackoff}s`,
        maximumBackoff: `${retryPolicy.maximumBackoff}s`,
      },
    }),
    state: 'ACTIVE',
  };
}

function withDefaults(sent: SubscriptionMessage): SubscriptionMessage {
  const {
    state: _,
    topicMessageRetentionDuration: __,
    analyticsHubSubscriptionInfo: ___,
    detached: ____,
    ...given
  } = sent;
  const { deadLetterPolicy: letters, retryPolicy: retry } = given;
  return {
    pushConfig: {},
    expirationPolicy: { ttl: 31 * DAY_SECONDS },
    messageRetentionDuration: RETENTION.usual,
    ...given,
    // Proto3 cannot tell 0 from left out.
    ackDeadlineSeconds:
      given.ackDeadlineSeconds === undefined || given.ackDeadlineSeconds === 0 ? 10 : given.ackDeadlineSeconds,
    ...(letters && { deadLetterPolicy: { maxDeliveryAttempts: ATTEMPTS.usual, ...letters } }),
    ...(retry && { retryPolicy: { minimumBackoff: BACKOFF.least, maximumBackoff: BACKOFF.most, ...retry } }),
  };
}

/**
 * Reads a `pushConfig`; one without an endpoint means pull. An endpoint elsewhere is kept and shown, and nothing is
 * pushed there: what is published waits, as for an endpoint that does not answer.
 */
function pushTarget(config: NonNullable<SubscriptionMessage['pushConfig']>): PushTarget | undefined {
  const { pushEndpoint: url = '', oidcToken: token, noWrapper } = config;
  if (url === '') return undefined;
  if (!isEndpoint(url)) throw invalid(`Invalid push endpoint given (endpoint=${url}).`);
  if (!isLoopback(url)) return undefined;
  const audience = token?.audience === undefined || token.audience === '' ? url : token.audience;
  return { url, email: token?.serviceAccountEmail, audience, bare: noWrapper !== undefined };
}

/** Google takes https alone; http on this machine is what a test listens on. */
function isEndpoint(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  return (protocol === 'https:' && hostname.includes('.')) || isLoopback(url);
}

const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** At most 64, of lower-case letters, digits, `_` and `-` (cloud.google.com/pubsub/docs/labels). */
export function requireLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > 64 || !entries.every(([key, value]) => LABEL_KEY.test(key) && LABEL_VALUE.test(value)))
    throw argument('labels');
}

/** Whether something is set that is not served. */
export function isSet(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function requireServed(sent: SubscriptionMessage): void {
  if (isSet(sent.bigqueryConfig)) throw notServed('pubsub', 'Subscription.bigqueryConfig');
  if (isSet(sent.cloudStorageConfig)) throw notServed('pubsub', 'Subscription.cloudStorageConfig');
  if (isSet(sent.bigtableConfig)) throw notServed('pubsub', 'Subscription.bigtableConfig');
  if (isSet(sent.messageTransforms)) throw notServed('pubsub', 'Subscription.messageTransforms');
  if (isSet(sent.tags)) throw notServed('pubsub', 'Subscription.tags');
}

function attempts(wanted: number): number {
  if (wanted < ATTEMPTS.least) throw outOfBounds('max_delivery_attempts', wanted, 'small', ATTEMPTS.least);
  if (wanted > ATTEMPTS.most) throw outOfBounds('max_delivery_attempts', wanted, 'large', ATTEMPTS.most);
  return wanted;
}

function backoffMs(seconds = 0): number {
  if (seconds >= 0 && seconds <= BACKOFF.most) return seconds * 1000;
  throw argument('retry_policy');
}

/** INVALID_ARGUMENT in Google's words for a number over or under a bound. */
export function outOfBounds(what: string, passed: number, how: 'small' | 'large', bound: number): ApiError {
  const end = how === 'small' ? 'minimum' : 'maximum';
  return invalid(
    `The value for ${what} is too ${how}. You passed ${passed} in the request, but the ${end} value is ${bound}.`,
  );
}

/** INVALID_ARGUMENT for an ack deadline; a subscription's own begins at 10 seconds, a loan's at 0. */
export function badDeadline(seconds: number, least: 0 | 10): ApiError {
  return invalid(
    `Invalid ack deadline given (ack_deadline=${seconds}). The ack deadline must be between ${least} and 600 seconds.`,
  );
}

/** INVALID_ARGUMENT that names nothing but the argument. */
export function argument(name: string): ApiError {
  return invalid(`You have passed an invalid argument to the service (argument=${name}).`);
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
