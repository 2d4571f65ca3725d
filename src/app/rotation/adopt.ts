import { CAUSES } from '../../core/causes/causes.ts';
import type { Finding } from '../../core/health/finding.ts';
import { projectIn } from '../../core/google/resource-names.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import { inspect, type InspectPorts } from '../probe/probe-secret.ts';
import type { SecretChange, SecretName } from '../ports/ports.ts';

/** What taking a secret under care came to. `refused` writes nothing: a key that does not work is mended first. */
export type Adoption =
  | {
      readonly outcome: 'adopted' | 'would_adopt' | 'already';
      readonly finding: Finding;
      readonly changes: readonly string[];
    }
  | { readonly outcome: 'refused'; readonly finding: Finding; readonly why: string };

/**
 * Puts a secret under the worker's care: the label that the check lists by, and the alias `current` on the version
 * that works now, so that a later version is not read before it was proven. One write, under the etag; rejects with
 * `Fault` when the secret cannot be read or written.
 */
export async function adopt(
  ports: InspectPorts,
  secret: SecretName,
  policy: CheckPolicy,
  dryRun: boolean,
): Promise<Adoption> {
  const sighting = await ports.vault.look(secret);
  const finding = await inspect(ports, { sighting, project: projectIn(secret) }, policy, false);
  const { diagnosis, version } = finding;
  if (diagnosis.verdict !== 'works' || version === undefined) {
    return { outcome: 'refused', finding, why: `${CAUSES[diagnosis.cause].title}: ${diagnosis.message}` };
  }
  const unlabelled = sighting.labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value;
  const unaliased = sighting.aliases['current'] === undefined;
  const change: SecretChange = {
    ...(unlabelled ? { labels: { [MANAGED_LABEL.key]: MANAGED_LABEL.value } } : {}),
    ...(unaliased ? { aliases: { current: version } } : {}),
  };
  const changes = [
    ...(unlabelled ? [`label ${MANAGED_LABEL.key}=${MANAGED_LABEL.value}`] : []),
    ...(unaliased ? [`alias current → version ${version}`] : []),
  ];
  if (changes.length === 0) return { outcome: 'already', finding, changes };
  if (dryRun) return { outcome: 'would_adopt', finding, changes };
  await ports.vault.commit(sighting, change);
  return { outcome: 'adopted', finding, changes };
}
