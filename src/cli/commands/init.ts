import { CHECK, INIT_IN_PROJECT } from '../../core/causes/commands.ts';
import { lineFor } from '../../core/causes/names.ts';
import { shellText } from '../../core/values/command.ts';
import { adopt } from '../../app/rotation/adopt.ts';
import { mintProblem } from '../../core/record/mint-policy.ts';
import type { Wire } from '../../wire.ts';
import { holdersIn } from '../../app/listing/holders.ts';
import { sharedKeyOf, sharedKeyText } from '../../app/listing/shared-key.ts';
import { scopesOf } from '../../core/settings/settings.ts';
import { lookingAround, secretsOf, settingsFor, type Target } from './ask.ts';
import { idOf } from '../show/report.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';

/** Name and version of the JSON that `init --json` prints. */
const INIT_SCHEMA = 'key-warden/init/v1';

export interface InitOptions extends Target {
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Field of the stored value that holds the key. */
  readonly keyField?: string | undefined;
}

/** Puts secrets under care after a look at each key; says what changed and what to do next. */
export async function init(terminal: Terminal, wire: Wire, options: InitOptions): Promise<0 | 1> {
  const own = settingsFor(terminal, options);
  const settings = lookingAround(terminal, own);
  const secrets = secretsOf(own, options);
  if (secrets === undefined) throw new Stop(2, `which secret? name it: ${shellText(INIT_IN_PROJECT, {})}`);
  const { keyField, dryRun } = options;
  const problem = keyField === undefined ? undefined : mintProblem('keyField', keyField);
  if (problem !== undefined) throw new Stop(2, `--key-field: ${problem}`);
  await using wired = wire(settings);
  const paint = painter(terminal);
  const { secretPolicy, concurrency } = settings;
  const holders = holdersIn(wired.ports.vault, { scopes: scopesOf(settings), concurrency });
  const adoptions = [];
  for (const secret of secrets) {
    const adoption = await adopt(wired.ports, { secret, secretPolicy, keyField, dryRun });
    const shared =
      adoption.outcome === 'refused'
        ? undefined
        : await sharedKeyOf(wired.ports.vault, holders, { secret, secretPolicy, keyField });
    adoptions.push({ secret, ...adoption, holders: shared?.holders, holdersNotLooked: shared?.notLooked });
    if (options.json) continue;
    const id = paint('bold', idOf(secret));
    if (adoption.outcome === 'refused') {
      terminal.out(
        `${paint('red', 'refused')}  ${id}: ${adoption.why}\n  nothing was changed; ${adoption.notRotated ?? `mend it first: ${lineFor(CHECK, secret)}`}\n`,
      );
    } else if (adoption.outcome === 'already') terminal.out(`${paint('green', 'already managed')}  ${id}\n`);
    else
      terminal.out(
        `${paint('green', adoption.outcome === 'adopted' ? 'managed' : 'would be managed')}  ${id}: ${adoption.changes.join(', ')}\n`,
      );
    if (adoption.outcome !== 'refused' && adoption.notRotated !== undefined)
      terminal.out(`  ${paint('yellow', 'checked, not rotated')}: ${adoption.notRotated}\n`);
    if (shared !== undefined)
      for (const line of sharedKeyText(shared)) terminal.out(`  ${paint('yellow', 'shared')}: ${line}\n`);
  }
  if (options.json)
    terminal.out(`${JSON.stringify({ schema: INIT_SCHEMA, dryRun: options.dryRun, secrets: adoptions }, null, 2)}\n`);
  return adoptions.some(({ outcome }) => outcome === 'refused') ? 1 : 0;
}
