import { fleetOf, type Fleet } from '../../app/on-record/fleet.ts';
import { pastRotationJson, pastRotationsIn, type PastRotation } from '../../app/on-record/past-rotations.ts';
import { spokenActor } from '../../core/record/actor.ts';
import { HISTORY_MAX } from '../../core/record/ledger.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import { isoOf, spokenMinute, type Instant } from '../../core/values/time.ts';
import type { Wire } from '../../wire.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { momentOf } from './when.ts';
import { withListingShown } from './shown-progress.ts';
import { csv } from '../show/csv.ts';
import { laidOut, saidBehind } from '../show/layout.ts';
import { idOf } from '../show/report.ts';
import { painter, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `history --json` prints. */
const HISTORY_SCHEMA = 'key-warden/history/v1';

export interface HistoryOptions extends Target {
  /** Only rotations that ended since then, or go on. */
  readonly since?: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
}

/** Shows the rotations that are on record, newest first. 4 where something was barred, 3 where nothing was found or not all could be read. */
export async function history(terminal: Terminal, wire: Wire, options: HistoryOptions): Promise<0 | 3 | 4> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const { ports, reader } = wired;
  const since = sinceOf(options, ports.clock.now());
  const fleet = await fleetOf(
    { ...ports, vault: withListingShown(terminal, ports.vault), reader },
    { ...settings, scopes: scopesOf(settings), secrets: secretsOf(settings, options), logProjects: [], ages: false },
  );
  const rotations = rotationsIn(fleet, since);
  const older = forgottenIn(fleet, since);
  const problems = [...fleet.problems, ...unreadIn(fleet)];
  if (options.json)
    terminal.out(
      `${JSON.stringify({ schema: HISTORY_SCHEMA, since: since === undefined ? null : isoOf(since), rotations: rotations.map(pastRotationJson), notRemembered: older, problems }, null, 2)}\n`,
    );
  else if (options.csv) terminal.out(csv([CSV_TITLES, ...rotations.map(csvRow)]));
  else show(terminal, rotations, older, fleet.members.length);
  if (!options.json) for (const problem of problems) terminal.err(`problem  ${problem}\n`);
  if (fleet.barred) return 4;
  return problems.length > 0 || fleet.members.length === 0 ? 3 : 0;
}

function rotationsIn(fleet: Fleet, since: Instant | undefined): readonly PastRotation[] {
  return fleet.members
    .flatMap(pastRotationsIn)
    .filter(({ endedAt }) => since === undefined || endedAt === undefined || endedAt >= since)
    .toSorted((a, b) => (b.endedAt ?? Infinity) - (a.endedAt ?? Infinity));
}

/** Secrets whose list of rotations is full, and does not reach back to that moment. */
function forgottenIn({ members }: Fleet, since: Instant | undefined): readonly string[] {
  return members.flatMap(({ secret, history: past = [] }) => {
    const oldest = past.at(-1);
    const isFull = past.length >= HISTORY_MAX && oldest !== undefined;
    return isFull && (since === undefined || oldest.at > since) ? [secret] : [];
  });
}

function unreadIn({ members }: Fleet): readonly string[] {
  return members.flatMap(({ secret, history: past }) =>
    past === undefined ? [`${secret}: its history is in a form that this release does not read`] : [],
  );
}

function show(terminal: Terminal, rotations: readonly PastRotation[], older: readonly string[], looked: number): void {
  const paint = painter(terminal);
  for (const one of rotations) {
    const { secret, id, outcome, from, to, endedAt, openedAt, why, oldKey } = one;
    const at = endedAt ?? openedAt;
    const line = (title: string, text: string) => `  ${title.padEnd(9)}${laidOut(terminal, text, 11)}\n`;
    const facts = [
      ...(at === undefined ? [] : [spokenMinute(at)]),
      paint(outcome === 'completed' ? 'green' : 'yellow', outcome),
      `version ${from} → ${to ?? 'none'}`,
      paint('dim', id),
    ];
    terminal.out(saidBehind(terminal, paint('bold', idOf(secret)), facts.join(' · ')));
    terminal.out(line('who', whoOf(one)) + line('why', [one.reason, ...(why === undefined ? [] : [why])].join(': ')));
    terminal.out(`${line('old key', oldKey.says)}\n`);
  }
  if (rotations.length === 0)
    terminal.out(looked === 0 ? 'no managed secret was found\n' : `no rotation of ${looked} secrets is on record\n`);
  if (older.length > 0)
    terminal.out(
      `${older.length === 1 ? `${idOf(older[0] ?? '')} remembers` : `${older.length} secrets remember`} ${HISTORY_MAX} rotations, and older ones are in the log alone\n`,
    );
}

function whoOf({ by }: PastRotation): string {
  return by === undefined ? 'the worker by itself' : spokenActor(by);
}

const CSV_TITLES = [
  'secret',
  'rotation',
  'opened_at',
  'ended_at',
  'outcome',
  'reason',
  'who',
  'from',
  'to',
  'why',
  'old_key',
  'deleted_at',
  'proven_dead_at',
];

function csvRow(one: PastRotation): readonly string[] {
  const { secret, id, openedAt, endedAt, outcome, reason, from, to, why, oldKey } = pastRotationJson(one);
  const cells = [
    secret,
    id,
    openedAt,
    endedAt,
    outcome,
    reason,
    whoOf(one),
    from,
    to,
    why,
    oldKey.is,
    oldKey.deletedAt,
    oldKey.provenDeadAt,
  ];
  return cells.map((cell) => String(cell ?? ''));
}

function sinceOf({ since }: HistoryOptions, now: Instant): Instant | undefined {
  return since === undefined ? undefined : momentOf('--since', since, now);
}
