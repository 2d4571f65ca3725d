import { isCause } from '../../core/causes/causes.ts';
import { END_SILENCE, END_WIDE_SILENCE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { breadthText, breadthWords, type Breadth, type WideSilence } from '../../core/record/wide-silence.ts';
import { shellText } from '../../core/values/command.ts';
import { silenceMany } from '../../app/alerts/silence-many.ts';
import { notDoneText, silenceSecret } from '../../app/alerts/silence-secret.ts';
import { silencesOf, type OnRecord } from '../../app/alerts/list-silences.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import type { Silence } from '../../core/record/silence.ts';
import { isoOf, spokenMinute } from '../../core/values/time.ts';
import type { Wire, Wired } from '../../wire.ts';
import { workerFor, type ByHand, type Worker } from './worker/worker.ts';
import { claimedBy, NAME_ONE_SECRET, oneSecret, secretsOf, settingsFor, type Target } from './ask.ts';
import { endOf, ownedBy } from './owned.ts';
import { columns } from '../show/columns.ts';
import { laidOut } from '../show/layout.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `silence --json` prints. */
const SILENCES_SCHEMA = 'key-warden/silences/v1';

export interface SilenceOptions extends Target, ByHand {
  /** A moment in RFC 3339, or a stretch from now such as `4h` or `2d`. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
  /** Who wants quiet; the person at the terminal when left out. */
  readonly owner?: string | undefined;
  /** Of more than one secret: outages, all that has a cause, or everything; in one project, where `project` names it. */
  readonly outages: boolean;
  readonly cause?: string | undefined;
  readonly everything: boolean;
  readonly end: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What was done, and what is silenced after it (of the secrets that the call was about). */
interface Done {
  readonly did: 'listed' | 'silenced' | 'ended' | 'nothing';
  readonly silences: readonly OnRecord[];
  readonly wide: readonly WideSilence[];
  readonly problems: readonly string[];
}

/** Keeps channels quiet about one secret, with an owner, a reason and an end; ends that; or shows what is silenced. */
export async function silence(terminal: Terminal, wire: Wire, options: SilenceOptions): Promise<0 | 3> {
  const isWish = options.end || [options.until, options.reason, options.owner].some((given) => given !== undefined);
  const done = isWish ? await change(terminal, wire, options) : await list(terminal, wire, options);
  if (options.json) terminal.out(`${jsonOf(done, options.dryRun)}\n`);
  return done.problems.length === 0 ? 0 : 3;
}

async function list(terminal: Terminal, wire: Wire, options: SilenceOptions): Promise<Done> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const { concurrency } = settings;
  const secrets = secretsOf(settings, options);
  const book = settings.alerts.silences;
  const done = await silencesOf(wired.ports, { scopes: scopesOf(settings), secrets, concurrency, book });
  if (!options.json) show(terminal, done);
  return { did: 'listed', ...done };
}

async function change(terminal: Terminal, wire: Wire, options: SilenceOptions): Promise<Done> {
  const subject = subjectOf(terminal, options);
  const { settings } = subject;
  await using wired = wire(settings);
  const { ports } = wired;
  const wanted = options.end
    ? undefined
    : ownedBy(terminal, { ...options, until: endOf(options.until, ports.clock.now()) }, ASKING);
  const worker = await workerFor(terminal, wired, options, 'rotate');
  const outcome =
    worker === undefined
      ? await byHand(terminal, wired, subject, wanted, options.dryRun)
      : await byWorker(worker, subject, wanted, options.dryRun);
  const says = (text: string) =>
    options.json ||
    terminal.out(
      `${laidOut(terminal, `${options.dryRun ? 'nothing was changed; without --dry-run: ' : ''}${text}`, 0)}\n`,
    );
  if (wanted === undefined) {
    says(outcome === 'none' ? `${subject.words} was not silenced` : `${subject.words} is heard again`);
    return { did: outcome === 'none' ? 'nothing' : 'ended', silences: [], wide: [], problems: [] };
  }
  says(
    `channels are quiet about ${subject.words} until ${spokenMinute(wanted.until)}; recoveries and the heartbeat still go out`,
  );
  if (!options.json) terminal.out(`  end it: ${subject.end}\n`);
  const [silences, wide] =
    'secret' in subject ? [[{ secret: subject.secret, ...wanted }], []] : [[], [{ about: subject.about, ...wanted }]];
  return { did: 'silenced', silences, wide, problems: [] };
}

/** What a silence is to be about: one secret, or more. */
type Subject = { readonly settings: Settings; readonly words: string; readonly end: string } & (
  { readonly secret: string } | { readonly about: Breadth }
);

function subjectOf(terminal: Terminal, options: SilenceOptions): Subject {
  const { outages, cause, everything, project: projects = [] } = options;
  if (!outages && cause === undefined && !everything) {
    if (options.secret === undefined)
      throw new Stop(
        2,
        `what about? ${NAME_ONE_SECRET}; or more: --outages, --cause CAUSE, or --everything with --project PROJECT_ID`,
      );
    const { settings, secret } = oneSecret(terminal, options);
    return { settings, secret, words: secret, end: lineFor(END_SILENCE, secret) };
  }
  const [project, ...others] = projects;
  if (options.secret !== undefined || others.length > 0 || (everything && (outages || cause !== undefined)))
    throw new Stop(2, 'a silence is about one secret, or --outages and a --cause, or --everything; in one --project');
  if (everything && project === undefined) throw new Stop(2, '--everything of which project: --project PROJECT_ID');
  if (cause !== undefined && !isCause(cause)) throw new Stop(2, `${cause} is no cause: docs/causes.md lists them`);
  const about = {
    ...(outages ? { outages } : {}),
    ...(cause === undefined ? {} : { cause }),
    ...(project === undefined ? {} : { project }),
  };
  const end = shellText(END_WIDE_SILENCE, { scope: breadthWords(about) });
  return { settings: settingsFor(terminal, options), about, words: breadthText(about), end };
}

async function byHand(
  terminal: Terminal,
  { ports }: Wired,
  subject: Subject,
  quiet: Silence | undefined,
  dryRun: boolean,
): Promise<Silenced['outcome']> {
  const wish = { silence: quiet, by: claimedBy(terminal) };
  const done =
    'secret' in subject
      ? await silenceSecret(ports, subject.secret, wish, dryRun)
      : await silenceMany(ports, subject.settings.alerts.silences, { ...wish, about: subject.about }, dryRun);
  if (done.outcome === 'refused') throw new Stop(done.unset ? 4 : 2, notDoneText(done, quiet === undefined));
  return done.outcome;
}

/** What the function answers. */
interface Silenced {
  readonly schema: 'key-warden/silence/v1';
  readonly outcome: 'silent' | 'ended' | 'none';
}

async function byWorker(
  worker: Worker,
  subject: Subject,
  quiet: Silence | undefined,
  dryRun: boolean,
): Promise<Silenced['outcome']> {
  const wish =
    quiet === undefined
      ? { mode: 'end-silence' }
      : { mode: 'silence', owner: quiet.owner, reason: quiet.reason, until: isoOf(quiet.until) };
  const named = 'secret' in subject ? { secret: subject.secret } : subject.about;
  const call = { method: 'POST', body: { ...named, dryRun, ...wish } } as const;
  return (await worker.ask<Silenced>(call, 'key-warden/silence/v1', { 422: 2 })).outcome;
}

function jsonOf({ did, silences, wide, problems }: Done, dryRun: boolean): string {
  const plain = silences.map((one) => ('until' in one ? { ...one, until: isoOf(one.until) } : one));
  const broad = wide.map((one) => ({ ...one, until: isoOf(one.until) }));
  return JSON.stringify({ schema: SILENCES_SCHEMA, did, dryRun, silences: plain, wide: broad, problems }, null, 2);
}

function show(terminal: Terminal, { silences, wide, problems }: Pick<Done, 'silences' | 'wide' | 'problems'>): void {
  const paint = painter(terminal);
  const broad = wide.map(({ about, until, owner, reason }) => [breadthText(about), spokenMinute(until), owner, reason]);
  const single = silences.map((one) =>
    'until' in one
      ? [one.secret, spokenMinute(one.until), one.owner, one.reason]
      : [one.secret, paint('yellow', 'never'), '-', one.problem],
  );
  const rows = [...broad, ...single];
  const titles = ['SECRET', 'QUIET UNTIL', 'OWNER', 'REASON'].map((title) => paint('dim', title));
  terminal.out(rows.length === 0 ? 'channels are quiet about nothing\n' : columns(terminal, [titles, ...rows]));
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
}

const ASKING = {
  what: 'a silence',
  until: '4h (30m, 2d, or a moment such as 2026-01-31T12:00:00Z)',
  reason: 'moving to a new project',
} as const;
