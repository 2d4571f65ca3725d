import type { Journal } from '../record/journal.ts';
import { isBeforePromotion } from '../rotation/rotation.ts';
import { stableShuffle } from '../values/stable-shuffle.ts';
import type { Instant } from '../values/time.ts';

interface Flight {
  readonly secret: string;
  readonly journal: Journal | undefined;
}

/**
 * Rotations in flight in the order in which a run takes them up. A run may end before the last of them, so among equally
 * urgent ones lots are drawn: what hangs must not keep the same others waiting for ever.
 */
export function byUrgency<One extends Flight>(flights: readonly One[], now: Instant): readonly One[] {
  return stableShuffle(flights, ({ secret }) => secret, now).toSorted(
    (a, b) => urgencyOf(a.journal) - urgencyOf(b.journal),
  );
}

/** A person’s wish and the way back come first; what makes room for others comes before a drain, which can wait. */
function urgencyOf(journal: Journal | undefined): number {
  if (journal === undefined || journal.phase === 'resting') return 3;
  if (journal.wish !== undefined || journal.phase === 'reverting') return 0;
  return isBeforePromotion(journal.phase) ? 1 : 2;
}
