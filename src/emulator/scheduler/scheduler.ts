import { request } from 'undici';
import { ApiError } from '../wire/api-error.ts';
import type { MovableClock } from '../world/clock.ts';
import type { Request, Service } from '../wire/http.ts';
import type { Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import type { Oidc } from '../world/oidc.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { isLoopback } from '../wire/loopback.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { message, readRoot } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import { jobMessage, type HttpTarget } from './job.ts';

export interface SchedulerParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
  readonly idToken: Oidc['idToken'];
}

const ROUTE = /^(\/v1\/projects\/([^/:]+)\/locations\/([^/:]+)\/jobs)(?:\/([\w-]{1,500}))?(?::(run|pause|resume))?$/;
const PAGES = { usual: 500, most: 500 };
const listRequest = message('google.cloud.scheduler.v1.ListJobsRequest', PAGE_FIELDS);
const CALL_MS = 30_000;
/** What `google.rpc.Code` each HTTP status of a target becomes here. Not settled for production. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 429: 8, 503: 14, 504: 4 };
const INTERNAL = 13;
const UNAVAILABLE = 14;

/** Cloud Scheduler as far as the worker, `gcloud scheduler` and the runbook use it: nothing runs by itself, only by `:run`. */
export function schedulerApi(parts: SchedulerParts): Service {
  const jobs = new Map<string, JsonObject>();
  const keyOf = (project: string, location: string, id: string) => `${parts.names.numberOf(project)}/${location}/${id}`;

  return {
    title: 'Scheduler',
    async answer(asked) {
      const [found, parent = '', project = '', location = '', id, verb] = ROUTE.exec(asked.path) ?? [];
      if (found === undefined) return undefined;
      const allow = (permission: string) =>
        parts.iam.require(parts.iam.callerOf(asked.headers['authorization']), `cloudscheduler.jobs.${permission}`, {
          project,
          name: asked.path.slice('/v1/'.length),
        });
      const body = (reply: unknown) => ({ status: 200, body: reply });
      if (id === undefined) {
        if (asked.method === 'POST') {
          allow('create');
          return body(create(asked, parent.slice('/v1/'.length), (name) => keyOf(project, location, name)));
        }
        if (asked.method !== 'GET') return undefined;
        allow('list');
        const prefix = keyOf(project, location, '');
        const mine = [...jobs].flatMap(([key, job]) => (key.startsWith(prefix) ? [job] : []));
        const { items, ...next } = pageOf(
          mine,
          readRoot(listRequest, queryFields(asked.query, ['pageSize', 'pageToken'])),
          PAGES,
        );
        return body(items.length === 0 ? {} : { jobs: items, ...next });
      }
      const key = keyOf(project, location, id);
      switch (`${asked.method} ${verb ?? ''}`) {
        case 'GET ':
          allow('get');
          return body(existing(key));
        case 'DELETE ':
          allow('delete');
          existing(key);
          jobs.delete(key);
          return body({});
        case 'POST pause':
          allow('pause');
          return body(keep(key, { ...existing(key), state: 'PAUSED' }));
        case 'POST resume':
          allow('enable');
          return body(keep(key, { ...existing(key), state: 'ENABLED' }));
        case 'POST run': {
          allow('run');
          const job = existing(key);
          const { httpTarget = {} } = readRoot(jobMessage, job);
          const code = await called(httpTarget, parts.idToken);
          const status = code === 0 ? {} : { code };
          return body(keep(key, { ...job, status, lastAttemptTime: new Date(parts.clock.now()).toISOString() }));
        }
        default:
          return undefined;
      }
    },
  };

  function create(asked: Request, parent: string, keyFor: (id: string) => string): JsonObject {
    queryFields(asked.query, []);
    const given = jsonObjectOf(asked.body);
    const { name = '', httpTarget } = readRoot(jobMessage, given);
    const id = /\/jobs\/([\w-]{1,500})$/.exec(name)?.[1];
    if (id === undefined || httpTarget === undefined)
      throw new ApiError('INVALID_ARGUMENT', 'The job needs a name and an httpTarget here.');
    if (jobs.has(keyFor(id))) throw new ApiError('ALREADY_EXISTS', `Job ${name} already exists.`);
    return keep(keyFor(id), { ...given, name: `${parent}/${id}`, state: 'ENABLED' });
  }

  function existing(key: string): JsonObject {
    const job = jobs.get(key);
    if (job === undefined) throw new ApiError('NOT_FOUND', 'Job not found.');
    return job;
  }

  function keep(key: string, job: JsonObject): JsonObject {
    jobs.set(key, job);
    return job;
  }
}

/** Calls the job's target with its account's token, and says how that ended; 0 is well. Only loopback is called. */
async function called({ uri = '', headers, body, oidcToken }: HttpTarget, idToken: Oidc['idToken']): Promise<number> {
  if (!isLoopback(uri))
    throw new ApiError('FAILED_PRECONDITION', 'The pretend cloud calls only http URLs on loopback.');
  const email = oidcToken?.serviceAccountEmail;
  const token = email === undefined ? {} : { authorization: `Bearer ${idToken(email, oidcToken?.audience ?? uri)}` };
  try {
    const { statusCode, body: answer } = await request(uri, {
      method: 'POST',
      reset: true,
      headers: {
        'user-agent': 'Google-Cloud-Scheduler',
        'x-cloudscheduler': 'true',
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
