import { purgeFleet, type PurgeFleetOrder } from '../../app/purge/purge-fleet.ts';
import { purgeJson, type PurgeJson } from '../../app/purge/purge-json.ts';
import type { PurgeOutcome } from '../../app/purge/purge.ts';
import type { Swept } from '../../app/purge/sweep.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import { plural } from '../../core/values/plural.ts';
import type { Wire, Wired } from '../../wire.ts';
import { wholeFleet, workerFor, type ByHand } from './worker/worker.ts';
import { lookingAround, secretsOf, settingsFor, type Target } from './ask.ts';
import { idOf } from '../show/report.ts';
import { columns } from '../show/columns.ts';
import { painter, type Terminal } from '../show/terminal.ts';

export interface PurgeOptions extends Target, ByHand {
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Purges old keys and sweeps orphans now; with `--dry-run` says what would go. 5 when something stands in the way, 3 where no secret was found. */
export async function purge(terminal: Terminal, wire: Wire, options: PurgeOptions): Promise<0 | 3 | 4 | 5> {
  const settings = settingsFor(terminal, options);
  await using wired = wire(settings);
  const worker = await workerFor(terminal, wired, options, 'purge');
  const secrets = secretsOf(settings, options);
  const { dryRun } = options;
  if (worker !== undefined) wholeFleet(options);
  const { barred, run } =
    worker === undefined
      ? await byHand(wired, settings, { secrets, dryRun, around: scopesOf(lookingAround(terminal, settings)) })
      : {
          barred: false,
          run: await worker.ask<PurgeJson>({ method: 'POST', body: { dryRun, secrets } }, 'key-warden/purge/v1'),
        };
  if (options.json) terminal.out(`${JSON.stringify(run, null, 2)}\n`);
  else show(terminal, run);
  const outcomes = [...run.purged, ...run.swept].map(({ outcome }) => outcome);
  if (outcomes.includes('refused')) return 5;
  if (barred) return 4;
  return outcomes.includes('failed') || run.problems.length > 0 || run.secrets === 0 ? 3 : 0;
}

/** A command that names one project must not take a key from a secret of another one (I13). */
async function byHand(wired: Wired, settings: Settings, order: Pick<PurgeFleetOrder, 'secrets' | 'dryRun' | 'around'>) {
  const { secretPolicy, concurrency } = settings;
  const scopes = scopesOf(settings);
  const around = (order.around ?? []).length > scopes.length ? order.around : undefined;
  const run = await purgeFleet(wired.ports, { ...order, scopes, around, secretPolicy, concurrency });
  return { barred: run.barred === true, run: purgeJson(run) };
}

const STYLE = {
  done: 'green',
  would_do: 'cyan',
  waiting: 'dim',
  refused: 'red',
  failed: 'red',
  outside: 'dim',
} as const satisfies Record<PurgeOutcome | Swept['outcome'], string>;

function show(terminal: Terminal, { dryRun, secrets, purged, swept, problems }: PurgeJson): void {
  const paint = painter(terminal);
  const word = (outcome: keyof typeof STYLE) => paint(STYLE[outcome], outcome.replace('_do', ''));
  const rows = [
    ...purged.map(({ secret, version, step, outcome, why }) => [
      word(outcome),
      step === 'wait' ? 'nothing' : step,
      `${idOf(secret)} version ${version}`,
      why,
    ]),
    ...swept.map(({ key, secret, version, outcome, why }) => [
      word(outcome),
      'sweep',
      version === undefined ? key.slice(key.lastIndexOf('/') + 1) : `${idOf(secret)} version ${version}`,
      why,
    ]),
  ];
  // What could not be listed to the end may hold some.
  const isEmpty = secrets === 0 && problems.length === 0;
  const nothing = isEmpty
    ? 'no managed secret was found'
    : `nothing awaits deletion (${plural(secrets, 'secret')} looked at)`;
  terminal.out(rows.length === 0 ? `${nothing}\n` : columns(terminal, rows));
  if (dryRun) terminal.out('nothing was changed: this was a dry run\n');
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
}
