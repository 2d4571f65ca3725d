import { FORGET_IN_PROJECT } from '../../core/causes/commands.ts';
import { shellText } from '../../core/values/command.ts';
import { attempt, Fault, isBarred } from '../../app/ports/fault.ts';
import { ALWAYS, inPool } from '../../app/listing/pool.ts';
import { forget as forgetOne, type Forgotten } from '../../app/on-record/forget.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import type { Wire } from '../../wire.ts';
import { WORKERS, workerFor, type ByHand, type Worker } from './worker/worker.ts';
import { settingsFor } from './ask.ts';
import { chosenSecrets, type Choice } from './chosen-secrets.ts';
import { idOf } from '../show/report.ts';
import { tally } from '../show/tally.ts';
import { painter, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `forget --json` prints. */
const FORGET_SCHEMA = 'key-warden/forget/v1';

export interface ForgetOptions extends Choice, ByHand {
  /** Take the aliases away as well, which cuts off whoever reads them. */
  readonly removeAliases: boolean;
  /** Although old keys are left that nobody will delete. */
  readonly leaveKeys: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

interface Line {
  readonly secret: string;
  readonly forgotten: Forgotten | Fault;
}

/** Ends the care of secrets: undoes what `init` and the worker wrote on them, and says what stays behind. 5 where something is unfinished, 3 where none was found. */
export async function forget(terminal: Terminal, wire: Wire, options: ForgetOptions): Promise<0 | 3 | 4 | 5> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const { ports } = wired;
  const hint = `name it: ${shellText(FORGET_IN_PROJECT, {})}, or say --all`;
  const { secrets, problems, barred } = await chosenSecrets(terminal, ports.vault, settings, { ...options, hint });
  const { removeAliases: aliases, leaveKeys, dryRun } = options;
  const worker = await workerFor(terminal, wired, options, 'rotate');
  const forgetting = (secret: string) =>
    worker === undefined
      ? attempt(() => forgetOne(ports, { secret, aliases, leaveKeys, dryRun }))
      : forgottenBy(worker, { secret, removeAliases: aliases, leaveKeys, dryRun });
  const atOnce = worker === undefined ? settings.concurrency : WORKERS;
  const done = await inPool(secrets, atOnce, ALWAYS, async (secret): Promise<Line> => ({
    secret,
    forgotten: await forgetting(secret),
  }));
  const lines = done.filter((line) => line !== undefined);
  if (options.json) terminal.out(`${JSON.stringify(jsonOf(lines, problems, dryRun), null, 2)}\n`);
  else show(terminal, lines, problems);
  const faults = lines.flatMap(({ forgotten }) => (forgotten instanceof Fault ? [forgotten] : []));
  if (lines.some(({ forgotten }) => outcomeOf(forgotten) === 'refused')) return 5;
  if (barred || faults.some(isBarred)) return 4;
  return faults.length + problems.length > 0 || lines.length === 0 ? 3 : 0;
}

interface ForgettingAnswer {
  readonly schema: 'key-warden/forgetting/v1';
  readonly forgotten: Forgotten;
}

async function forgottenBy(worker: Worker, body: JsonRecord): Promise<Forgotten> {
  const call = { method: 'POST', body: { mode: 'forget', ...body } } as const;
  return (await worker.ask<ForgettingAnswer>(call, 'key-warden/forgetting/v1')).forgotten;
}

function jsonOf(lines: readonly Line[], problems: readonly string[], dryRun: boolean) {
  const secrets = lines.map(({ secret, forgotten }) =>
    forgotten instanceof Fault ? { secret, outcome: 'failed', why: [forgotten.message] } : { secret, ...forgotten },
  );
  return { schema: FORGET_SCHEMA, dryRun, secrets, problems };
}

/** How each outcome is said; the same words are counted at the end. */
const SAYS = {
  forgotten: 'forgotten',
  would_forget: 'would be forgotten',
  nothing: 'nothing to forget',
  refused: 'refused',
  failed: 'failed',
} as const satisfies Record<Forgotten['outcome'] | 'failed', string>;

const COLOUR = { forgotten: 'green', would_forget: 'green', nothing: 'yellow', refused: 'red', failed: 'red' } as const;

function outcomeOf(forgotten: Forgotten | Fault): keyof typeof SAYS {
  return forgotten instanceof Fault ? 'failed' : forgotten.outcome;
}

function show(terminal: Terminal, lines: readonly Line[], problems: readonly string[]): void {
  const paint = painter(terminal);
  for (const { secret, forgotten } of lines) {
    const outcome = outcomeOf(forgotten);
    const head = `${paint(COLOUR[outcome], SAYS[outcome])}  ${paint('bold', idOf(secret))}`;
    if (forgotten instanceof Fault) {
      terminal.out(`${head}: ${forgotten.message}\n`);
      continue;
    }
    const { changes, why, stays } = forgotten;
    const taken = outcome === 'refused' || changes.length === 0 ? '' : `: without ${changes.join(', ')}`;
    terminal.out(`${head}${taken}\n`);
    for (const line of why) terminal.out(`  ${paint('red', 'first')}: ${line}\n`);
    for (const line of stays.filter((one) => !why.includes(one))) terminal.out(`  ${paint('dim', 'stays')}: ${line}\n`);
  }
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
  if (lines.some(({ forgotten }) => outcomeOf(forgotten) === 'refused'))
    terminal.out(
      'nothing was changed where something is to be done first; --leave-keys goes on although old keys are left\n',
    );
  if (lines.length === 0) terminal.out('no secret was found\n');
  else if (lines.length > 1) terminal.out(`${tally(lines.map(({ forgotten }) => SAYS[outcomeOf(forgotten)]))}\n`);
}
