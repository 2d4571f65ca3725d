import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Scope } from '../listing/gather.ts';
import { budgetOf } from '../listing/pace.ts';
import { holdersIn, notLookedText, type Holders } from '../listing/holders.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Log, SecretName } from '../ports/ports.ts';
import type { PurgePorts } from './purge-steps.ts';
import { logOldKeys } from './log-old-keys.ts';
import { purgeSecret, type Purged } from './purge.ts';

/** An emergency that waits longer for whoever else may hold the key leaves the deletion to the next run. */
const LOOK_SECONDS_MAX = 120;

/**
 * Deletes leaked keys at the issuer at once instead of after the retention time. The old version is disabled by now, so
 * trouble here is said and left to the next reconciliation; answers what it was. That another secret of the scope serves
 * the key is such trouble (I13): its consumers would be without one. A run over many secrets brings its own holders, which
 * it reads once.
 */
export function leakedPurgeOf(scope: Omit<Scope, 'secrets'>) {
  return async (
    ports: PurgePorts & { readonly log: Log },
    secret: SecretName,
    secretPolicy: SecretPolicy,
    known?: Holders,
  ): Promise<readonly string[]> => {
    const holders = known ?? holdersIn(ports, { ...scope, inTime: budgetOf(ports, LOOK_SECONDS_MAX) });
    const order = { secretPolicy, dryRun: false, urgentOnly: true, holders };
    const lines = await attempt(() => purgeSecret(ports, secret, order));
    const problems = lines instanceof Fault ? [lines.message] : lines.flatMap((line) => leakProblem(line));
    if (!(lines instanceof Fault)) logOldKeys(ports.log, lines);
    for (const problem of problems) ports.log.write('ERROR', problem, { secret });
    const blind = notLookedText(holders.notLooked());
    if (blind !== undefined) ports.log.write('WARNING', blind, { secret });
    return problems;
  };
}

function leakProblem({ secret, version, key, outcome, why }: Purged): readonly string[] {
  if (outcome === 'done') return [];
  return [
    `the leaked key of ${secret} (version ${version}${key === undefined ? '' : `, ${key}`}) was not deleted: ${why}`,
  ];
}
