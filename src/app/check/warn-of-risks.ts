import { secretWarnings, type AtRisk } from '../../core/alerts/secret-warning.ts';
import { deepIsDue } from '../../core/health/deep-schedule.ts';
import { risksOf, wasManaged, type SecretRisk } from '../../core/health/secret-risk.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { MANAGED_LABEL, type Found } from '../listing/gather.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, Clock, SecretScope, SecretSighting, Vault } from '../ports/ports.ts';
import { isWithoutAccount } from './tell-ahead.ts';

export interface RiskPorts {
  readonly vault: Vault;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/** Which projects, how often, and under which policy. */
export interface RiskOrder {
  readonly scopes: readonly SecretScope[];
  readonly runEveryMinutes: number;
  /** The deployment's; the secret's own comes on top. */
  readonly secretPolicy: SecretPolicy;
}

/**
 * Tells once a day what is about to take secrets of a project away, or has: the moment in the day is the project's own, and the
 * day is in the id, so that nothing has to be remembered. Secrets that lost their label are found by a list without a filter: what
 * is remembered of a secret stays on it. Answers what could not be done.
 */
export async function warnOfRisks(
  ports: RiskPorts,
  { scopes, runEveryMinutes, secretPolicy }: RiskOrder,
  found: readonly Found[],
): Promise<readonly string[]> {
  const now = ports.clock.now();
  const problems: string[] = [];
  const projects = [...new Set(scopes.map(({ project }) => project))];
  for (const project of projects.filter((one) => deepIsDue(one, 24, runEveryMinutes, now))) {
    const atRisk = found
      .filter((one) => one.project === project)
      .flatMap(({ sighting }) =>
        [...risksOf(sighting, now), ...accountRisk(sighting, secretPolicy)].map((risk): AtRisk => ({
          secret: sighting.name,
          risk,
        })),
      );
    const done = await attempt(async () => {
      for (const scope of scopes.filter((one) => one.project === project))
        atRisk.push(...(await unlabelledIn(ports.vault, scope)));
      for (const warning of secretWarnings(project, atRisk, now)) await ports.announcer.announce(warning);
    });
    if (done instanceof Fault)
      problems.push(
        `project ${project}: whether secrets lost their label or will expire was not told: ${done.message}`,
      );
  }
  return problems;
}

/** A key that the worker is to rotate and cannot, as far as the record of its last good check tells. */
function accountRisk(sighting: SecretSighting, underneath: SecretPolicy): readonly SecretRisk[] {
  const own = secretPolicyOf(sighting.record, underneath).secretPolicy;
  return own.rotation.maxAgeDays !== 0 && isWithoutAccount(sighting, own) ? [{ because: 'no_account' }] : [];
}

async function unlabelledIn(vault: Vault, scope: SecretScope): Promise<readonly AtRisk[]> {
  const lost: AtRisk[] = [];
  for await (const { name, labels, record } of vault.list(scope, '')) {
    if (labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value && wasManaged(record))
      lost.push({ secret: name, risk: { because: 'label_removed' } });
  }
  return lost;
}
