import { annotationOf, changeOf, type LedgerParts } from '../../core/record/secret-record.ts';
import { valueOf } from '../../core/record/part.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import type { Journal } from '../../core/record/journal.ts';
import { plausibleRetired } from '../../core/rotation/plausible.ts';
import type { Instant } from '../../core/values/time.ts';
import type { Retired } from '../../core/record/ledger.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { Clock, SecretName, SecretSighting, Vault } from '../ports/ports.ts';

/** What a purge decides on: one look at the secret. */
export interface LedgerState {
  readonly sighting: SecretSighting;
  readonly journal: Journal;
  readonly retired: readonly Retired[];
  readonly secretPolicy: SecretPolicy;
}

/** Looks at a secret's ledger. Rejects with `wrong_state` when this release does not understand what is written there. */
export async function ledgerOf(
  { vault, clock }: { readonly vault: Vault; readonly clock: Clock },
  secret: SecretName,
  underneath: SecretPolicy,
): Promise<LedgerState> {
  const sighting = await vault.look(secret);
  const ledger = ledgerIn(sighting, underneath, clock.now());
  if (ledger !== undefined) return ledger;
  const part = sighting.record.rotation.is === 'unreadable' ? 'rotation' : 'retired';
  throw new Fault(
    'wrong_state',
    `the annotation ${annotationOf(part)} of ${secret} is not in a form this release reads: nothing is purged until a person has looked`,
  );
}

/** The ledger that a sighting shows; `undefined` when this release does not understand it. */
function ledgerIn(sighting: SecretSighting, underneath: SecretPolicy, now: Instant): LedgerState | undefined {
  const ledger = ledgerFrom(sighting.record, underneath, now);
  return ledger && { sighting, ...ledger };
}

/** The same from the parts that are kept of many. */
export function ledgerFrom(
  record: LedgerParts,
  underneath: SecretPolicy,
  now: Instant,
): Omit<LedgerState, 'sighting'> | undefined {
  const journal = valueOf(record.rotation);
  const retired = valueOf(record.retired);
  if (journal === undefined || retired === undefined) return undefined;
  return {
    journal,
    retired: retired.map((old) => plausibleRetired(old, now)),
    secretPolicy: secretPolicyOf(record, underneath).secretPolicy,
  };
}

/** Losing the etag race this often in a row means that somebody writes in a loop. */
const RACES_MAX = 5;

/**
 * Writes one entry of the ledger under the etag, or takes it off where `change` says `undefined`. A lost race looks
 * again and asks `change` again, which may throw a `Fault` when what it wanted no longer holds.
 */
export async function amend(
  ports: { readonly vault: Vault; readonly clock: Clock },
  first: LedgerState,
  version: number,
  change: (entry: Retired, state: LedgerState) => Retired | undefined,
): Promise<LedgerState> {
  const { name } = first.sighting;
  let state = first;
  for (let race = 0; race < RACES_MAX; race += 1) {
    const seen = state;
    const retired = seen.retired.flatMap((entry) => {
      const changed = entry.version === version ? change(entry, seen) : entry;
      return changed === undefined ? [] : [changed];
    });
    const annotations = changeOf(seen.sighting.record, { retired });
    const written = await attempt(() => ports.vault.commit(seen.sighting, { annotations }));
    if (!(written instanceof Fault)) return { ...seen, sighting: written, retired };
    if (written.code !== 'stale') throw written;
    state = await ledgerOf(ports, name, seen.secretPolicy);
  }
  throw new Fault(
    'stale',
    `somebody else wrote ${name} ${RACES_MAX} times in a row: its audit log names who. The next purge goes on`,
  );
}
