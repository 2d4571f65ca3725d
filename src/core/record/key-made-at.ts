import type { Instant } from '../values/time.ts';
import { valueOf } from './part.ts';
import type { SecretRecord } from './secret-record.ts';

/** When the key of a version was made, by its issuer's clock: as a rotation has learned it, or `init`. */
export function keyMadeAtOnRecord(
  { history, managedSince }: Pick<SecretRecord, 'history' | 'managedSince'>,
  version: number,
): Instant | undefined {
  const first = valueOf(managedSince)?.key;
  return (
    (valueOf(history) ?? []).find(({ to }) => to === version)?.toKeyMadeAt ??
    (first?.version === version ? first.madeAt : undefined)
  );
}

/** The same of the key that consumers read. A rotation in flight knows it first, from its promotion on. */
export function currentKeyMadeAt(
  record: Pick<SecretRecord, 'history' | 'managedSince' | 'rotation'>,
  current: number | undefined,
): Instant | undefined {
  if (current === undefined) return undefined;
  const journal = valueOf(record.rotation);
  const isInPlace = journal !== undefined && journal.phase !== 'resting' && journal.promotedAt !== undefined;
  return isInPlace && journal.to === current ? journal.toKeyMadeAt : keyMadeAtOnRecord(record, current);
}
