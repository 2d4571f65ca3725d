import { isCompleted, type InFlight, type Journal } from '../record/journal.ts';
import type { RecordChange } from '../record/secret-record.ts';
import { pastOf, type Past, type Retired } from '../record/ledger.ts';
import { withoutTombstone, withTombstone, type Tombstones } from '../record/tombstones.ts';
import type { Leak } from '../record/leaks.ts';
import type { Instant } from '../values/time.ts';
import { isOpen, leaksAfter } from './open-leaks.ts';

/** What is remembered of ended rotations beside the journal. */
export interface PastRotations {
  readonly retired: readonly Retired[];
  readonly history: readonly Past[];
  /** Leaked keys that are not proven dead. */
  readonly leaks: readonly Leak[];
  /** What is left of the keys that were retired. */
  readonly tombstones: Tombstones;
}

/** One write: the journal, the aliases that move with it, and the past rotations when one ends. */
export interface Entry {
  readonly record: RecordChange;
  readonly aliases: Readonly<Record<string, number | null>>;
}

/**
 * The write that takes a secret from one journal to the next. Everything in it happens at once or not at all. `previous` is
 * the version that the alias of that name points at.
 */
export function entryFor(
  before: Journal,
  after: Journal,
  earlier: PastRotations,
  now: Instant,
  previous?: number,
): Entry {
  const leaks = leaksAfter(before, after, earlier.leaks, now);
  const tombstones = tombstonesAfter(before, after, earlier.tombstones);
  const record: RecordChange = {
    rotation: after,
    ...(leaks === earlier.leaks ? {} : { leaks }),
    ...(tombstones === undefined ? {} : { tombstones }),
  };
  if (before.phase === 'resting') return { record, aliases: {} };
  const aliases = aliasMove(before, after, earlier.history, previous);
  if (after.phase !== 'resting') return { record, aliases };
  const past = pastOf(before, isCompleted(before) ? 'completed' : 'abandoned', now);
  const history = [past, ...earlier.history];
  return { record: { ...record, history, retired: retiredAfter(before, earlier, now) }, aliases };
}

/**
 * Aliases move in two places only: forward at the promotion, back when the old key was restored. A `previous` that no
 * rotation on record set is somebody else's, who reads it, and is never touched (I10).
 */
function aliasMove(
  before: InFlight,
  after: Journal,
  history: readonly Past[],
  previous: number | undefined,
): Readonly<Record<string, number | null>> {
  const { phase, from, to } = before;
  if (phase === 'verified' && after.phase === 'promoted' && to !== undefined) {
    const isOurs = previous === undefined || history.some((past) => past.from === previous || past.to === previous);
    return isOurs ? { current: to, previous: from } : { current: to };
  }
  if (phase === 'reverting' && after.phase === 'abandoned')
    return previous === from ? { current: from, previous: null } : { current: from };
  return {};
}

/** I14: a key is a candidate no more from the write that retires it, until a person has gone back to it. */
function tombstonesAfter(before: Journal, after: Journal, earlier: Tombstones): Tombstones | undefined {
  if (before.phase === 'drained' && after.phase === 'resting')
    return before.tombstone === undefined || before.keepOld === true
      ? undefined
      : withTombstone(earlier, before.tombstone, before.emergency);
  if (before.phase === 'reverting' && after.phase === 'abandoned' && after.tombstone !== undefined)
    return withoutTombstone(earlier, after.tombstone);
  return undefined;
}

/** I5: a key that consumers may have read is not deleted at once; it waits here for the purge. */
function retiredAfter(before: InFlight, { retired, leaks }: PastRotations, now: Instant): readonly Retired[] {
  const { phase, from, to, fromKey, fromKeyUnknown, toKey, id, promotedAt, emergency } = before;
  // An emergency that was given up leaves its leak open, and an ordinary rotation may replace the key later.
  const urgent = emergency || isOpen(leaks, from) ? true : undefined;
  if (phase === 'drained' && before.keepOld === true) return retired;
  if (phase === 'drained') {
    const keyUnknown = fromKey === undefined ? fromKeyUnknown : undefined;
    return [...retired, { version: from, key: fromKey, keyUnknown, at: now, rotation: id, urgent }];
  }
  // Going back was given up: nothing moved.
  if (phase === 'reverting') return retired;
  const others = retired.filter(({ version }) => version !== from);
  return promotedAt === undefined || to === undefined
    ? others
    : [...others, { version: to, key: toKey, at: now, rotation: id }];
}
