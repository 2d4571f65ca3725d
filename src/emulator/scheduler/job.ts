import { anything, bytes, duration, mapOf, message, text, type Of } from '../wire/rest/proto-json.ts';

const PACKAGE = 'google.cloud.scheduler.v1';

const httpTarget = message(`${PACKAGE}.HttpTarget`, {
  uri: text,
  httpMethod: anything,
  headers: mapOf(text),
  body: bytes,
  oauthToken: anything,
  oidcToken: message(`${PACKAGE}.OidcToken`, { serviceAccountEmail: text, audience: text }),
});

/** A `Job` as a caller sends it; what has no consequence here is accepted and shown again. */
export const jobMessage = message(`${PACKAGE}.Job`, {
  name: text,
  description: text,
  schedule: text,
  timeZone: text,
  attemptDeadline: duration,
  httpTarget,
  pubsubTarget: anything,
  appEngineHttpTarget: anything,
  retryConfig: anything,
  state: anything,
  status: anything,
  scheduleTime: anything,
  userUpdateTime: anything,
  lastAttemptTime: anything,
});

export type HttpTarget = Of<typeof httpTarget>;
