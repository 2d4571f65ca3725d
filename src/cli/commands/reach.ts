import { reachFleet } from '../../app/reach/reach-fleet.ts';
import { reachJson, type ReachJson } from '../../app/reach/reach-json.ts';
import type { ConsumerReached } from '../../app/reach/reach-secret.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import { plural } from '../../core/values/plural.ts';
import type { Wire } from '../../wire.ts';
import { wholeFleet, workerFor, type ByHand } from './worker/worker.ts';
import { secretsOf, settingsFor, type Target } from './ask.ts';
import { columns } from '../show/columns.ts';
import { painter, type Terminal } from '../show/terminal.ts';

export interface ReachOptions extends Target, ByHand {
  readonly dryRun: boolean;
  readonly again: boolean;
  readonly json: boolean;
}

/**
 * Brings new keys to the consumers that wait for one: by the worker, or with the rights of whoever runs it; with `--dry-run` says how they
 * stand. 5 when some keep the old key, 3 when some are not done yet or could not be looked at.
 */
export async function reach(terminal: Terminal, wire: Wire, options: ReachOptions): Promise<0 | 3 | 5> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const worker = await workerFor(terminal, wired, options, 'reach');
  const { dryRun, again } = options;
  const body = { dryRun, again, secrets: secretsOf(settings, options) };
  if (worker !== undefined) wholeFleet(options);
  const run =
    worker === undefined
      ? reachJson(await reachFleet(wired.ports, { ...settings, ...body, scopes: scopesOf(settings) }))
      : await worker.ask<ReachJson>({ method: 'POST', body }, 'key-warden/reach/v1');
  if (options.json) terminal.out(`${JSON.stringify(run, null, 2)}\n`);
  else show(terminal, run, worker === undefined && settings.secretPolicy.rotation.reachConsumers === 0);
  const { left, undone, broken, due, underway, failed } = run.counts;
  if (left + undone + broken > 0) return 5;
  return due + underway + failed > 0 || run.problems.length > 0 ? 3 : 0;
}

const STYLE = {
  on: 'green',
  due: 'cyan',
  underway: 'cyan',
  failed: 'red',
  undone: 'red',
  broken: 'red',
  left: 'yellow',
} as const satisfies Record<ConsumerReached['is'], string>;

function show(terminal: Terminal, { dryRun, secrets, reached, problems }: ReachJson, isOff: boolean): void {
  const paint = painter(terminal);
  const rows = reached.flatMap(({ to, consumers }) =>
    consumers.map(({ consumer, is, why = `version ${to}` }) => [paint(STYLE[is], is), consumer, why]),
  );
  const none = isOff
    ? 'nobody is to be brought along, for KEY_WARDEN_REACH_CONSUMERS is 0: set it to 1 or 2'
    : `no consumer waits for a new key (${plural(secrets, 'secret')} looked at)`;
  terminal.out(rows.length === 0 ? `${none}\n` : columns(terminal, rows));
  if (dryRun) terminal.out('nothing was changed: this was a dry run\n');
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
}
