import { END_SILENCE } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { silenceSecret } from '../../app/alerts/silence-secret.ts';
import { silencesOf, type OnRecord } from '../../app/alerts/list-silences.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import type { Silence } from '../../core/record/silence.ts';
import { durationMsOf } from '../../core/values/duration.ts';
import { isoOf, parseInstant, plusMs, type Instant } from '../../core/values/time.ts';
import type { Wire, Wired } from '../../wire.ts';
import { workerFor, type ByHand, type Worker } from './worker/worker.ts';
import { claimedBy, oneSecret, secretsOf, settingsFor, type Target } from './ask.ts';
import { columns } from '../show/columns.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `silence --json` prints. */
const SILENCES_SCHEMA = 'key-warden/silences/v1';

export interface SilenceOptions extends Target, ByHand {
  /** A moment in RFC 3339, or a stretch from now such as `4h` or `2d`. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
  /** Who wants quiet; the person at the terminal when left out. */
  readonly owner?: string | undefined;
  readonly end: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What was done, and what is silenced after it (of the secrets that the call was about). */
interface Done {
  readonly did: 'listed' | 'silenced' | 'ended' | 'nothing';
  readonly silences: readonly OnRecord[];
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
  const done = await silencesOf(wired.ports, { scopes: scopesOf(settings), secrets, concurrency });
  if (!options.json) show(terminal, done.silences, done.problems);
  return { did: 'listed', ...done };
}

async function change(terminal: Terminal, wire: Wire, options: SilenceOptions): Promise<Done> {
  const { settings, secret } = oneSecret(terminal, options);
  await using wired = wire(settings);
  const { ports } = wired;
  const wanted = options.end ? undefined : wantedOf(terminal, options, ports.clock.now());
  const worker = await workerFor(terminal, wired, options, 'rotate');
  const outcome =
    worker === undefined
      ? await byHand(terminal, wired, secret, wanted, options.dryRun)
      : await byWorker(worker, secret, wanted, options.dryRun);
  const says = (text: string) =>
    options.json || terminal.out(`${options.dryRun ? 'nothing was changed; without --dry-run: ' : ''}${text}\n`);
  if (wanted === undefined) {
    says(outcome === 'none' ? `${secret} was not silenced` : `${secret} is heard again`);
    return { did: outcome === 'none' ? 'nothing' : 'ended', silences: [], problems: [] };
  }
  says(
    `channels are quiet about ${secret} until ${isoOf(wanted.until)}; recoveries and the heartbeat still go out\n  end it: ${lineFor(END_SILENCE, secret)}`,
  );
  return { did: 'silenced', silences: [{ secret, ...wanted }], problems: [] };
}

async function byHand(
  terminal: Terminal,
  { ports }: Wired,
  secret: string,
  quiet: Silence | undefined,
  dryRun: boolean,
): Promise<Silenced['outcome']> {
  const done = await silenceSecret(ports, secret, { silence: quiet, by: claimedBy(terminal) }, dryRun);
  if (done.outcome === 'refused') throw new Stop(2, `no silence was set: ${done.why}`);
  return done.outcome;
}

/** What the function answers. */
interface Silenced {
  readonly schema: 'key-warden/silence/v1';
  readonly outcome: 'silent' | 'ended' | 'none';
}

async function byWorker(
  worker: Worker,
  secret: string,
  quiet: Silence | undefined,
  dryRun: boolean,
): Promise<Silenced['outcome']> {
  const wish =
    quiet === undefined
      ? { mode: 'end-silence' }
      : { mode: 'silence', owner: quiet.owner, reason: quiet.reason, until: isoOf(quiet.until) };
  const call = { method: 'POST', body: { secret, dryRun, ...wish } } as const;
  return (await worker.ask<Silenced>(call, 'key-warden/silence/v1', { 422: 2 })).outcome;
}

function jsonOf({ did, silences, problems }: Done, dryRun: boolean): string {
  const plain = silences.map((one) => ('until' in one ? { ...one, until: isoOf(one.until) } : one));
  return JSON.stringify({ schema: SILENCES_SCHEMA, did, dryRun, silences: plain, problems }, null, 2);
}

function show(terminal: Terminal, silences: readonly OnRecord[], problems: readonly string[]): void {
  const paint = painter(terminal);
  const rows = silences.map((one) =>
    'until' in one
      ? [one.secret, isoOf(one.until), one.owner, one.reason]
      : [one.secret, paint('yellow', 'never'), '-', one.problem],
  );
  const titles = ['SECRET', 'QUIET UNTIL', 'OWNER', 'REASON'].map((title) => paint('dim', title));
  terminal.out(rows.length === 0 ? 'channels are quiet about no secret\n' : columns(terminal, [titles, ...rows]));
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
}

function wantedOf(terminal: Terminal, { until, reason, owner }: SilenceOptions, now: Instant): Silence {
  const end = until === undefined ? undefined : momentOf(until, now);
  const who = owner ?? terminal.environment['USER'];
  if (end === undefined || reason === undefined || who === undefined) {
    const missing = [
      ...(end === undefined ? ['--until 4h (30m, 2d, or a moment such as 2026-01-31T12:00:00Z)'] : []),
      ...(reason === undefined ? ['--reason "moving to a new project"'] : []),
      ...(who === undefined ? ['--owner you@example.com'] : []),
    ];
    throw new Stop(2, `a silence has an end, a reason and an owner; say ${missing.join(' and ')}`);
  }
  return { owner: who, reason, until: end };
}

function momentOf(text: string, now: Instant): Instant | undefined {
  const ahead = durationMsOf(text);
  return ahead === undefined ? parseInstant(text) : plusMs(now, ahead);
}
