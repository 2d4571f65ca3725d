import { isLookedAtAgain } from '../../core/rotation/next-purge.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import type { Holders } from '../listing/holders.ts';
import { attempt, Fault, type FaultCode } from '../ports/fault.ts';
import type { RotatePorts } from '../rotation/drive.ts';
import type { RotationView, Undeleted } from './rotation-view.ts';

export interface UndeletedOrder {
  readonly secretPolicy: SecretPolicy;
  readonly runEveryMinutes: number;
  readonly now: Instant;
}

type UndeletedPorts = RotatePorts & { readonly holders: Holders };

/**
 * What a run does about old keys of a secret that could be deleted if nobody stood in the way. Leaked ones are deleted. Of others that a
 * day of purges left, it is found out who serves them, so that their rotations begin although nobody uses the keys: a drain that is
 * idle asks nobody. Answers its troubles.
 */
export async function takeUpUndeleted(
  ports: UndeletedPorts,
  order: UndeletedOrder,
  one: RotationView,
): Promise<readonly string[]> {
  const isLeaked = one.undeleted.some(({ urgent }) => urgent === true);
  const troubles = isLeaked ? [...(await ports.purgeLeaked(ports, one.secret, order.secretPolicy))] : [];
  for (const old of one.undeleted)
    if (old.urgent !== true && isLookedAtAgain(old, one.policy, order))
      troubles.push(...(await findHolders(ports, order, one, old)));
  return troubles;
}

/** Asking is enough: who is found is noted. A name on record is a hint until it is proven (I16); what is not, or is gone, the purge tells. */
async function findHolders(
  { vault, issuer, holders }: UndeletedPorts,
  { secretPolicy }: UndeletedOrder,
  { secret, sighting: { name } }: RotationView,
  { version, key }: Undeleted,
): Promise<readonly string[]> {
  const keyProjects = keyProjectsFor(secretPolicy, name, secret);
  const proven = provenIssuer({ vault, issuer }, { secret: name, keyProjects, versions: [version] });
  const found = await attempt(async () => holders.othersOf(await proven.keyString(key.name), name));
  return found instanceof Fault && !TOLD_BY_PURGE.includes(found.code)
    ? [`${name}: who still serves the old key of version ${version} is not known: ${found.message}`]
    : [];
}

const TOLD_BY_PURGE: readonly FaultCode[] = ['unproven', 'not_found'];
