import { markOf } from '../consumers/mark.ts';
import type { Move } from '../consumers/move.ts';
import type { Journal } from '../record/journal.ts';
import type { Past } from '../record/ledger.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';

/** So long after a rotation its consumers are still brought along: an emergency waits for nobody. */
const AFTERWARDS_MS = DAY_MS;

/** What `moveOf` goes by: one look at a secret. */
export interface Moved {
  readonly secret: string;
  readonly current: number | undefined;
  readonly journal: Journal;
  readonly history: readonly Past[];
}

/**
 * The move that consumers are to follow now: that of the rotation in flight once it has moved `current`, there or back, and for a day
 * that of the last one. The alias is read before any consumer is, and moves before this says so: an instance that is started for it reads
 * the version that it says, or a later one.
 */
export function moveOf({ secret, current, journal, history }: Moved, now: Instant): Move | undefined {
  if (current === undefined) return undefined;
  const about = (
    id: string,
    at: Instant,
    { from, to }: { readonly from: number; readonly to?: number | undefined },
  ) => {
    if (to === undefined || (current !== from && current !== to)) return undefined;
    return { secret, to: current, other: current === to ? from : to, mark: markOf(current, id), at };
  };
  if (journal.phase === 'promoted' || journal.phase === 'drained')
    return about(journal.id, journal.promotedAt ?? journal.since, journal);
  if (journal.phase === 'abandoned')
    return journal.promotedAt === undefined ? undefined : wayBack(about(journal.id, journal.since, journal), journal);
  const [last] = history;
  if (journal.phase !== 'resting' || last === undefined || elapsedMs(last.at, now) >= AFTERWARDS_MS) return undefined;
  if (last.outcome === 'completed') return about(last.id, last.at, last);
  return current === last.from ? wayBack(about(last.id, last.at, last), last, journal.passedOver) : undefined;
}

/** The same move, where it goes back from `to`. What a rotation passes over last is `to`, and the old key where it was added again. */
function wayBack(
  move: Move | undefined,
  { id, from, to }: { readonly id: string; readonly from: number; readonly to?: number | undefined },
  passedOver?: readonly number[],
): Move | undefined {
  if (move === undefined || to === undefined || move.to !== from) return move;
  const again = passedOver?.[passedOver.lastIndexOf(to) + 1];
  return {
    ...move,
    back: {
      from: markOf(to, id),
      isOver: passedOver !== undefined,
      ...(again !== undefined && again > to ? { again } : {}),
    },
  };
}
