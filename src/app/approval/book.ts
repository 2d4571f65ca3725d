import type { Approval } from '../../core/record/approval.ts';
import { annotationOf, changeOf } from '../../core/record/secret-record.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName, Vault } from '../ports/ports.ts';

/** Whoever writes the book while others do looks again so often. */
const RACES_MAX = 5;

/**
 * Changes what waits and what is approved, on the secret of the worker’s own that keeps it; answers what `change` made of the list, of which
 * `undefined` leaves it as it is. Rejects with `Fault`, also where the list is in no form that this release reads.
 */
export async function inBook<Made extends { readonly list?: readonly Approval[] | undefined }>(
  vault: Pick<Vault, 'look' | 'commit'>,
  book: SecretName,
  change: (approvals: readonly Approval[]) => Made,
): Promise<Made> {
  for (let races = 0; ; races += 1) {
    const { sighting, approvals } = await opened(vault, book);
    const made = change(approvals);
    if (made.list === undefined) return made;
    const annotations = changeOf(sighting.record, { approvals: made.list });
    const done = await attempt(() => vault.commit(sighting, { annotations }));
    if (!(done instanceof Fault)) return made;
    if (done.code !== 'stale' || races >= RACES_MAX) throw done;
  }
}

/** What waits and what is approved. Rejects with `Fault`. */
export async function approvalsIn(vault: Pick<Vault, 'look'>, book: SecretName): Promise<readonly Approval[]> {
  const { approvals } = await opened(vault, book);
  return approvals;
}

async function opened({ look }: Pick<Vault, 'look'>, book: SecretName) {
  const sighting = await look(book);
  const { approvals } = sighting.record;
  if (approvals.is === 'unreadable')
    throw new Fault('wrong_state', `${book}: the annotation ${annotationOf('approvals')} ${approvals.why}`);
  return { sighting, approvals: approvals.value };
}
