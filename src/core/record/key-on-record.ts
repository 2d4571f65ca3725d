import type { KeyHandle } from './journal.ts';
import { valueOf } from './part.ts';
import type { SecretRecord } from './secret-record.ts';

/** The key of a version at its issuer, where a rotation made or found it; the newest record of the version counts. */
export function keyOnRecord(
  { rotation, retired, history }: Pick<SecretRecord, 'rotation' | 'retired' | 'history'>,
  version: number,
): KeyHandle | undefined {
  const journal = valueOf(rotation);
  const inFlight = journal === undefined || journal.phase === 'resting' ? undefined : journal;
  const known: readonly (readonly [number | undefined, KeyHandle | undefined])[] = [
    [inFlight?.to, inFlight?.toKey],
    [inFlight?.from, inFlight?.fromKey],
    ...(valueOf(history) ?? []).map(({ to, toKey }) => [to, toKey] as const),
    ...(valueOf(retired) ?? []).map((old) => [old.version, old.key] as const),
  ];
  return known.find(([of, key]) => of === version && key !== undefined)?.[1];
}
