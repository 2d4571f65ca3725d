import { INIT_IN_PROJECT } from '../../core/causes/commands.ts';
import { CAUSES } from '../../core/causes/causes.ts';
import { nextStepOf } from '../../core/causes/next-step.ts';
import { exitCodeOf } from '../../core/health/check-run.ts';
import { valuesFor } from '../../core/health/finding.ts';
import { shellText } from '../../core/values/command.ts';
import { keyAgesOf } from '../../app/keys/key-ages.ts';
import { adopt, type Adoption } from '../../app/rotation/adopt.ts';
import { mintProblem } from '../../core/record/mint-policy.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import type { Wire } from '../../wire.ts';
import { attempt, Fault, isBarred } from '../../app/ports/fault.ts';
import { holdersIn } from '../../app/listing/holders.ts';
import { ALWAYS, inPool } from '../../app/listing/pool.ts';
import { sharedKeyOf, sharedKeyText, type SharedKey } from '../../app/listing/shared-key.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import { WORKERS, workerFor, type ByHand, type Worker } from './worker/worker.ts';
import { lookingAround, settingsFor } from './ask.ts';
import { chosenSecrets, type Choice } from './chosen-secrets.ts';
import { idOf } from '../show/report.ts';
import { saidBehind } from '../show/layout.ts';
import { tally } from '../show/tally.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `init --json` prints. */
const INIT_SCHEMA = 'key-warden/init/v1';

export interface InitOptions extends Choice, ByHand {
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Field of the stored value that holds the key. */
  readonly keyField?: string | undefined;
}

/** What became of one secret. */
interface Line {
  readonly secret: string;
  readonly adoption: Adoption | Fault;
  readonly shared?: SharedKey | undefined;
}

/**
 * Puts secrets under care, however their keys fare; says what changed and what to do next. The exit code is that of a check: a
 * secret whose key is dead is under care, and its key is still dead.
 */
export async function init(terminal: Terminal, wire: Wire, options: InitOptions): Promise<0 | 1 | 3 | 4> {
  const own = settingsFor(terminal, options);
  const settings = lookingAround(terminal, own);
  const { keyField, dryRun } = options;
  const problem = keyField === undefined ? undefined : mintProblem('keyField', keyField);
  if (problem !== undefined) throw new Stop(2, `--key-field: ${problem}`);
  await using wired = wire(settings);
  const { vault } = wired.ports;
  const hint = `name it: ${shellText(INIT_IN_PROJECT, {})}`;
  const { secrets, found, problems, barred } = await chosenSecrets(terminal, vault, own, { ...options, hint });
  const { secretPolicy, concurrency } = settings;
  const holders = holdersIn(wired.ports, { scopes: scopesOf(settings), concurrency });
  const ages = keyAgesOf(wired.ports.issuer);
  const worker = await workerFor(terminal, wired, options, 'rotate');
  const byHand = async (secret: string): Promise<Line> => {
    const adoption = await attempt(() => adopt(wired.ports, { secret, secretPolicy, keyField, found, ages, dryRun }));
    if (adoption instanceof Fault || adoption.outcome === 'passed_over') return { secret, adoption };
    return { secret, adoption, shared: await sharedKeyOf(vault, holders, { secret, secretPolicy, keyField }) };
  };
  const done =
    worker === undefined
      ? await inPool(secrets, concurrency, ALWAYS, byHand)
      : await inPool(secrets, WORKERS, ALWAYS, (secret) => adoptedBy(worker, { secret, keyField, found, dryRun }));
  const lines = done.filter((line) => line !== undefined);
  if (options.json) terminal.out(`${JSON.stringify(jsonOf(lines, problems, dryRun), null, 2)}\n`);
  else show(terminal, lines, problems);
  const faults = lines.flatMap(({ adoption }) => (adoption instanceof Fault ? [adoption] : []));
  return exitCodeOf({
    expected: lines.length,
    problems: [...problems, ...faults.map(({ message }) => message)],
    barred: barred || faults.some(isBarred),
    checked: lines.flatMap(({ adoption }) =>
      adoption instanceof Fault || adoption.outcome === 'passed_over' ? [] : [adoption],
    ),
  });
}

interface AdoptionAnswer {
  readonly schema: 'key-warden/adoption/v1';
  readonly adoption: Adoption;
  readonly shared?: SharedKey;
}

async function adoptedBy(worker: Worker, body: JsonRecord & { readonly secret: string }): Promise<Line> {
  const call = { method: 'POST', body: { mode: 'init', ...body } } as const;
  const { adoption, shared } = await worker.ask<AdoptionAnswer>(call, 'key-warden/adoption/v1');
  return { secret: body.secret, adoption, shared };
}

function jsonOf(lines: readonly Line[], problems: readonly string[], dryRun: boolean) {
  const secrets = lines.map(({ secret, adoption, shared }) =>
    adoption instanceof Fault
      ? { secret, outcome: 'failed', why: adoption.message }
      : { secret, ...adoption, holders: shared?.holders, holdersNotLooked: shared?.notLooked },
  );
  return { schema: INIT_SCHEMA, dryRun, secrets, problems };
}

function show(terminal: Terminal, lines: readonly Line[], problems: readonly string[]): void {
  const paint = painter(terminal);
  for (const line of lines) if (terminal.detail !== 'quiet' || !isRoutine(line)) showLine(terminal, line);
  for (const problem of problems) terminal.out(saidBehind(terminal, paint('yellow', 'problem'), problem));
  if (lines.length === 0) terminal.out('no secret was found\n');
  else if (lines.length > 1) terminal.out(`${tally(lines.map(({ adoption }) => SAYS[outcomeOf(adoption)]))}\n`);
}

/** It is under care, its key works and can be rotated: nothing to look at. */
function isRoutine({ adoption, shared }: Line): boolean {
  if (adoption instanceof Fault || adoption.outcome === 'passed_over') return false;
  const isShared = shared !== undefined && sharedKeyText(shared).length > 0;
  return adoption.finding.diagnosis.verdict === 'works' && adoption.notRotated === undefined && !isShared;
}

/** How each outcome is said; the same words are counted at the end. */
const SAYS = {
  adopted: 'managed',
  would_adopt: 'would be managed',
  already: 'already managed',
  passed_over: 'passed over',
  failed: 'failed',
} as const satisfies Record<Adoption['outcome'] | 'failed', string>;

function outcomeOf(adoption: Adoption | Fault): keyof typeof SAYS {
  return adoption instanceof Fault ? 'failed' : adoption.outcome;
}

function showLine(terminal: Terminal, { secret, adoption, shared }: Line): void {
  const paint = painter(terminal);
  const outcome = outcomeOf(adoption);
  const colour = outcome === 'failed' ? 'red' : outcome === 'passed_over' ? 'yellow' : 'green';
  const name = paint('bold', idOf(secret));
  const head = (more: string) => terminal.out(saidBehind(terminal, paint(colour, SAYS[outcome]), `${name}${more}`));
  const line = (text: string) => terminal.out(saidBehind(terminal, '', text));
  if (adoption instanceof Fault) return head(`: ${adoption.message}`);
  const { changes, finding, notRotated } = adoption;
  const { cause, verdict, message } = finding.diagnosis;
  if (outcome === 'passed_over') return head(`: ${message}; if it is meant, name it with --secret`);
  head(changes.length === 0 ? '' : `: ${changes.join(', ')}`);
  if (verdict !== 'works') {
    const { step, next } = nextStepOf(CAUSES[cause].remedy, valuesFor(finding));
    const first = [step, next].filter((words) => words !== undefined).join(' ');
    line(`${paint('red', `its key is ${verdict}`)}: ${CAUSES[cause].title}: ${message}`);
    line(first);
  }
  if (notRotated !== undefined) line(`${paint('yellow', 'checked, not rotated')}: ${notRotated}`);
  if (shared === undefined) return;
  for (const text of sharedKeyText(shared)) line(`${paint('yellow', 'shared')}: ${text}`);
}
