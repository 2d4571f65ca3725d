import { CONTROLS } from '../../app/audit/controls.ts';
import type { ExceptionLine } from '../../app/audit/exception-lines.ts';
import type { KeyLine } from '../../app/audit/key-lines.ts';
import type { LogSource } from '../../app/audit/read-log.ts';
import { isWhole, NOT_LOGGED } from '../../app/audit/report-json.ts';
import type { Report } from '../../app/audit/report.ts';
import type { Death, RotationLine } from '../../app/audit/rotation-lines.ts';
import { spokenActor } from '../../core/record/actor.ts';
import { plural } from '../../core/values/plural.ts';
import { spokenMinute, spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import { laidOut, saidBehind } from './layout.ts';
import { idOf } from './report.ts';
import { painter, type Terminal } from './terminal.ts';

/** A report for people: what it covers and what it cannot, then every key with its rotations, exceptions and open leaks. */
export function showAudit(terminal: Terminal, told: Report): void {
  const paint = painter(terminal);
  const say = (text: string, indent = 0) =>
    terminal.out(`${' '.repeat(indent)}${laidOut(terminal, text, indent + 2)}\n`);
  const { keys, rotations, exceptions, openLeaks, logs, notAmongKeys } = told;
  say(`report from ${spokenMinute(told.from)} to ${spokenMinute(told.to)}, made ${spokenMinute(told.at)}`);
  say(
    `${plural(keys.length, 'key')}, ${plural(rotations.length, 'rotation')}, ${plural(exceptions.length, 'exception')}, ${plural(openLeaks.length, 'open leak')}`,
  );
  say(isWhole(told) ? 'nothing that was logged or is remembered is missing' : 'something of the time may be missing');
  if (told.missing !== undefined)
    say(`exceptions that are over, and deaths of keys that no secret remembers, may be missing: ${told.missing}`);
  say(NOT_LOGGED);
  for (const source of logs) say(sourceText(source));
  if (notAmongKeys.length > 0)
    say(`in the log, and not among these keys: ${notAmongKeys.map((secret) => idOf(secret)).join(', ')}`);
  for (const { name, asks, answeredBy } of CONTROLS) say(`${name}: ${asks} (${answeredBy.join(', ')})`, 2);
  for (const key of keys) {
    terminal.out(`\n${saidBehind(terminal, paint('bold', idOf(key.secret)), keyText(key))}`);
    if (key.missing !== undefined) say(`${paint('yellow', 'missing')}  ${key.missing}`, 2);
    for (const one of rotations.filter(({ secret }) => secret === key.secret)) say(rotationText(one), 2);
  }
  if (exceptions.length > 0) terminal.out('\n');
  for (const one of exceptions) terminal.out(saidBehind(terminal, paint('yellow', one.is), exceptionText(one)));
  if (openLeaks.length > 0) terminal.out('\n');
  for (const { secret, version, at, refusedSince } of openLeaks)
    terminal.out(
      saidBehind(
        terminal,
        paint('red', 'open leak'),
        `version ${version} of ${idOf(secret)}, since ${spokenMinute(at)}${refusedSince === undefined ? '' : `, refused since ${spokenMinute(refusedSince)}`}`,
      ),
    );
}

/** How far a log answers for the time. */
function sourceText(source: LogSource): string {
  const { log } = source;
  if (source.is === 'unread') return `the log ${log} was not read: ${source.why}`;
  return source.is === 'unbounded'
    ? `the log ${log} was read; how far back it goes is not known: ${source.why}`
    : `the log ${log} was read; it keeps nothing from before ${spokenMinuteBy(source.keptFrom)}`;
}

function keyText({ project, version, key, ageDays, maxAgeDays, isOverAge }: KeyLine): string {
  const age = ageDays === undefined ? 'its age is not known' : `${plural(ageDays, 'day')} old`;
  const by = key.by === 'version' ? ' by its version' : '';
  const most = maxAgeDays === 0 ? 'no age is set' : `${maxAgeDays} at most`;
  return `${project} · version ${version ?? 'latest'} · ${key.kind ?? 'kind not known'} · ${age}${by}, ${most}${isOverAge ? ': over age' : ''}`;
}

function rotationText({
  rotation,
  openedAt,
  endedAt,
  outcome,
  reason,
  by,
  approvedBy,
  why,
  from,
  to,
  oldKey,
}: RotationLine): string {
  const span = [openedAt, endedAt].flatMap((at) => (at === undefined ? [] : [spokenMinute(at)])).join(' to ');
  const who = by === undefined ? 'the worker by itself' : spokenActor(by);
  const approved = approvedBy === undefined ? '' : ` · approved by ${spokenActor(approvedBy)}`;
  return `${span} · ${outcome} · version ${from ?? 'not known'} → ${to ?? 'none'} · ${who}${approved} · ${reason}${why === undefined ? '' : `: ${why}`} · old key ${deathText(oldKey)} · ${rotation}`;
}

/** A death is proven or not; both are said in as many words. */
function deathText({ is, deletedAt, refusedAt, destroyedAt, isProven }: Death): string {
  const said = [
    ...moment('deleted', deletedAt),
    ...moment('refused', refusedAt),
    ...moment('its version destroyed', destroyedAt),
  ];
  const proof = isProven ? 'proven dead' : 'not proven dead';
  return `${is}, ${is === 'in use' ? 'as nothing replaced it' : proof}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}

function moment(what: string, at: Instant | undefined): readonly string[] {
  return at === undefined ? [] : [`${what} ${spokenMinute(at)}`];
}

function exceptionText({ about, at, until, owner, by, why }: ExceptionLine): string {
  return [
    idOf(about),
    ...moment('since', at),
    ...moment('until', until),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(by === undefined ? [] : [`by ${spokenActor(by)}`]),
    ...(why === undefined ? [] : [why]),
  ].join(' · ');
}
