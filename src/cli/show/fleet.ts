import { newestRun, totalsOf } from '../../app/on-record/fleet-json.ts';
import type { Due, Fleet, Member } from '../../app/on-record/fleet.ts';
import { CAUSES } from '../../core/causes/causes.ts';
import { CONDITIONS, type LastCheck, type Condition } from '../../core/fleet/condition.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import { spokenDuration } from '../../core/values/duration.ts';
import { plural } from '../../core/values/plural.ts';
import { elapsedMs, isoOf, type Instant } from '../../core/values/time.ts';
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
    watchedText(fleet, now),
  ];
  return `${plural(members.length, 'secret')}: ${parts.join(' · ')}\n${laidOut(terminal, [more.join(' · ')], 0)}\n`;
}

/** When somebody looked last at all. */
function watchedText(fleet: Fleet, now: Instant): string {
  const newest = newestRun(fleet);
  if (newest !== undefined) return `the last complete check ended ${spokenDuration(elapsedMs(newest, now))} ago`;
  const [unknown] = fleet.runs.unknown;
  if (unknown !== undefined) {
    const [project, why] = unknown;
    return `when a check ran last is not known: the log of ${project} could not be read (${why})`;
  }
  return `no complete check is in the log since ${isoOf(fleet.runs.lookedBackTo).slice(0, 10)}: the worker does not run, or logs to another project (--log-project)`;
}

/** Whether a key's rotation is due by then. */
export function isDueWithin({ due }: Pick<Member, 'due'>, now: Instant, dueMs: number): boolean {
  return due.is === 'at' && elapsedMs(now, due.at) <= dueMs;
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
    { title: 'WHY', cell: whyCell },
  ];
}

/** Since when a secret is as it is. */
export function sinceOf({ health, leaks, rotation }: Member): Instant | undefined {
  const [leak] = leaks ?? [];
  if (leak !== undefined) return leak.at;
  if (health !== undefined && 'episode' in health) return health.episode.openedAt;
  if (rotation !== undefined && rotation.phase !== 'resting') return rotation.since;
  return health !== undefined && 'since' in health ? health.since : undefined;
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

/** Why it is not well, in a few words. */
export function whyCell({ condition, health, rotation, leaks }: Member): string {
  switch (condition) {
    case 'leaked':
      return `version ${(leaks ?? []).map(({ version }) => version).join(', ')}: the leaked key is not proven dead`;
    case 'failing':
    case 'mending':
      return health !== undefined && 'episode' in health
        ? `${CAUSES[health.episode.cause].title}${condition === 'mending' ? '; works again' : ''}`
        : '-';
    case 'suspect':
      return health?.is === 'suspect' ? `${CAUSES[health.cause].title}, ${plural(health.runs, 'run')}` : '-';
    case 'unreadable':
      return 'an annotation of the worker is in a form that this release does not read';
    case 'unwatched':
      return 'no complete check saw it lately';
    case 'unchecked':
      return 'no check of it is on record';
    case 'held':
    case 'rotating':
      return rotation !== undefined && rotation.phase !== 'resting'
        ? (rotation.why ?? `next: ${ROTATION[rotation.phase].act}`)
        : '-';
    case 'due':
    case 'well':
      return '-';
  }
}
