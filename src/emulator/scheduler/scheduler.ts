import { ApiError } from '../wire/api-error.ts';
import type { Request, Service } from '../wire/http.ts';
import { jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { MICROS_PER_SECOND, utcText } from '../wire/rest/micros.ts';
import { PAGE_FIELDS, pageOf } from '../wire/rest/pages.ts';
import { message, readRoot, text } from '../wire/rest/proto-json.ts';
import { queryFields } from '../wire/rest/query.ts';
import { microsOf, type MovableClock } from '../world/clock.ts';
import type { Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import { SCHEDULER_REGIONS } from '../world/regions.ts';
import { jobMessage } from './job.ts';
import { jobJson, requireJob } from './job-rules.ts';
import { patched } from './patch.ts';
import { carriedOut, type Reach } from './run.ts';

export interface SchedulerParts extends Reach {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
}

const ROUTE = /^(\/v1\/projects\/([^/:]+)\/locations\/([^/:]+)\/jobs)(?:\/([^/:]+))?(?::(run|pause|resume))?$/;
const ID = /^[\w-]{1,500}$/;
const PAGES = { usual: 500, most: 500 };
const PACKAGE = 'google.cloud.scheduler.v1';
const listRequest = message(`${PACKAGE}.ListJobsRequest`, { ...PAGE_FIELDS, filter: text });
const updateRequest = message(`${PACKAGE}.UpdateJobRequest`, { job: jobMessage, updateMask: text });

/** Cloud Scheduler, and the calls that make its jobs again. */
export interface Scheduler extends Service {
  replay(): readonly (readonly [call: string, body: unknown])[];
}

/** Cloud Scheduler: jobs are kept, checked and shown; nothing runs by itself, only by `:run`. */
export function schedulerApi(parts: SchedulerParts): Scheduler {
  const jobs = new Map<string, JsonObject>();
  let unnamed = 0;

  return {
    title: 'Scheduler',
    replay: () => [...jobs.values()].flatMap(replayOf),
    async answer(asked) {
      const [found, path = '', project = '', location = '', id, verb] = ROUTE.exec(asked.path) ?? [];
      if (found === undefined) return undefined;
      const parent = path.slice('/v1/'.length, -'/jobs'.length);
      const allow = (permission: string) =>
        parts.iam.require(parts.iam.callerOf(asked.headers['authorization']), `cloudscheduler.jobs.${permission}`, {
          project,
          name: asked.path.slice('/v1/'.length),
        });
      const call = { asked, parent, key: `${parts.names.numberOf(project)}/${location}/${id ?? ''}` };
      const body = await answerTo(`${asked.method} ${id === undefined ? 'jobs' : 'job'}:${verb ?? ''}`, call, allow);
      return body && { status: 200, body };
    },
  };

  async function answerTo(
    what: string,
    call: Call,
    allow: (permission: string) => void,
  ): Promise<JsonObject | undefined> {
    const { asked, key, parent } = call;
    switch (what) {
      case 'POST jobs:':
        allow('create');
        requireLocation(parent);
        return create(call);
      case 'GET jobs:':
        allow('list');
        requireLocation(parent);
        return listed(call);
      case 'GET job:':
        allow('get');
        return existing(key);
      case 'PATCH job:':
        allow('update');
        return update(call);
      case 'DELETE job:':
        allow('delete');
        existing(key);
        jobs.delete(key);
        return {};
      case 'POST job:pause':
        allow('pause');
        jsonObjectOf(asked.body);
        return keep(key, { ...existing(key), state: 'PAUSED' });
      case 'POST job:resume':
        allow('enable');
        return keep(key, { ...existing(key), state: 'ENABLED' });
      case 'POST job:run': {
        allow('run');
        const job = existing(key);
        const code = await carriedOut(readRoot(jobMessage, job), String(job['name']), parts);
        return keep(key, {
          ...job,
          status: code === 0 ? {} : { code },
          lastAttemptTime: utcText(microsOf(parts.clock)),
        });
      }
      default:
        return undefined;
    }
  }

  function create({ asked, parent, key }: Call): JsonObject {
    queryFields(asked.query, []);
    const sent = readRoot(jobMessage, jsonObjectOf(asked.body));
    unnamed += 1;
    const { name = '' } = sent;
    const id = name === '' ? String(1_000_000_000 + unnamed) : (/\/jobs\/([^/]+)$/.exec(name)?.[1] ?? '');
    if (!ID.test(id) || (name !== '' && !isIn(name, key)))
      throw new ApiError(
        'INVALID_ARGUMENT',
        `Job name must be formatted: "${parent}/jobs/<JOB_ID>". JOB_ID can contain letters, numbers, hyphens and underscores.`,
      );
    requireJob(sent, parts.topics.state);
    if (jobs.has(`${key}${id}`)) throw new ApiError('ALREADY_EXISTS', `Job ${parent}/jobs/${id} already exists.`);
    const made = { ...jobJson(`${parent}/jobs/${id}`, sent), state: 'ENABLED', userUpdateTime: nowText() };
    return keep(`${key}${id}`, made);
  }

  function update({ asked, key }: Call): JsonObject {
    const query = queryFields(asked.query, ['updateMask']);
    const body = jsonObjectOf(asked.body);
    const { updateMask } = readRoot(updateRequest, { ...query, job: body });
    const before = existing(key);
    const after = readRoot(jobMessage, patched(before, body, updateMask));
    requireJob(after, parts.topics.state);
    const { name, state, status, lastAttemptTime } = before;
    const made = { ...jobJson(String(name), after), state, userUpdateTime: nowText() };
    return keep(key, { ...made, ...(status !== undefined && { status, lastAttemptTime }) });
  }

  function listed({ asked, key }: Call): JsonObject {
    const { filter = '', ...wish } = readRoot(
      listRequest,
      queryFields(asked.query, ['pageSize', 'pageToken', 'filter']),
    );
    if (filter !== '') throw new ApiError('INVALID_ARGUMENT', 'Filtering is not supported.');
    const mine = [...jobs].flatMap(([at, job]) => (at.startsWith(key) ? [job] : []));
    const { items, ...next } = pageOf(mine, wish, PAGES);
    return items.length === 0 ? {} : { jobs: items, ...next };
  }

  function isIn(name: string, key: string): boolean {
    const [, project = '', location = ''] = /^projects\/([^/]+)\/locations\/([^/]+)\/jobs\//.exec(name) ?? [];
    return project !== '' && `${parts.names.numberOf(project)}/${location}/` === key;
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

  /** Whole seconds; not settled. */
  function nowText(): string {
    return utcText(Math.floor(parts.clock.now() / 1000) * MICROS_PER_SECOND);
  }
}

function replayOf(job: JsonObject): readonly (readonly [call: string, body: unknown])[] {
  const name = String(job['name']);
  const made = [`POST /v1/${name.slice(0, name.lastIndexOf('/'))}`, job] as const;
  return job['state'] === 'PAUSED' ? [made, [`POST /v1/${name}:pause`, {}]] : [made];
}

interface Call {
  readonly asked: Request;
  /** `projects/P/locations/L`, as sent. */
  readonly parent: string;
  /** Project number, location and id, or the first two with a slash. */
  readonly key: string;
}

function requireLocation(parent: string): void {
  const location = parent.slice(parent.lastIndexOf('/') + 1);
  if (SCHEDULER_REGIONS.includes(location)) return;
  throw new ApiError(
    'INVALID_ARGUMENT',
    `Location '${location}' is not a valid location. Use ListLocations to list valid locations.`,
  );
}
