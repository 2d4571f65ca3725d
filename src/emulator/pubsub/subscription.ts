import { ApiError } from '../api-error.ts';
import { isJsonObject, refuseUnknownFields, textField } from '../rest/json-body.ts';
import type { JsonObject } from '../rest/json-body.ts';
import { attributeFilter } from './filter.ts';
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

/** A subscription's settings: as the caller wrote them, for answering, and read, for delivering. */
export interface SubscriptionSettings {
  readonly given: JsonObject;
  readonly policy: DeliveryPolicy;
  readonly push: PushTarget | undefined;
  /** Full topic name. */
  readonly deadLetterTopic: string | undefined;
}

const FIELDS = new Set([
  'name',
  'topic',
  'pushConfig',
  'ackDeadlineSeconds',
  'retainAckedMessages',
  'messageRetentionDuration',
  'labels',
  'enableMessageOrdering',
  'expirationPolicy',
  'filter',
  'deadLetterPolicy',
  'retryPolicy',
  'enableExactlyOnceDelivery',
]);

/** A push without a retry policy backs off too (cloud.google.com/pubsub/docs/push#push_backoff). */
const PUSH_BACKOFF_MS = [100, 60_000] as const;

/** Reads the body of a create. INVALID_ARGUMENT for what Google refuses, and for pushing anywhere but loopback. */
export function subscriptionSettings(given: JsonObject): SubscriptionSettings {
  refuseUnknownFields(given, FIELDS);
  const deadLetter = objectField(given, 'deadLetterPolicy');
  const retry = objectField(given, 'retryPolicy');
  const push = pushTarget(objectField(given, 'pushConfig') ?? {});
  const ackDeadlineSeconds = integer(given['ackDeadlineSeconds'] ?? 10, 10, 600, 'ackDeadlineSeconds');
  return {
    given: { pushConfig: {}, ...given, ackDeadlineSeconds },
    push,
    deadLetterTopic: deadLetter && textField(deadLetter, 'deadLetterTopic'),
    policy: {
      ackDeadlineMs: ackDeadlineSeconds * 1000,
      ordered: given['enableMessageOrdering'] === true,
      passes: attributeFilter(textField(given, 'filter') ?? ''),
      backoffMs: retry
        ? [durationMs(retry, 'minimumBackoff', 10), durationMs(retry, 'maximumBackoff', 600)]
        : push && PUSH_BACKOFF_MS,
      maxAttempts: deadLetter && integer(deadLetter['maxDeliveryAttempts'] ?? 5, 5, 100, 'maxDeliveryAttempts'),
    },
  };
}

/** Reads a `pushConfig`; one without an endpoint means pull. */
function pushTarget(config: JsonObject): PushTarget | undefined {
  const url = textField(config, 'pushEndpoint') ?? '';
  if (url === '') return undefined;
  if (!isLoopback(url)) {
    throw new ApiError('INVALID_ARGUMENT', 'The pretend cloud pushes only to http URLs on loopback.');
  }
  const token = objectField(config, 'oidcToken');
  const email = token && textField(token, 'serviceAccountEmail');
  const audience = (token && textField(token, 'audience')) ?? url;
  return { url, email, audience, bare: config['noWrapper'] !== undefined };
}

function isLoopback(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function objectField(given: JsonObject, field: string): JsonObject | undefined {
  const value = given[field];
  if (value === undefined || value === null) return undefined;
  if (isJsonObject(value)) return value;
  throw new ApiError('INVALID_ARGUMENT', `Invalid value at '${field}'`);
}

function integer(value: unknown, least: number, most: number, field: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new ApiError('INVALID_ARGUMENT', `The value for ${field} must be between ${least} and ${most}.`);
}

/** Protobuf's JSON form of a duration, `10s`; 0 to 600 seconds are allowed for a retry policy. */
function durationMs(given: JsonObject, field: string, usualSeconds: number): number {
  const seconds = /^(\d{1,3}(?:\.\d{1,9})?)s$/.exec(textField(given, field) ?? `${usualSeconds}s`)?.[1];
  if (seconds !== undefined && Number(seconds) <= 600) return Number(seconds) * 1000;
  throw new ApiError('INVALID_ARGUMENT', `Invalid duration at '${field}'`);
}
