import type { NoticeType } from '../../../src/core/alerts/notice.ts';
import { tookSeconds } from '../../../src/core/alerts/took.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { columns } from '../../../src/cli/show/columns.ts';
import { painter } from '../../../src/cli/show/terminal.ts';
import { DAY_MS, HOUR_MS } from './fleet.ts';
import { number, type Judged } from './judge.ts';
import { talliesOf } from './messages.ts';
import { DAYS, START, weekOf } from './calendar.ts';
import type { Lived } from './quarter.ts';
import { KINDS } from './quotas.ts';

const WEEKS = Array.from({ length: DAYS / 7 }, (_, week) => week);

/** What happened, week by week, and what was promised, line by line. */
export function summaryOf(lived: Lived, judged: readonly Judged[], colour: boolean): string {
  const paint = painter({ colour });
  const head = ['week', 'due', 'begun', 'completed', 'held', 'most in flight', 'calls', 'for people', 'for machines'];
  const rows = WEEKS.map((week) => [`${week + 1}`, ...rowOf(lived, week).map(number)]);
  const sums = [0, 1, 2, 3, 4, 5, 6, 7].map((column) =>
    column === 4
      ? Math.max(...WEEKS.map((week) => rowOf(lived, week)[column] ?? 0))
      : WEEKS.reduce((sum, week) => sum + (rowOf(lived, week)[column] ?? 0), 0),
  );
  const table = rightAligned([head, ...rows, ['in all', ...sums.map(number)]]);
  const lines = judged.map(({ must, kept, measured }) => [
    kept ? paint('green', 'kept') : paint('red', 'BROKEN'),
    must,
    paint(kept ? 'dim' : 'red', measured),
  ]);
  const [heading = '', ...weeks] = table.trimEnd().split('\n');
  return [
    paint('bold', titleOf(lived)),
    '',
    paint('dim', heading),
    ...weeks.slice(0, -1),
    paint('bold', weeks.at(-1) ?? ''),
    '',
    columns({}, lines).trimEnd(),
    '',
    messagesTable(lived),
    '',
    timesTable(lived),
    '',
    callsOf(lived),
    '',
  ].join('\n');
}

function titleOf({ fleet, projects, plan }: Lived): string {
  const due = plan.spreadDays === 0 ? 'all due in one afternoon' : `due over ${plan.spreadDays} days`;
  if (plan.rules !== undefined)
    return `A quarter of ${number(fleet.length)} keys in ${projects} projects, ${due}, by windows, freezes and approvals of the team; Google answers 429 for an hour and 503 for a day`;
  return `A quarter of ${number(fleet.length)} keys in ${projects} projects, ${due}; Google answers 429 for an hour and 503 for a day`;
}

/** Due, begun, completed, held, most in flight, calls, alerts for people, events for machines. */
function rowOf({ seen, fleet, heard, calls, dueAt }: Lived, week: number): readonly number[] {
  const [from, until] = [plusMs(START, week * 7 * DAY_MS), plusMs(START, (week + 1) * 7 * DAY_MS)];
  const isIn = (at: Instant): boolean => at >= from && at < until;
  const records = [...seen.records.values()];
  const count = (moments: readonly Instant[]): number => moments.filter(isIn).length;
  const told = heard.filter(({ at }) => isIn(at));
  const days = [...seen.mostOfDay].filter(([day]) => day * DAY_MS >= from && day * DAY_MS < until);
  return [
    count(fleet.map(({ createdAt }) => dueAt(createdAt))),
    count(records.flatMap(({ opened }) => opened)),
    count(records.flatMap(({ completed }) => completed)),
    count(records.flatMap(({ held }) => held)),
    Math.max(0, ...days.map(([, { inFlight }]) => inFlight)),
    calls.between(from, until),
    told.filter(({ isForPeople }) => isForPeople).length,
    told.filter(({ isForPeople }) => !isForPeople).length,
  ];
}

/** Who got how many messages. Of a pager those count too that ring nowhere: ends, and news. */
function messagesTable({ messages }: Lived): string {
  const head = ['channel', 'messages', 'in its worst week', 'asked something', 'needed somebody', 'rang'];
  const rows = talliesOf(messages, weekOf).map(({ channel, all, weekMost, asked, needed, calls }) => [
    channel,
    ...[all, weekMost, asked, needed, calls].map(number),
  ]);
  return rightAligned([head, ...rows]);
}

/** What things took, as the worker itself measures them. The check runs more rarely here than in a deployment, and its times with it. */
const TIMES = {
  'key.recovered': 'from the first sign of trouble to its end',
  'rotation.promoted': 'from the beginning of a rotation until consumers have the new key',
  'rotation.completed': 'from the beginning of a rotation to its end',
  'leak.closed': 'from a leak until the key is refused',
} as const satisfies Partial<Record<NoticeType, string>>;

function timesTable(lived: Lived): string {
  const head = ['in hours', 'times', 'half of them', 'the longest'];
  const told = Object.entries(TIMES).map(([type, says]) => {
    const seconds = lived.heard
      .filter(({ notice }) => notice.type === type)
      .flatMap(({ notice, at }) => tookSeconds(notice, at) ?? []);
    return timesRow(
      says,
      seconds.map((one) => one / 3600),
    );
  });
  return rightAligned([
    head,
    ...told,
    timesRow('from a promotion to its end, the new key brought to consumers on Cloud Run', drainsOf(lived, true)),
    timesRow('the same, where consumers come to it by themselves', drainsOf(lived, false)),
  ]);
}

/** Hours from the first promotion of each usual secret to the end of its rotation, seen from outside. */
export function drainsOf({ seen }: Lived, onRun: boolean): readonly number[] {
  return [...seen.records.values()].flatMap(({ member, promoted: [from], completed: [until] }) =>
    member.part === 'usual' && member.onRun === onRun && from !== undefined && until !== undefined
      ? [(until - from) / HOUR_MS]
      : [],
  );
}

function timesRow(says: string, all: readonly number[]): readonly string[] {
  const hours = all.toSorted((a, b) => a - b);
  const [half = 0, longest = 0] = [hours[hours.length >> 1], hours.at(-1)];
  return [says, number(hours.length), half.toFixed(1), longest.toFixed(1)];
}

/** How much of each kind of call a key costs, in runs as they were lived. */
function callsOf({ calls, fleet, runs, plan }: Lived): string {
  const each = KINDS.map((kind) => `${(calls.total(kind) / fleet.length).toFixed(0)} ${kind}`).join(', ');
  return [
    `Calls a key: ${each}.`,
    `Lived: ${number(runs.reconcile)} runs of reconcile, ${number(runs.check)} of the check (one in ${plan.checkEveryMinutes} minutes) and ${number(runs.purge)} of the purge;`,
    `${number(runs.skipped)} runs of reconcile were left out while nothing was due. The worker is the real one, over twins of Google in memory.`,
  ].join('\n');
}

function rightAligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) => row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ')).join('\n');
}
