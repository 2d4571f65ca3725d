import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import { keyProjectsFor } from '../keys/key-projects.ts';
import { provenIssuer } from '../keys/proven-issuer.ts';
import type { Holders } from '../listing/holders.ts';
import { attempt, Fault, type FaultCode } from '../ports/fault.ts';
import type { Issuer, SecretName, SecretSighting, Vault } from '../ports/ports.ts';
import type { RotationView } from './rotation-view.ts';

/** Notes who serves a key that is being replaced elsewhere, or awaits its deletion: each of them is to have one of its own. */
export function noting(holders: Holders, all: readonly SecretSighting[], sharing: Set<SecretName>): Holders {
  const withoutCurrent = new Set(all.filter(({ aliases }) => aliases['current'] === undefined).map(({ name }) => name));
  const note =
    (ask: Holders['othersOf']): Holders['othersOf'] =>
    async (key, secret) => {
      const others = await ask(key, secret);
      // What another alias leads to stays as it is, whatever becomes of `current`.
      for (const { secret: other, readAs } of others)
        if (readAs === 'current' || (readAs === 'latest' && withoutCurrent.has(other))) sharing.add(other);
      return others;
    };
  return { ...holders, othersOf: note(holders.othersOf), othersBeforeDeletion: note(holders.othersBeforeDeletion) };
}

/**
 * Finds who still serves old keys that the purge would have deleted by now, so that their rotations begin although nobody uses the
 * keys: a drain that is idle asks nobody. A name on record is a hint until it is proven (I16); of one that is not proven, or of a key that
 * is gone, the purge tells. Answers its troubles.
 */
export async function findHolders(
  ports: { readonly vault: Vault; readonly issuer: Issuer; readonly holders: Holders },
  { secret, sighting: { name } }: Pick<RotationView, 'secret' | 'sighting'>,
  old: { readonly version: number; readonly key: string },
  secretPolicy: SecretPolicy,
): Promise<readonly string[]> {
  const claim = { secret: name, keyProjects: keyProjectsFor(secretPolicy, name, secret), versions: [old.version] };
  const found = await attempt(async () =>
    ports.holders.othersOf(await provenIssuer(ports, claim).keyString(old.key), name),
  );
  return found instanceof Fault && !TOLD_BY_PURGE.includes(found.code)
    ? [`${name}: who still serves the old key of version ${old.version} is not known: ${found.message}`]
    : [];
}

const TOLD_BY_PURGE: readonly FaultCode[] = ['unproven', 'not_found'];
