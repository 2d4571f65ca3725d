import { watched, type DeadMan } from '../app/check/dead-man.ts';
import { attempt, Fault } from '../app/ports/fault.ts';
import { check, type CheckOrder, type CheckPorts } from '../app/check/check.ts';
import { isRecord, parseJson } from '../core/values/json.ts';
import type { Notice } from '../core/alerts/notice.ts';
import { CAUSES } from '../core/causes/causes.ts';
import { reportOf, type Run } from '../core/health/check-run.ts';
import { openJson } from '../core/health/open-trouble.ts';
import { openLines } from '../core/health/open-lines.ts';
import { plural } from '../core/values/plural.ts';
import { isoOf } from '../core/values/time.ts';
import { firstOutside, outside } from '../app/listing/within-scope.ts';
import { secretNamesIn } from '../core/google/resource-names.ts';
import type { CallerCheck } from '../edge/process/callers.ts';
import { forCallers } from './http.ts';
import { logDetections, logGroups, stateOf } from './log-state.ts';

export interface HealthPorts extends CheckPorts {
  readonly deadMan: DeadMan;
}

/** What a call may ask for; everything is optional, and an empty body is what Cloud Scheduler sends. */
export interface CheckRequest {
  readonly deep?: CheckOrder['deep'];
  readonly secrets?: readonly string[];
}

/** A larger fleet is answered with what is in trouble; the rest is counted. */
const LISTED_MAX = 1_000;

/**
 * A run over every secret is a heartbeat, in the log, on the topic and for a dead-man’s service; one over some is none.
 * Answers the report as JSON: 200 when the check ran, whatever it found, because a dead key is news and not an error
 * of the function. 400 for a body that is not understood, 401 or 403 for a caller who may not, 503 when callers cannot be verified.
 */
export function healthCheck(ports: HealthPorts, order: CheckOrder, callers: CallerCheck) {
  return forCallers(ports.log, callers, async ({ rawBody }, { caller }) => {
    const asked = checkRequest(rawBody?.toString() ?? '');
    if ('problems' in asked) return { status: 400, why: asked.problems.join('; ') };
    const beyond = await firstOutside(ports.vault, order.scopes, asked.secrets ?? []);
    if (beyond !== undefined) return { status: 422, why: outside(beyond) };
    const work = () => check(ports, { listedMax: LISTED_MAX, ...order, ...asked });
    const isWhole = asked.secrets === undefined;
    const run = isWhole ? await watched(ports.deadMan, work) : await work();
    const report = reportOf(run);
    const { expected, seen, verdicts } = report;
    const heartbeat = { expected, seen, verdicts };
    ports.log.write('INFO', `checked ${seen} of ${expected} secrets`, {
      ...(isWhole ? { heartbeat: { ...heartbeat, listed: run.listed }, state: stateOf(run) } : {}),
      caller,
    });
    if (isWhole) logGroups(ports.log, run);
    if (isWhole) logOpen(ports.log, run);
    logDetections(ports.log, run);
    for (const problem of report.problems) ports.log.write('ERROR', problem);
    if (isWhole) await beat(ports, { type: 'fleet.heartbeat', ...heartbeat });
    return { status: 200, body: report };
  });
}

/** A line for each episode that is open, in every run: alarms and charts stand on it, and end when the lines do. Many more are summed up. */
function logOpen(log: HealthPorts['log'], { open, finishedAt }: Run): void {
  const { lines, further } = openLines(open);
  for (const { cause, count, secrets } of further)
    log.write('INFO', `${CAUSES[cause].title}, open for ${plural(count, 'further secret')}`, {
      cause,
      further: { count, secrets },
    });
  for (const trouble of lines) {
    const { secret, project, cause, openedAt } = trouble;
    log.write('INFO', `${CAUSES[cause].title}, open since ${isoOf(openedAt)}: ${secret ?? project ?? 'the fleet'}`, {
      ...(secret === undefined ? {} : { secret }),
      cause,
      open: openJson(trouble, finishedAt),
    });
  }
}

/** The run is over and counts, whether the heartbeat gets through or not: whoever misses it raises the alarm. */
async function beat({ announcer, log }: HealthPorts, heartbeat: Notice): Promise<void> {
  const told = await attempt(() => announcer.announce(heartbeat));
  if (told instanceof Fault)
    log.write('ERROR', `the heartbeat was not published: ${told.message}`, { code: told.code });
}

const DEPTHS = ['when_due', 'always', 'never'] as const;

/** Reads a request body; names everything that is wrong with it at once. */
export function checkRequest(body: string): CheckRequest | { readonly problems: readonly string[] } {
  if (body.trim() === '') return {};
  const value = parseJson(body);
  if (!isRecord(value)) return { problems: ['the body must be empty or a JSON object such as {"deep":"always"}'] };
  const { deep, secrets, ...unknown } = value;
  const depth = DEPTHS.find((known) => known === deep);
  const names = secrets === undefined ? undefined : secretNamesIn(secrets);
  const problems = [
    ...Object.keys(unknown).map((field) => `unknown field "${field}"; known: deep, secrets`),
    ...(deep !== undefined && depth === undefined ? [`deep must be one of ${DEPTHS.join(', ')}`] : []),
    ...(secrets !== undefined && names === undefined
      ? ['secrets must be a list of full names, projects/PROJECT/secrets/ID each']
      : []),
  ];
  if (problems.length > 0) return { problems };
  return { ...(depth === undefined ? {} : { deep: depth }), ...(names === undefined ? {} : { secrets: names }) };
}
