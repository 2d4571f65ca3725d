import { request } from 'undici';
import { ApiError } from '../wire/api-error.ts';
import { isLoopback } from '../wire/loopback.ts';
import type { Oidc } from '../world/oidc.ts';
import type { TopicBoard } from '../world/topics.ts';
import type { HttpTarget, JobMessage, PubsubTarget } from './job.ts';

const CALL_MS = 30_000;
/** What `google.rpc.Code` each HTTP status of a target becomes here. Not settled for production. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 429: 8, 503: 14, 504: 4 };
const NOT_FOUND = 5;
const INTERNAL = 13;
const UNAVAILABLE = 14;

export interface Reach {
  readonly idToken: Oidc['idToken'];
  readonly topics: Pick<TopicBoard, 'state' | 'publish'>;
}

/** Carries a job out once, and says as a `google.rpc.Code` how that ended; 0 is well. */
export async function carriedOut(job: JobMessage, name: string, { idToken, topics }: Reach): Promise<number> {
  if (job.pubsubTarget !== undefined) return published(job.pubsubTarget, topics);
  if (job.httpTarget !== undefined) return called(job.httpTarget, name, idToken);
  throw unreachable();
}

function published({ topicName = '', data, attributes = {} }: PubsubTarget, topics: Reach['topics']): number {
  if (topics.state(topicName) !== 'ok') return NOT_FOUND;
  topics.publish(topicName, { attributes, ...(data !== undefined && { data: data.toString('utf8') }) });
  return 0;
}

/** Calls the target with its account's token. Only loopback is called. */
async function called(target: HttpTarget, name: string, idToken: Oidc['idToken']): Promise<number> {
  const { uri = '', httpMethod = 'POST', headers, body, oidcToken } = target;
  if (!isLoopback(uri)) throw unreachable();
  const email = oidcToken?.serviceAccountEmail;
  const token = email === undefined ? {} : { authorization: `Bearer ${idToken(email, oidcToken?.audience ?? uri)}` };
  try {
    const { statusCode, body: answer } = await request(uri, {
      method: httpMethod === 'HTTP_METHOD_UNSPECIFIED' ? 'POST' : httpMethod,
      reset: true,
      headers: {
        'user-agent': 'Google-Cloud-Scheduler',
        'x-cloudscheduler': 'true',
        'x-cloudscheduler-jobname': name.slice(name.lastIndexOf('/') + 1),
        ...headers,
        ...token,
      },
      body: body ?? null,
      signal: AbortSignal.timeout(CALL_MS),
    });
    await answer.dump();
    return statusCode >= 200 && statusCode < 300 ? 0 : (CODES[statusCode] ?? INTERNAL);
  } catch {
    return UNAVAILABLE;
  }
}

function unreachable(): ApiError {
  return new ApiError('FAILED_PRECONDITION', 'The pretend cloud calls only http URLs on loopback.');
}
