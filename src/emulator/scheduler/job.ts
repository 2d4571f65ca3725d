import {
  anything,
  bytes,
  duration,
  flag,
  mapOf,
  message,
  oneOf,
  smallInteger,
  text,
  type Of,
} from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.cloud.scheduler.v1';

const METHODS = { HTTP_METHOD_UNSPECIFIED: 0, POST: 1, GET: 2, HEAD: 3, PUT: 4, DELETE: 5, PATCH: 6, OPTIONS: 7 };
const httpMethod = oneOf(`${PACKAGE}.HttpMethod`, METHODS);

const httpTarget = message(
  `${PACKAGE}.HttpTarget`,
  {
    uri: text,
    httpMethod,
    headers: mapOf(text),
    body: bytes,
    oauthToken: message(`${PACKAGE}.OAuthToken`, { serviceAccountEmail: text, scope: text }),
    oidcToken: message(`${PACKAGE}.OidcToken`, { serviceAccountEmail: text, audience: text }),
  },
  { authorization_header: ['oauthToken', 'oidcToken'] },
);

const pubsubTarget = message(`${PACKAGE}.PubsubTarget`, { topicName: text, data: bytes, attributes: mapOf(text) });

const appEngineHttpTarget = message(`${PACKAGE}.AppEngineHttpTarget`, {
  httpMethod,
  appEngineRouting: message(`${PACKAGE}.AppEngineRouting`, {
    service: text,
    version: text,
    instance: text,
    host: anything,
  }),
  relativeUri: text,
  headers: mapOf(text),
  body: bytes,
});

/** A `Job` as a caller sends it; what is output only is accepted and not looked at. */
export const jobMessage = message(
  `${PACKAGE}.Job`,
  {
    name: text,
    description: text,
    schedule: text,
    timeZone: text,
    attemptDeadline: duration,
    httpTarget,
    pubsubTarget,
    appEngineHttpTarget,
    retryConfig: message(`${PACKAGE}.RetryConfig`, {
      retryCount: smallInteger,
      maxRetryDuration: duration,
      minBackoffDuration: duration,
      maxBackoffDuration: duration,
      maxDoublings: smallInteger,
    }),
    satisfiesPzs: flag,
    state: anything,
    status: anything,
    scheduleTime: anything,
    userUpdateTime: anything,
    lastAttemptTime: anything,
  },
  { target: ['httpTarget', 'pubsubTarget', 'appEngineHttpTarget'] },
);

export type JobMessage = Of<typeof jobMessage>;
export type HttpTarget = Of<typeof httpTarget>;
export type PubsubTarget = Of<typeof pubsubTarget>;
