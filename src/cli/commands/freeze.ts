import { LIFT_FREEZE } from '../../core/causes/commands.ts';
import { zonedMoment } from '../../core/calendar/zoned-moment.ts';
import { freezeJson, freezesAt, scopeText, type FrozenScope } from '../../core/record/freeze.ts';
import { freeze as setFreeze, unfreeze as liftFreeze, type FreezeOutcome } from '../../app/rotation/freeze.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import type { Silence } from '../../core/record/silence.ts';
import { shellText } from '../../core/values/command.ts';
import { isoOf, parseInstant, spokenMinuteBy, type Instant } from '../../core/values/time.ts';
import type { Wire, Wired } from '../../wire.ts';
import { workerFor, type ByHand, type Worker } from './worker/worker.ts';
import { claimedBy, oneSecret, settingsFor, type Target } from './ask.ts';
import { endOf, ownedBy } from './owned.ts';
import { columns } from '../show/columns.ts';
import { laidOut } from '../show/layout.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that both commands print. */
const FREEZES_SCHEMA = 'key-warden/freezes/v1';

interface Scoped extends Target, ByHand {
  /** All secrets of the settings. */
  readonly everything: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export interface FreezeOptions extends Scoped {
  /** A moment in RFC 3339, one that a wall shows, or a stretch from now such as `4h` or `2d`. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
  readonly owner?: string | undefined;
}

export interface UnfreezeOptions extends Scoped {
  readonly id?: string | undefined;
}

/** A freeze as it is printed. */
interface Shown extends Pick<Silence, 'owner' | 'reason'> {
  readonly id: string;
  readonly about: string;
  readonly until: string;
}

/** What was done, and the freezes that it was about. */
interface Done {
  readonly did: 'listed' | 'frozen' | 'lifted' | 'nothing';
  readonly freezes: readonly Shown[];
}

/** Lets no planned rotation begin until a moment, or shows what is frozen. */
export async function freeze(terminal: Terminal, wire: Wire, options: FreezeOptions): Promise<0> {
  const isWish = [options.until, options.reason, options.owner].some((given) => given !== undefined);
  if (!isWish) return list(terminal, wire, options);
  const { settings, about, words } = subjectOf(terminal, options);
  await using wired = wire(settings);
  const silence = ownedBy(terminal, { ...options, until: endOfFreeze(options.until, wired.ports.clock.now()) }, ASKING);
  const call = { mode: 'freeze', owner: silence.owner, reason: silence.reason, until: isoOf(silence.until) };
  const shown = await ask(terminal, wired, options, { about, call }, () =>
    setFreeze(wired.ports, placeOf(settings), { about, by: claimedBy(terminal), dryRun: options.dryRun, silence }),
  );
  say(
    terminal,
    options,
    shown === undefined
      ? 'nothing is frozen'
      : `no planned rotation of ${words} begins until ${untilText(shown)}; emergencies and dead keys do not wait`,
  );
  if (shown !== undefined && !options.json)
    terminal.out(`  lift it: ${shellText(LIFT_FREEZE, { scope: ['--id', shown.id] })}\n`);
  return print(terminal, options, { did: 'frozen', freezes: shown === undefined ? [] : [shown] });
}

/** Lifts a freeze before its time. */
export async function unfreeze(terminal: Terminal, wire: Wire, options: UnfreezeOptions): Promise<0> {
  const { id } = options;
  const { settings, about } =
    id === undefined ? subjectOf(terminal, options) : { settings: settingsFor(terminal, options), about: {} };
  await using wired = wire(settings);
  const shown = await ask(
    terminal,
    wired,
    options,
    { about, call: { mode: 'unfreeze', ...(id === undefined ? {} : { id }) } },
    () => liftFreeze(wired.ports, placeOf(settings), { about, by: claimedBy(terminal), dryRun: options.dryRun, id }),
  );
  say(
    terminal,
    options,
    shown === undefined
      ? 'no such freeze holds: `key-warden freeze` shows those that do'
      : `${shown.about}: no longer frozen by ${shown.owner}`,
  );
  return print(terminal, options, {
    did: shown === undefined ? 'nothing' : 'lifted',
    freezes: shown === undefined ? [] : [shown],
  });
}

async function list(terminal: Terminal, wire: Wire, options: FreezeOptions): Promise<0> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const known = (await wired.ports.freezes?.()) ?? { freezes: [] };
  if ('unknown' in known) throw new Stop(3, `what is frozen is not known: ${known.unknown}`);
  const freezes = freezesAt(known.freezes, wired.ports.clock.now()).map(freezeJson);
  const paint = painter(terminal);
  const titles = ['FROZEN', 'UNTIL', 'OWNER', 'REASON', 'ID'].map((title) => paint('dim', title));
  const rows = freezes.map((one) => [one.about, untilText(one), one.owner, one.reason, one.id]);
  if (!options.json)
    terminal.out(rows.length === 0 ? 'nothing is frozen by hand\n' : columns(terminal, [titles, ...rows]));
  const { calendar } = settings.secretPolicy;
  if (!options.json && calendar?.windows !== undefined) terminal.out(`windows of the settings: ${calendar.windows}\n`);
  if (!options.json && calendar?.freezes !== undefined)
    terminal.out(`frozen days of the settings: ${calendar.freezes}\n`);
  return print(terminal, options, { did: 'listed', freezes });
}

function placeOf(settings: Settings) {
  return { book: settings.alerts.silences, scopes: scopesOf(settings) };
}

interface Asking {
  readonly about: FrozenScope;
  readonly call: Readonly<Record<string, string>>;
}

/** By the worker where there is one, else by hand; `undefined` where there was nothing to do. */
async function ask(
  terminal: Terminal,
  wired: Wired,
  options: Scoped,
  { about, call }: Asking,
  byHand: () => Promise<FreezeOutcome>,
): Promise<Shown | undefined> {
  const worker = await workerFor(terminal, wired, options, 'rotate');
  if (worker !== undefined) return byWorker(worker, about, { ...call, dryRun: options.dryRun });
  const done = await byHand();
  if (done.outcome === 'refused') throw new Stop(done.unset ? 4 : 2, done.why);
  return done.outcome === 'none' ? undefined : freezeJson(done.freeze);
}

/** What the function answers. */
interface Answered {
  readonly schema: 'key-warden/freeze/v1';
  readonly freeze?: Shown;
}

async function byWorker(
  worker: Worker,
  { secret, project, all }: FrozenScope,
  call: object,
): Promise<Shown | undefined> {
  const named =
    secret === undefined
      ? { ...(project === undefined ? {} : { project }), ...(all === true ? { everything: true } : {}) }
      : { secret };
  const body = { ...named, ...call };
  return (await worker.ask<Answered>({ method: 'POST', body }, 'key-warden/freeze/v1', { 422: 2 })).freeze;
}

/** What a freeze is to be about: one secret, a project, or all. */
function subjectOf(terminal: Terminal, options: Scoped) {
  const { secret, project = [], everything } = options;
  const [one, ...others] = project;
  if (secret !== undefined && !everything) {
    const single = oneSecret(terminal, options);
    return { settings: single.settings, about: { secret: single.secret }, words: single.secret };
  }
  if (
    secret !== undefined ||
    others.length > 0 ||
    (everything && one !== undefined) ||
    (!everything && one === undefined)
  )
    throw new Stop(2, 'what about? one of --secret SECRET_ID, --project PROJECT_ID and --everything');
  const settings = settingsFor(terminal, options);
  const about: FrozenScope = one === undefined ? { all: true } : { project: one };
  return { settings, about, words: scopeText(about) };
}

const ASKING = {
  what: 'a freeze',
  until: '2d (4h, or a moment such as 2027-01-06T08:00[Europe/Berlin] or 2027-01-06T07:00:00Z)',
  reason: 'year end',
} as const;

/** Also what the clock on a wall shows in some zone. */
function endOfFreeze(text: string | undefined, now: Instant): Instant | undefined {
  const shown = text === undefined ? undefined : zonedMoment(text);
  if (shown !== undefined && 'wrong' in shown) throw new Stop(2, `--until: ${shown.wrong}`);
  return shown === undefined ? endOf(text, now) : shown.at;
}

/** Its end for people; the worker gives it as programs read it. */
function untilText({ until }: Pick<Shown, 'until'>): string {
  const moment = parseInstant(until);
  return moment === undefined ? until : spokenMinuteBy(moment);
}

function say(terminal: Terminal, { json, dryRun }: Scoped, text: string): void {
  if (json) return;
  terminal.out(`${laidOut(terminal, `${dryRun ? 'nothing was changed; without --dry-run: ' : ''}${text}`, 0)}\n`);
}

function print(terminal: Terminal, { json, dryRun }: Scoped, { did, freezes }: Done): 0 {
  if (json) terminal.out(`${JSON.stringify({ schema: FREEZES_SCHEMA, did, dryRun, freezes }, null, 2)}\n`);
  return 0;
}
