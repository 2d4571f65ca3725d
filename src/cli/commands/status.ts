import { freezeJson, freezeText } from '../../core/record/freeze.ts';
import { INIT } from '../../core/causes/commands.ts';
import { shellText } from '../../core/values/command.ts';
import { durationMsOf } from '../../core/values/duration.ts';
import { DAY_MS, isoOf, type Instant } from '../../core/values/time.ts';
import { codeOf, isGood } from '../../core/fleet/condition.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import { stopsOnRecord } from '../../app/reconcile/stops-on-record.ts';
import { fleetOf, type Fleet, type Member } from '../../app/on-record/fleet.ts';
import { memberJson, newestRun, totalsOf } from '../../app/on-record/fleet-json.ts';
import { holdersOnRecord, holdersRead, sharedJson, type HoldersRead } from '../../app/on-record/holders-of.ts';
import { isDueWithin } from '../../app/on-record/spoken-member.ts';
import { worstFirst } from '../../app/on-record/worst-first.ts';
import { pageOf } from '../../app/page/page.ts';
import { readersJson } from '../../app/consumers/readers-json.ts';
import { whereToLook } from '../../app/consumers/places.ts';
import { readersOfMany, type ReadersOfMany } from '../../app/consumers/readers.ts';
import { waitingIn, waitingJson, waitingText } from '../../app/approval/waiting.ts';
import type { Vault } from '../../app/ports/ports.ts';
import type { Wire, Wired } from '../../wire.ts';
import { lookingAround, secretsOf, settingsFor, type Target } from './ask.ts';
import { withListingShown, withReadersShown } from './shown-progress.ts';
import { writePage } from './write-page.ts';
import { aside } from '../show/detail.ts';
import { fleetCsv } from '../show/fleet-csv.ts';
import { fleetTable, totalsText } from '../show/fleet.ts';
import { sorted } from '../show/fleet-order.ts';
import type { SortedBy } from '../show/sorted-by.ts';
import { showOpen } from '../show/on-record.ts';
import { saidBehind } from '../show/layout.ts';
import { showReaders } from '../show/readers.ts';
import { showShared } from '../show/shared.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `status --json` prints. */
const STATUS_SCHEMA = 'key-warden/status/v1';

export interface StatusOptions extends Target {
  readonly json: boolean;
  readonly csv: boolean;
  /** Where a page is written to; `-` for standard output. */
  readonly html?: string | undefined;
  /** Read what every managed secret serves, and say who shares a key with whom. */
  readonly holders: boolean;
  /** Look up who reads each secret on Cloud Run and Cloud Functions. */
  readonly consumers: boolean;
  /** Only what is not well. */
  readonly failing: boolean;
  /** Only keys whose rotation is due within this time; `true` for the usual one. */
  readonly due?: string | true | undefined;
  readonly sort: SortedBy;
  /** Seconds from one look to the next. */
  readonly watch?: number | undefined;
  /** Projects in whose logs the check's heartbeats are. */
  readonly logProject?: readonly string[] | undefined;
}

export type StatusCode = 0 | 1 | 3 | 4 | 5;

const DUE_MS = 14 * DAY_MS;

/**
 * Shows what is on record about each secret, and when somebody looked last. Reads metadata only, but with `--holders`: no key is read,
 * no request goes to Gemini. 5 while a leak is open (I18), a rotation is held, or a cause stops all rotations of a project.
 */
export async function status(terminal: Terminal, wire: Wire, options: StatusOptions): Promise<StatusCode> {
  const { json, csv: asCsv, html, watch } = options;
  if (watch !== undefined && (json || asCsv || html !== undefined))
    throw new Stop(2, '--watch is for people: --json, --csv and --html are written once');
  if ([json, asCsv, html !== undefined].filter(Boolean).length > 1)
    throw new Stop(2, '--json, --csv or --html: one of them');
  if (html?.trim() === '') throw new Stop(2, '--html needs a file, or - for standard output');
  if (options.watch !== undefined && options.holders)
    throw new Stop(2, '--watch or --holders: the keys of all secrets are read once');
  if (watch !== undefined && options.consumers)
    throw new Stop(2, '--watch or --consumers: who reads the secrets is looked up once');
  const dueMs = dueMsOf(options);
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  for (;;) {
    const code = await look(terminal, wired, settings, { ...options, dueMs });
    if (options.watch === undefined) return code;
    const stopped = terminal.interrupted().then(() => 'stopped' as const);
    const slept = await Promise.race([wired.ports.clock.sleep(options.watch * 1000), stopped]);
    if (slept === 'stopped') return code;
  }
}

async function look(
  terminal: Terminal,
  wired: Wired,
  settings: Settings,
  options: StatusOptions & { readonly dueMs: number },
): Promise<StatusCode> {
  const { ports, reader } = wired;
  const vault = withListingShown(terminal, ports.vault);
  const known = await fleetOf(
    { ...ports, vault, reader },
    {
      ...settings,
      scopes: scopesOf(settings),
      secrets: secretsOf(settings, options),
      ages: true,
      logProjects: options.logProject ?? lookingAround(terminal, settings).projects,
    },
  );
  const { holders, notLooked } = await sharedKeys(terminal, vault, settings, known, options.holders);
  const readers = options.consumers ? await readersOfFleet(terminal, wired, settings, known) : undefined;
  const waiting = await waitingIn(ports.vault, settings.approval.book, ports.clock.now());
  const seen = { ...known, problems: [...known.problems, ...notLooked, ...waiting.problems] };
  const fleet = {
    ...seen,
    problems: [...seen.problems, ...(readers?.notLooked ?? [])],
    barred: known.barred || readers?.barred === true,
  };
  const now = ports.clock.now();
  const stops = [...stopsOnRecord(fleet.found, settings.secretPolicy, now)].map(([project, why]) => ({ project, why }));
  const { failing, due, dueMs, sort } = options;
  const shown = sorted(
    fleet.members.filter(
      (member) => (!failing || !isGood(member.condition)) && (due === undefined || isDueWithin(member, now, dueMs)),
    ),
    sort,
  );
  if (options.json)
    terminal.out(
      `${JSON.stringify({ ...jsonOf(fleet, shown, stops, now, besides(holders, options.holders, readers)), approvals: waiting.approvals.map(waitingJson) }, null, 2)}\n`,
    );
  else if (options.csv) {
    terminal.out(fleetCsv(shown, readers));
    for (const problem of fleet.problems) terminal.err(`problem  ${problem}\n`);
  } else if (options.html !== undefined) {
    // The page says in its own place what could not be looked at for readers: the secrets themselves were all seen.
    const page = { fleet: seen, shown: worstFirst(shown), stops, holders, readers, waiting: waiting.approvals, now };
    writePage(terminal, options.html, pageOf(page));
  } else {
    show(terminal, fleet, shown, stops, now, options);
    for (const one of waiting.approvals) terminal.out(saidBehind(terminal, '', waitingText(one)));
    showShared(terminal, shown, holders);
    if (readers !== undefined) showReaders(terminal, shown, readers.of);
  }
  return codeFor(fleet, stops.length > 0);
}

/** Who shares a key with whom: as far as it is on record, or by a reading of all keys, which somebody asked for. */
async function sharedKeys(
  terminal: Terminal,
  vault: Vault,
  settings: Settings,
  { found }: Fleet,
  asked: boolean,
): Promise<HoldersRead> {
  if (!asked) return { holders: holdersOnRecord(found.map(({ sighting }) => sighting)), notLooked: [] };
  const { secretPolicy, concurrency } = settings;
  const scopes = scopesOf(lookingAround(terminal, settings));
  return holdersRead(vault, { scopes, concurrency, secretPolicy }, found);
}

/** Who reads the secrets of a fleet, wherever this command may look. */
async function readersOfFleet(
  terminal: Terminal,
  { ports: { vault }, consumers, estate }: Wired,
  settings: Settings,
  { members }: Fleet,
): Promise<ReadersOfMany> {
  const { consumerProjects: projects, consumerScope: scope } = lookingAround(terminal, settings);
  const where = await whereToLook(estate, { projects, scope });
  for (const line of where.late) aside(terminal, `note: ${line}\n`);
  const shown = withReadersShown(terminal, consumers, where.projects);
  const secrets = members.map(({ secret, project }) => ({ name: secret, given: inProject(secret, project) }));
  return readersOfMany({ vault, consumers: shown }, where, secrets);
}

/** A secret as consumers most often call it: by the id of its project. */
function inProject(secret: string, project: string): string {
  return secret.replace(/^projects\/[^/]+/, `projects/${project}`);
}

/** What is told of a secret besides what is on record about it. */
function besides(holders: HoldersRead['holders'], isRead: boolean, readers: ReadersOfMany | undefined) {
  const shared = sharedJson(holders, isRead);
  return (secret: string) => {
    const own = readers?.of.get(secret);
    return { ...shared(secret), ...(own === undefined ? {} : { consumers: readersJson(own) }) };
  };
}

/** What is printed depends on the filters, the exit code never does: a script that asks for one line still hears of the fleet. */
function codeFor({ members, problems, barred }: Fleet, isStopped: boolean): StatusCode {
  const codes = members.map(({ condition, health }) => codeOf(condition, health));
  if (isStopped || codes.includes(5)) return 5;
  if (codes.includes(1)) return 1;
  if (barred) return 4;
  return problems.length > 0 || members.length === 0 || codes.includes(3) ? 3 : 0;
}

interface StopOfProject {
  readonly project: string;
  readonly why: string;
}

function jsonOf(
  fleet: Fleet,
  shown: readonly Member[],
  stopped: readonly StopOfProject[],
  now: Instant,
  shared: ReturnType<typeof besides>,
) {
  const newest = newestRun(fleet);
  return {
    schema: STATUS_SCHEMA,
    at: isoOf(now),
    totals: totalsOf(fleet.members),
    lastCompleteCheck: newest === undefined ? null : isoOf(newest),
    logsNotRead: Object.fromEntries(fleet.runs.unknown),
    secrets: shown.map((member) => ({ ...memberJson(member), ...shared(member.secret) })),
    stopped,
    freezes: fleet.freezes.map(freezeJson),
    problems: fleet.problems,
  };
}

/** What a terminal takes as: begin anew at the top. */
const CLEARED = '\u001B[H\u001B[2J';

function show(
  terminal: Terminal,
  fleet: Fleet,
  shown: readonly Member[],
  stops: readonly StopOfProject[],
  now: Instant,
  { watch, dueMs }: StatusOptions & { readonly dueMs: number },
): void {
  const paint = painter(terminal);
  const { members, problems } = fleet;
  if (watch !== undefined)
    terminal.out(
      `${terminal.width === undefined ? '' : CLEARED}${paint('dim', `${isoOf(now)}, again every ${watch} s`)}\n`,
    );
  if (members.length === 0 && problems.length === 0)
    terminal.out(`no managed secret was found; put one under care: ${shellText(INIT, {})}\n`);
  if (members.length > 0) terminal.out(`${totalsText(terminal, fleet, now, dueMs)}\n`);
  if (shown.length > 0) terminal.out(fleetTable(terminal, shown, now));
  else if (members.length > 0) terminal.out(`none of ${members.length} is among those that were asked for\n`);
  showOpen(terminal, shown);
  for (const { project, why } of stops)
    terminal.out(
      `\n${paint('red', 'stopped')}  no rotation is begun in project ${project} because of a key’s age: ${why}\n`,
    );
  for (const freeze of fleet.freezes) terminal.out(saidBehind(terminal, paint('yellow', 'frozen'), freezeText(freeze)));
  for (const problem of problems) terminal.out(saidBehind(terminal, paint('yellow', 'problem'), problem));
}

function dueMsOf({ due }: StatusOptions): number {
  if (due === undefined || due === true) return DUE_MS;
  const within = durationMsOf(due);
  if (within === undefined) throw new Stop(2, `--due: a time such as 14d or 12h, not ${due}`);
  return within;
}
