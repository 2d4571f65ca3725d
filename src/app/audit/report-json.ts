import type { Actor } from '../../core/record/actor.ts';
import { isoOf, type Instant } from '../../core/values/time.ts';
import { CONTROLS } from './controls.ts';
import type { ExceptionLine } from './exception-lines.ts';
import type { KeyLine } from './key-lines.ts';
import type { LogSource } from './read-log.ts';
import type { Report } from './report.ts';
import type { RotationLine } from './rotation-lines.ts';

/** Name and version of the JSON form of a report. */
const REPORT_SCHEMA = 'key-warden/evidence/v1' as const;

/** What no log can answer for. */
export const NOT_LOGGED =
  'what was done by hand at a command line is in no log: of that, the report has what the secrets remember';

/** A report as `--json` prints it. A moment that is not known is `null`. */
export function reportJson(report: Report) {
  const { from, to, at, keys, rotations, exceptions, openLeaks, logs, notAmongKeys, problems } = report;
  return {
    schema: REPORT_SCHEMA,
    from: isoOf(from),
    to: isoOf(to),
    at: isoOf(at),
    controls: CONTROLS,
    isWhole: isWhole(report),
    missing: report.missing ?? null,
    notLogged: NOT_LOGGED,
    logs: logs.map(logJson),
    keys: keys.map(keyJson),
    rotations: rotations.map(rotationJson),
    exceptions: exceptions.map(exceptionJson),
    openLeaks: openLeaks.map(({ secret, version, key, at: since, refusedSince }) => ({
      secret,
      version,
      key: key ?? null,
      since: isoOf(since),
      refusedSince: iso(refusedSince),
    })),
    notAmongKeys,
    problems,
  };
}

/** Whether nothing that the report should say can be missing from it. */
export function isWhole({ keys, missing: gap, problems, barred }: Report): boolean {
  return !barred && gap === undefined && problems.length === 0 && keys.every(({ missing }) => missing === undefined);
}

function iso(at: Instant | undefined): string | null {
  return at === undefined ? null : isoOf(at);
}

function logJson(source: LogSource) {
  const { log, is } = source;
  return source.is === 'read'
    ? { log, is, keptFrom: isoOf(source.keptFrom), why: null }
    : { log, is, keptFrom: null, why: source.why };
}

function keyJson({ secret, project, version, key, ageDays, maxAgeDays, isOverAge, missing }: KeyLine) {
  return {
    secret,
    project,
    version: version ?? null,
    kind: key.kind ?? 'unknown',
    madeAt: iso(key.madeAt),
    madeAtBy: key.by ?? null,
    ageDays: ageDays ?? null,
    maxAgeDays,
    isOverAge,
    rotationsMissing: missing ?? null,
  };
}

function rotationJson(line: RotationLine) {
  const { by, approvedBy, openedAt, promotedAt, endedAt, from, to, why, oldKey, ...told } = line;
  const { key, deletedAt, refusedAt, destroyedAt, ...death } = oldKey;
  return {
    ...told,
    openedAt: iso(openedAt),
    promotedAt: iso(promotedAt),
    endedAt: iso(endedAt),
    ...whoJson(by, 'the worker'),
    approvedBy: approvedBy?.who ?? null,
    why: why ?? null,
    from: from ?? null,
    to: to ?? null,
    oldKey: {
      ...death,
      key: key ?? null,
      deletedAt: iso(deletedAt),
      refusedAt: iso(refusedAt),
      destroyedAt: iso(destroyedAt),
    },
  };
}

function exceptionJson({ is, about, at, until, owner, by, why }: ExceptionLine) {
  return { is, about, at: iso(at), until: iso(until), owner: owner ?? null, ...whoJson(by, null), why: why ?? null };
}

/** Who, and how that is known: `verified` by a token, or `claimed` at a command line. */
function whoJson(by: Actor | undefined, otherwise: string | null) {
  return { who: by?.who ?? otherwise, whoIs: by?.is ?? null };
}

export type ReportJson = ReturnType<typeof reportJson>;
