import type { Journal, KeyHandle } from './journal.ts';
import type { Past, Retired } from './ledger.ts';

/** What rotations left on record, each part absent where this release does not read it. */
interface Remembered {
  readonly journal: Journal | undefined;
  readonly retired: readonly Retired[] | undefined;
  readonly history: readonly Past[] | undefined;
}

/** The key of a version at its issuer, where a rotation made or found it; the newest record of the version counts. */
export function keyOnRecord({ journal, retired, history }: Remembered, version: number): KeyHandle | undefined {
  const inFlight = journal === undefined || journal.phase === 'resting' ? undefined : journal;
  const known: readonly (readonly [number | undefined, KeyHandle | undefined])[] = [
    [inFlight?.to, inFlight?.toKey],
    [inFlight?.from, inFlight?.fromKey],
    ...(history ?? []).map(({ to, toKey }) => [to, toKey] as const),
    ...(retired ?? []).map((old) => [old.version, old.key] as const),
  ];
  return known.find(([of, key]) => of === version && key !== undefined)?.[1];
}
