import type { Journal } from '../record/journal.ts';
import type { Retired } from '../record/ledger.ts';

/** A version that can no longer be read, and what is known of its secret. */
export interface TakenAway {
  readonly version: number;
  /** What consumers read: the alias `current`, or the newest version where that alias was never set. */
  readonly current: number | undefined;
  readonly journal: Journal;
  readonly retired: readonly Retired[];
}

/**
 * Whether somebody else's disabling or destroying a version matters. Our own doing comes back as an event, late and out
 * of order, and is no news: it is what the journal is about to do, or what the ledger has on record.
 */
export function mattersTo({ version, current, journal, retired }: TakenAway): 'consumers' | 'a rotation' | undefined {
  if (version === current) return 'consumers';
  if (journal.phase === 'resting' || retired.some((old) => old.version === version)) return undefined;
  const { phase, from, to } = journal;
  const ours = phase === 'drained' ? from : phase === 'abandoned' ? to : undefined;
  return version !== ours && (version === from || version === to) ? 'a rotation' : undefined;
}
