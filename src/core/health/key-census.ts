import { KEY_KINDS, type KeyKind } from '../key/key-text.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';

/** Ages of keys as charts show them. `unknown`: no rotation made the key, and no `init` asked when. */
export const KEY_AGES = [
  'up_to_30_days',
  'up_to_60_days',
  'up_to_90_days',
  'up_to_180_days',
  'older',
  'unknown',
] as const;
export type KeyAge = (typeof KEY_AGES)[number];

/** From how many days on a key is in the next group. */
const OLDER_THAN: readonly (readonly [days: number, age: KeyAge])[] = [
  [30, 'up_to_60_days'],
  [60, 'up_to_90_days'],
  [90, 'up_to_180_days'],
  [180, 'older'],
];

/** A key past its age is taken up within a day or two, however many are due at once: one that is not has something in its way. */
export const OVERDUE_DAYS = 2;

/** What is known of the key that consumers of a secret read. */
export interface CountedKey {
  readonly kind: KeyKind;
  readonly madeAt?: Instant | undefined;
  /** The age at which it is to be replaced; 0 for never. */
  readonly maxAgeDays: number;
}

/** Keys alike, and how many there are. */
export interface KeyGroup {
  readonly kind: KeyKind;
  readonly age: KeyAge;
  readonly count: number;
}

/** All keys of a fleet as a team watches them: what they are, and which rotations are due. Censuses of parts add up. */
export interface KeyCensus {
  /** Groups that have a key in them. */
  readonly groups: readonly KeyGroup[];
  /** Keys past their age, and those that are so for longer than a rotation may be waited for. */
  readonly due: number;
  readonly overdue: number;
}

/** Counts the keys of a fleet by kind and age. What is due is counted until its successor is promoted, in flight or not. */
export function censusOf(keys: readonly CountedKey[], now: Instant): KeyCensus {
  const groups = KEY_KINDS.flatMap((kind) =>
    KEY_AGES.map((age) => ({
      kind,
      age,
      count: keys.filter((key) => key.kind === kind && ageOf(key, now) === age).length,
    })),
  );
  const late = keys.map((key) => daysLate(key, now));
  return {
    groups: groups.filter(({ count }) => count > 0),
    due: late.filter((days) => days >= 0).length,
    overdue: late.filter((days) => days >= OVERDUE_DAYS).length,
  };
}

/** The keys of two parts of a fleet as those of both. */
export function addedCensus(one: KeyCensus, other: KeyCensus): KeyCensus {
  const groups = [...Map.groupBy([...one.groups, ...other.groups], ({ kind, age }) => `${kind} ${age}`).values()];
  return {
    groups: groups.flatMap((alike) =>
      alike.slice(0, 1).map((first) => ({ ...first, count: alike.reduce((sum, { count }) => sum + count, 0) })),
    ),
    due: one.due + other.due,
    overdue: one.overdue + other.overdue,
  };
}

function ageOf({ madeAt }: CountedKey, now: Instant): KeyAge {
  if (madeAt === undefined) return 'unknown';
  const days = elapsedMs(madeAt, now) / DAY_MS;
  return OLDER_THAN.reduce<KeyAge>((young, [from, age]) => (days > from ? age : young), 'up_to_30_days');
}

/** How long ago it was due; negative where it is not. */
function daysLate({ madeAt, maxAgeDays }: CountedKey, now: Instant): number {
  return madeAt === undefined || maxAgeDays === 0 ? -1 : elapsedMs(madeAt, now) / DAY_MS - maxAgeDays;
}
