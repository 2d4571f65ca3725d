import { totalsOf } from '../../app/on-record/fleet-json.ts';
import type { Due, Fleet, Member } from '../../app/on-record/fleet.ts';
import { isDueWithin, sinceOf, whyOf } from '../../app/on-record/spoken-member.ts';
import { spokenWatch } from '../../app/on-record/spoken-watch.ts';
import { CONDITIONS, type LastCheck, type Condition } from '../../core/fleet/condition.ts';
import { spokenDuration } from '../../core/values/duration.ts';
import { plural } from '../../core/values/plural.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { laidOut } from './layout.ts';
import { idOf } from './report.ts';
import { fitted, type Column } from './fitted.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

/** What each condition is called, and how it is seen. */
const WORDS = {
  leaked: ['leaked', 'red'],
  failing: ['failing', 'red'],
  held: ['held', 'red'],
  unreadable: ['unreadable', 'yellow'],
  suspect: ['suspect', 'yellow'],
  mending: ['mending', 'yellow'],
  unwatched: ['unwatched', 'yellow'],
  unchecked: ['unchecked', 'yellow'],
  due: ['due', 'cyan'],
  rotating: ['rotating', 'cyan'],
  well: ['well', 'green'],
} as const satisfies Record<Condition, readonly [string, Parameters<Paint>[0]]>;

/** How many there are of each, the worst first, and whether anybody looks. */
export function totalsText(terminal: Terminal, fleet: Fleet, now: Instant, dueMs: number): string {
  const paint = painter(terminal);
  const { members, notLooked } = fleet;
  const counts = totalsOf(members);
  const parts = CONDITIONS.filter((one) => counts[one] > 0).map((one) =>
    paint(WORDS[one][1], `${counts[one]} ${WORDS[one][0]}`),
  );
  const due = members.filter((member) => isDueWithin(member, now, dueMs)).length;
  const more = [
    ...(due === 0 ? [] : [`${due} due within ${spokenDuration(dueMs)}`]),
    ...(notLooked === 0 ? [] : [`the age of ${plural(notLooked, 'key')} was not looked up: name them`]),
    watchText(fleet, now),
  ];
  return `${plural(members.length, 'secret')}: ${parts.join(' · ')}\n${laidOut(terminal, [more.join(' · ')], 0)}\n`;
}

/** When somebody looked last at all, and which option looks elsewhere. */
function watchText(fleet: Fleet, now: Instant): string {
  const { is, says } = spokenWatch(fleet, now);
  return is === 'no run' ? `${says} (--log-project)` : says;
}

/** One line per secret. */
export function fleetTable(terminal: Terminal, members: readonly Member[], now: Instant): string {
  return fitted(terminal, tableOf(members, now), members);
}

function tableOf(members: readonly Member[], now: Instant): readonly Column<Member>[] {
  const projects = new Set(members.map(({ project }) => project)).size;
  const ago = (at: Instant | undefined) => (at === undefined ? '-' : spokenDuration(elapsedMs(at, now)));
  return [
    {
      title: 'SECRET',
      cell: ({ secret, managed, project }) =>
        `${projects > 1 ? `${project}/` : ''}${idOf(secret)}${managed ? '' : ' (not managed)'}`,
    },
    { title: 'HEALTH', cell: ({ condition }, paint) => paint(WORDS[condition][1], WORDS[condition][0]) },
    { title: 'FOR', cell: (member) => ago(sinceOf(member)), goes: 5 },
    { title: 'CHECKED', cell: ({ checked }) => checkedCell(checked, now), goes: 6 },
    { title: 'READS', cell: ({ aliases }) => String(aliases['current'] ?? 'latest'), goes: 4 },
    { title: 'KEY', cell: ({ key }) => key.kind ?? '-', goes: 1 },
    { title: 'AGE', cell: ({ key }) => `${key.by === 'version' ? '≥ ' : ''}${ago(key.madeAt)}`, goes: 3 },
    { title: 'DUE', cell: ({ due }) => dueCell(due, now), goes: 7 },
    { title: 'ROTATED', cell: ({ history }) => lastCell(history, now), goes: 2 },
    { title: 'ROTATION', cell: rotationCell, goes: 8 },
    { title: 'WHY', cell: whyOf },
  ];
}

function checkedCell(checked: LastCheck, now: Instant): string {
  if (checked.is === 'at') return spokenDuration(elapsedMs(checked.at, now));
  return checked.is === 'unknown' ? '?' : 'never';
}

function dueCell(due: Due, now: Instant): string {
  if (due.is !== 'at') return due.is === 'never' ? 'never' : '?';
  return due.at <= now ? 'now' : `in ${spokenDuration(elapsedMs(now, due.at))}`;
}

function lastCell(history: Member['history'], now: Instant): string {
  const [last] = history ?? [];
  if (last === undefined) return '-';
  return `${spokenDuration(elapsedMs(last.at, now))}${last.outcome === 'completed' ? '' : ', abandoned'}`;
}

function rotationCell({ rotation }: Member): string {
  if (rotation === undefined) return 'unknown';
  if (rotation.phase === 'resting') return '-';
  return rotation.held ? `${rotation.phase}, held` : rotation.phase;
}
