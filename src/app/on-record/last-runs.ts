import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { DAY_MS, isoOf, parseInstant, plusMs, type Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { GoogleReader, Seen } from '../ports/google-reader.ts';

/** The last complete runs of the check, as far as its heartbeats in Cloud Logging say. */
export interface LastRuns {
  /** When the newest run ended that saw every managed secret of a scope, by `PROJECT/LOCATION`. */
  readonly byScope: ReadonlyMap<string, Instant>;
  /** Why the log of a project could not be looked at, by project. */
  readonly unknown: ReadonlyMap<string, string>;
  /** No run is looked for before this moment. */
  readonly lookedBackTo: Instant;
}

/** A run older than this says nothing about today. */
const LOOK_BACK_DAYS = 7;
/** At ten minutes a run, a page is eight hours; incomplete runs and other scopes may fill some. */
const PAGE = 50;
const PAGES_MAX = 5;

/** What lets somebody see when a secret was checked last: a right that few have, and nobody needs for anything else here. */
const SEES_RUNS = 'logging.logEntries.list';

/** Reads the heartbeats in the logs of projects, newest first. What cannot be read is said and is no failure. */
export async function lastRunsOf(reader: GoogleReader, projects: readonly string[], now: Instant): Promise<LastRuns> {
  const lookedBackTo = plusMs(now, -LOOK_BACK_DAYS * DAY_MS);
  const byScope = new Map<string, Instant>();
  const unknown = new Map<string, string>();
  for (const project of projects) {
    const why = await attempt(() => readHeartbeats(reader, project, lookedBackTo, byScope));
    const said = why instanceof Fault ? why.message : why;
    if (said !== undefined) unknown.set(project, said);
  }
  return { byScope, unknown, lookedBackTo };
}

/** Answers why a log could not be read. */
async function readHeartbeats(
  reader: GoogleReader,
  project: string,
  from: Instant,
  byScope: Map<string, Instant>,
): Promise<string | undefined> {
  let pageToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const seen = await reader.read({
      api: 'logging',
      method: 'POST',
      path: '/v2/entries:list',
      body: {
        resourceNames: [`projects/${project}`],
        filter: `jsonPayload.heartbeat.expected>=0 AND timestamp>="${isoOf(from)}"`,
        orderBy: 'timestamp desc',
        pageSize: PAGE,
        ...(pageToken === undefined ? {} : { pageToken }),
      },
      permission: SEES_RUNS,
      project,
    });
    const answer = answerIn(seen);
    if (typeof answer === 'string') return answer;
    const runs = completeRunsIn(answer);
    for (const { at, scope } of runs) if (at > (byScope.get(scope) ?? 0)) byScope.set(scope, at);
    const { nextPageToken } = answer;
    pageToken = typeof nextPageToken === 'string' ? nextPageToken : undefined;
    // An empty page may have another one behind it; one with runs has told of the newest.
    if (pageToken === undefined || runs.length > 0) return undefined;
  }
  return undefined;
}

function answerIn(seen: Seen): JsonRecord | string {
  if (seen === 'denied') return `it takes ${SEES_RUNS}, which roles/logging.viewer holds`;
  return seen === 'missing' ? 'it has no log' : seen.json;
}

/** A run that reached every secret it listed, once for each scope; a heartbeat of an older release does not say where it looked. */
function completeRunsIn({ entries }: JsonRecord): readonly { readonly at: Instant; readonly scope: string }[] {
  return (Array.isArray(entries) ? entries : []).filter(isRecord).flatMap(({ timestamp, jsonPayload }) => {
    const heartbeat = isRecord(jsonPayload) ? jsonPayload['heartbeat'] : undefined;
    const at = typeof timestamp === 'string' ? parseInstant(timestamp) : undefined;
    if (!isRecord(heartbeat) || at === undefined || heartbeat['seen'] !== heartbeat['expected']) return [];
    const { listed } = heartbeat;
    const scopes = Array.isArray(listed) ? listed : [];
    return scopes.filter((scope) => typeof scope === 'string').map((scope) => ({ at, scope }));
  });
}
