import { deepIsDue } from '../../core/health/deep-schedule.ts';
import type { Finding } from '../../core/health/finding.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Found } from '../listing/gather.ts';
import type { SecretSighting } from '../ports/ports.ts';
import { inspect, type InspectPorts } from '../probe/probe-secret.ts';

/** How deep to look, and under which policy. */
export interface LookOrder {
  /** The deployment's; the secret's own comes on top. */
  readonly secretPolicy: SecretPolicy;
  /** `when_due`: at its own time, and in every run while the key is in doubt. */
  readonly deep: 'when_due' | 'always' | 'never';
  /** How often the schedule runs the check, which decides when a deep probe is due. */
  readonly runEveryMinutes: number;
}

/** A secret that was looked at, and by which policy. */
export interface Looked {
  readonly sighting: SecretSighting;
  readonly finding: Finding;
  readonly policy: CheckPolicy;
}

/** Looks at one secret as its policy and the clock ask for. Never rejects for outside trouble; that becomes the finding. */
export async function look(ports: InspectPorts, found: Found, order: LookOrder): Promise<Looked> {
  const { sighting } = found;
  const { secretPolicy, problems } = secretPolicyOf(sighting.record, order.secretPolicy);
  const policy = secretPolicy.checks;
  const due =
    isInDoubt(sighting) || deepIsDue(sighting.name, policy.deepEveryHours, order.runEveryMinutes, ports.clock.now());
  const deep = order.deep === 'when_due' ? due : order.deep === 'always';
  const finding = await inspect(ports, found, policy, deep, secretPolicy.mint.keyField);
  return { sighting, policy, finding: { ...finding, notes: [...finding.notes, ...problems] } };
}

/**
 * Whether trouble is on record that only a deep probe can end: the list answers 200 for a project without credit, and
 * would close its episode twenty minutes after every deep probe that opens one.
 */
function isInDoubt({ record }: SecretSighting): boolean {
  return [record.health, record.projectOutage].some((part) => part.is === 'read' && part.value.is !== 'well');
}
