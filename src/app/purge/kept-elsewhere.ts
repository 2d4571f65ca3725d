import { nextPurge } from '../../core/rotation/next-purge.ts';
import type { SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Instant } from '../../core/values/time.ts';
import { ledgerFrom } from '../keys/ledger-entry.ts';
import type { Serving } from '../listing/serving.ts';
import type { SecretName } from '../ports/ports.ts';

/**
 * Until when another secret that retired the same key keeps it for a rollback of its own (I8): the last of them decides, not the first
 * whose time is over. A key that leaked there too is kept by nobody. Reads metadata alone.
 */
export function keptElsewhere(
  all: readonly Serving[],
  { secret, key }: { readonly secret: SecretName; readonly key: string },
  secretPolicy: SecretPolicy,
  now: Instant,
): { readonly by: SecretName; readonly until: Instant } | undefined {
  const kept = all.flatMap(({ name, ledger: parts }) => {
    const ledger = name === secret || parts === undefined ? undefined : ledgerFrom(parts, secretPolicy, now);
    const old = ledger?.retired.find((one) => one.key?.name === key && one.deletedAt === undefined);
    if (ledger === undefined || old === undefined) return [];
    const step = nextPurge(old, ledger.journal, ledger.secretPolicy.rotation, now);
    return step.do === 'wait' && step.until !== undefined ? [{ by: name, until: step.until }] : [];
  });
  return kept.toSorted((a, b) => b.until - a.until)[0];
}
