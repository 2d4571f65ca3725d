import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Log, SecretName } from '../ports/ports.ts';
import type { PurgePorts } from './purge-steps.ts';
import { purgeSecret, type Purged } from './purge.ts';

/**
 * Deletes leaked keys at the issuer at once instead of after the retention time. The old version is disabled by now, so
 * trouble here is said and left to the next reconciliation; answers what it was.
 */
export async function purgeLeaked(
  ports: PurgePorts & { readonly log: Log },
  secret: SecretName,
  secretPolicy: SecretPolicy,
): Promise<readonly string[]> {
  const lines = await attempt(() => purgeSecret(ports, secret, { secretPolicy, dryRun: false, urgentOnly: true }));
  const problems = lines instanceof Fault ? [lines.message] : lines.flatMap((line) => leakProblem(line));
  for (const problem of problems) ports.log.write('ERROR', problem, { secret });
  return problems;
}

function leakProblem({ secret, version, key, outcome, why }: Purged): readonly string[] {
  if (outcome === 'done') return [];
  return [
    `the leaked key of ${secret} (version ${version}${key === undefined ? '' : `, ${key}`}) was not deleted: ${why}`,
  ];
}
