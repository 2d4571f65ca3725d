import { secretWarnings, type AtRisk } from '../../core/alerts/secret-warning.ts';
import { risksOf, wasManaged, type SecretRisk } from '../../core/health/secret-risk.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import type { Instant } from '../../core/values/time.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Announcer, SecretScope, SecretSighting, Vault } from '../ports/ports.ts';
import { isWithoutAccount } from './tell-ahead.ts';

export interface RiskPorts {
  readonly vault: Vault;
  readonly announcer: Announcer;
}

/**
 * Tells once a day what is about to take secrets of a project away, or has: the day is in the id, so that nothing has to be
 * remembered. Secrets that lost their label are found by a list without a filter: what is remembered of a secret stays on it.
 * `atRisk` is what those under care showed. Answers what could not be done.
 */
export async function warnOfRisks(
  { vault, announcer }: RiskPorts,
  project: string,
  scopes: readonly SecretScope[],
  atRisk: readonly AtRisk[],
  now: Instant,
): Promise<readonly string[]> {
  const done = await attempt(async () => {
    const all = [...atRisk];
    for (const scope of scopes.filter((one) => one.project === project))
      all.push(...(await unlabelledIn(vault, scope)));
    for (const warning of secretWarnings(project, all, now)) await announcer.announce(warning);
  });
  return done instanceof Fault
    ? [`project ${project}: whether secrets lost their label or will expire was not told: ${done.message}`]
    : [];
}

/** What threatens a secret under care; mostly nothing. */
export function risksTo(sighting: SecretSighting, underneath: SecretPolicy, now: Instant): readonly AtRisk[] {
  return [...risksOf(sighting, now), ...accountRisk(sighting, underneath)].map((risk) => ({
    secret: sighting.name,
    risk,
  }));
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
