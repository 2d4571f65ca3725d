import { Buffer } from 'node:buffer';
import { ApiError } from '../wire/api-error.ts';
import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import type { JobMessage } from './job.ts';
import { isSchedule, isTimeZone } from './schedule.ts';

const MINUTE_SECONDS = 60;
/** Least and most of a deadline in seconds, and the usual one; Pub/Sub targets have none (cloudscheduler.proto). */
const DEADLINES = {
  httpTarget: [15, 30 * MINUTE_SECONDS, 3 * MINUTE_SECONDS],
  appEngineHttpTarget: [15, 24 * 60 * MINUTE_SECONDS, 10 * MINUTE_SECONDS],
} as const;
const RETRIES_MAX = 5;
const DOUBLINGS = 5;
const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** What Google refuses of a job, whole as it would stand. */
export function requireJob(job: JobMessage, topicState: (topic: string) => 'ok' | 'missing' | 'forbidden'): void {
  const { schedule = '', timeZone = '', httpTarget, pubsubTarget, appEngineHttpTarget, retryConfig = {} } = job;
  if (!isSchedule(schedule) || (timeZone !== '' && !isTimeZone(timeZone)))
    throw invalid('Schedule or time zone is invalid.');
  if (httpTarget === undefined && pubsubTarget === undefined && appEngineHttpTarget === undefined)
    throw invalid('Job target must be set.');
  if (httpTarget !== undefined) requireHttp(httpTarget);
  if (pubsubTarget !== undefined) requirePubsub(pubsubTarget, topicState);
  requireDeadline(job);
  const { retryCount = 0, minBackoffDuration: least = 5, maxBackoffDuration: most = 3600 } = retryConfig;
  if (retryCount < 0 || retryCount > RETRIES_MAX)
    throw invalid(`RetryConfig.retryCount must be from 0 to ${RETRIES_MAX}.`);
  if (least < 0 || least > most) throw invalid('RetryConfig.minBackoffDuration must not exceed maxBackoffDuration.');
}

function requireHttp({
  uri = '',
  httpMethod,
  body,
  oidcToken,
  oauthToken,
}: NonNullable<JobMessage['httpTarget']>): void {
  const { protocol } = URL.parse(uri) ?? { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:')
    throw invalid('HttpTarget.uri must begin with http:// or https://.');
  if (body !== undefined && httpMethod !== undefined && !WITH_BODY.includes(httpMethod))
    throw invalid('HttpTarget.body is allowed only if the HTTP method is POST, PUT, or PATCH.');
  for (const { serviceAccountEmail: email = '' } of [oidcToken, oauthToken].filter((token) => token !== undefined))
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw invalid('A token needs the email of a service account.');
}

function requirePubsub(
  { topicName = '', data, attributes = {} }: NonNullable<JobMessage['pubsubTarget']>,
  topicState: (topic: string) => 'ok' | 'missing' | 'forbidden',
): void {
  if (!/^projects\/[^/]+\/topics\/[^/]+$/.test(topicName))
    throw invalid('PubsubTarget.topicName must be of the form projects/PROJECT_ID/topics/TOPIC_ID.');
  if ((data === undefined || data.length === 0) && Object.keys(attributes).length === 0)
    throw invalid('PubsubTarget must contain either non-empty data, or at least one attribute.');
  if (topicState(topicName) === 'missing') throw new ApiError('NOT_FOUND', `Topic not found: ${topicName}`);
}

function requireDeadline(job: JobMessage): void {
  const { attemptDeadline: asked } = job;
  const bounds = job.httpTarget === undefined ? DEADLINES.appEngineHttpTarget : DEADLINES.httpTarget;
  const [least, most] = bounds;
  if (asked === undefined || job.pubsubTarget !== undefined || (asked >= least && asked <= most)) return;
  throw invalid(`Job.attemptDeadline must be from ${least}s to ${most}s.`);
}

/** A checked job in REST form, with Google's defaults; `name` is whole. */
export function jobJson(name: string, job: JobMessage): JsonObject {
  const { description, schedule, timeZone, retryConfig = {}, httpTarget, pubsubTarget, appEngineHttpTarget } = job;
  const [, , usual] = httpTarget === undefined ? DEADLINES.appEngineHttpTarget : DEADLINES.httpTarget;
  const { retryCount, maxDoublings = DOUBLINGS, minBackoffDuration = 5, maxBackoffDuration = 3600 } = retryConfig;
  return {
    name,
    ...(description !== undefined && description !== '' && { description }),
    ...written({
      httpTarget: withMethod(httpTarget),
      pubsubTarget,
      appEngineHttpTarget: withMethod(appEngineHttpTarget),
    }),
    schedule,
    timeZone: timeZone === undefined || timeZone === '' ? 'Etc/UTC' : timeZone,
    ...(pubsubTarget === undefined && { attemptDeadline: `${job.attemptDeadline ?? usual}s` }),
    retryConfig: {
      ...(retryCount !== undefined && retryCount !== 0 && { retryCount }),
      maxRetryDuration: `${retryConfig.maxRetryDuration ?? 0}s`,
      minBackoffDuration: `${minBackoffDuration}s`,
      maxBackoffDuration: `${maxBackoffDuration}s`,
      maxDoublings,
    },
  };
}

function withMethod(target: JobMessage['httpTarget'] | JobMessage['appEngineHttpTarget']): JsonObject | undefined {
  const method = target?.httpMethod;
  return (
    target && { ...target, httpMethod: method === undefined || method === 'HTTP_METHOD_UNSPECIFIED' ? 'POST' : method }
  );
}

/** The same with bytes in base64 and what is not set left out. */
function written(fields: JsonObject): JsonObject {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (Buffer.isBuffer(value)) return [[name, value.toString('base64')]];
    return [[name, isJsonObject(value) ? written(value) : value]];
  });
  return Object.fromEntries(entries);
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
