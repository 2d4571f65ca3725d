import { currentKeyMadeAt } from '../record/key-made-at.ts';
import { valueOf } from '../record/part.ts';
import type { SecretRecord } from '../record/secret-record.ts';
import { plausibleJournal } from '../rotation/plausible.ts';
import type { RotationPolicy } from '../rotation/rotation-policy.ts';
import { DAY_MS, elapsedMs, plusMs, type Instant } from '../values/time.ts';

/** A rotation because of age that is to come. */
export interface Ahead {
  /** The version whose key gets old, and when its key was made. */
  readonly version: number;
  readonly madeAt: Instant;
  /** When the key is too old. */
  readonly dueAt: Instant;
  /** When its rotation may begin, and when people are told of that. */
  readonly startsAt: Instant;
  readonly tellAt: Instant;
}

/** A secret as far as a list shows it. */
interface Listed {
  readonly aliases: Readonly<Record<string, number>>;
  readonly record: Pick<SecretRecord, 'history' | 'managedSince' | 'rotation'>;
}

/** When a rotation may begin that is due at a moment: what a team excludes moves it. */
export type MayBegin = (due: Instant) => Instant | undefined;

/**
 * The next rotation of a secret because of its key’s age, from what is on record alone; `undefined` where none is to come: one is in flight,
 * it never gets too old, the age is not on record, or `mayBegin` knows no moment. What came under care late is told of then.
 */
export function aheadOf(
  { aliases, record }: Listed,
  { maxAgeDays }: Pick<RotationPolicy, 'maxAgeDays'>,
  noticeDays: number,
  now: Instant,
  mayBegin: MayBegin = (due) => due,
): Ahead | undefined {
  const { current } = aliases;
  const written = valueOf(record.rotation);
  if (current === undefined || written === undefined || maxAgeDays === 0 || noticeDays === 0) return undefined;
  const journal = plausibleJournal(written, now);
  const madeAt = currentKeyMadeAt(record, current);
  if (journal.phase !== 'resting' || madeAt === undefined) return undefined;
  const due = later(plusMs(madeAt, maxAgeDays * DAY_MS), journal.notBefore);
  const startsAt = mayBegin(due);
  if (startsAt === undefined) return undefined;
  // A key that lives for a week is not announced on the day on which it was made.
  const notice = Math.min(noticeDays, maxAgeDays / 2) * DAY_MS;
  const tellAt = later(plusMs(startsAt, -notice), valueOf(record.managedSince)?.since);
  return { version: current, madeAt, dueAt: due, startsAt, tellAt };
}

/** Whether this is the one daily look, at a moment of its own, that tells of it: the first since it was to be told, while it is to come. */
export function isToldIn({ tellAt, startsAt }: Ahead, look: Instant): boolean {
  const since = elapsedMs(tellAt, look);
  return since >= 0 && since < DAY_MS && startsAt > look;
}

function later(one: Instant, other: Instant | undefined): Instant {
  return other === undefined || other < one ? one : other;
}
