import { ApiError } from '../wire/api-error.ts';
import type { Request, Service } from '../wire/http.ts';
import { isJsonObject, jsonObjectOf, type JsonObject } from '../wire/rest/json-body.ts';
import { utcText } from '../wire/rest/micros.ts';
import { pageOf } from '../wire/rest/pages.ts';
import type { MovableClock } from '../world/clock.ts';
import type { Iam } from '../world/iam.ts';
import type { ProjectNames } from '../world/names.ts';
import { logFilter } from './filter.ts';

export interface LoggingParts {
  readonly clock: MovableClock;
  readonly names: ProjectNames;
  readonly iam: Iam;
}

/** Cloud Logging as far as it is asked what was logged. */
export interface Logging extends Service {
  /** Takes a line as Cloud Run does from a process: JSON becomes `jsonPayload`. */
  take(project: string, line: string): void;
}

interface Entry {
  readonly project: string;
  readonly timestamp: number;
  readonly severity: string;
  readonly jsonPayload: JsonObject;
}

const PAGES = { usual: 50, most: 1000 };
/** Entries are dropped after this many, oldest first. */
const KEPT_MAX = 5_000;
const BUCKET = /^\/v2\/projects\/([^/]+)\/locations\/[^/]+\/buckets\/_Default$/;
/** As long as a project's own bucket keeps them, unless somebody changes that. */
const KEPT_DAYS = 30;

/** `entries:list` over the lines that processes wrote. Newest first is the one order that is served. */
export function loggingApi({ clock, names, iam }: LoggingParts): Logging {
  const kept: Entry[] = [];

  const listed = (request: Request): JsonObject => {
    const { resourceNames, filter = '', orderBy = '', pageSize, pageToken } = jsonObjectOf(request.body);
    const projects = (Array.isArray(resourceNames) ? resourceNames : []).map((name) => projectIn(String(name)));
    if (projects.length === 0) throw new ApiError('INVALID_ARGUMENT', 'At least one resource name is required.');
    const caller = iam.callerOf(request.headers['authorization']);
    for (const project of projects)
      iam.require(caller, 'logging.logEntries.list', { project, name: `projects/${project}` });
    if (orderBy !== 'timestamp desc')
      throw new ApiError('UNIMPLEMENTED', 'The pretend cloud lists entries by "timestamp desc" alone.');
    const passes = logFilter(String(filter));
    const numbers = projects.map((project) => names.numberOf(project));
    const found = kept
      .map((entry) => ({ entry, json: jsonOf(entry) }))
      .filter(({ entry, json }) => numbers.includes(names.numberOf(entry.project)) && passes(json))
      .toSorted((one, other) => other.entry.timestamp - one.entry.timestamp);
    const wish = {
      ...(typeof pageSize === 'number' && { pageSize }),
      ...(typeof pageToken === 'string' && { pageToken }),
    };
    const { items, ...next } = pageOf(found, wish, PAGES);
    return { ...(items.length > 0 && { entries: items.map(({ json }) => json) }), ...next };
  };

  /** The one that every project has; others are on the shelf, where somebody put them. */
  const bucketOf = (request: Request, [name, project = '']: RegExpExecArray): JsonObject => {
    const caller = iam.callerOf(request.headers['authorization']);
    iam.require(caller, 'logging.buckets.get', { project, name: `projects/${project}` });
    return { name: name.slice(4), retentionDays: KEPT_DAYS, lifecycleState: 'ACTIVE' };
  };

  return {
    title: 'Logging',
    take(project, line) {
      const { severity = 'DEFAULT', ...jsonPayload } = payloadOf(line);
      kept.push({ project, timestamp: clock.now(), severity: String(severity), jsonPayload });
      if (kept.length > KEPT_MAX) kept.shift();
    },
    answer(request) {
      const bucket = BUCKET.exec(request.path);
      if (request.method === 'GET' && bucket !== null) return { status: 200, body: bucketOf(request, bucket) };
      if (request.method !== 'POST' || request.path !== '/v2/entries:list') return undefined;
      return { status: 200, body: listed(request) };
    },
  };

  function jsonOf({ project, timestamp, severity, jsonPayload }: Entry): JsonObject {
    const at = utcText(timestamp * 1000);
    return {
      logName: `projects/${names.idOf(project)}/logs/run.googleapis.com%2Fstdout`,
      timestamp: at,
      severity,
      jsonPayload,
    };
  }
}

/** A line that is no JSON is text, which is kept as a message here. */
function payloadOf(line: string): JsonObject {
  try {
    const payload: unknown = JSON.parse(line);
    return isJsonObject(payload) ? payload : { message: line };
  } catch {
    return { message: line };
  }
}

/** A project, or a view of a bucket, which shows what the project's log holds. */
function projectIn(name: string): string {
  const project = /^projects\/([^/]+)(?:\/locations\/[^/]+\/buckets\/[^/]+\/views\/[^/]+)?$/.exec(name)?.[1];
  if (project === undefined)
    throw new ApiError('UNIMPLEMENTED', 'The pretend cloud has logs of projects and of views alone.');
  return project;
}
