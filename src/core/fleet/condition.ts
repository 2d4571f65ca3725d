import { CAUSES } from '../causes/causes.ts';
import { isMet } from '../health/health.ts';
import type { Health } from '../record/health-state.ts';
import type { Journal } from '../record/journal.ts';
import type { Leak } from '../record/leaks.ts';
import { elapsedMs, type Instant } from '../values/time.ts';

/** How a secret stands, worst first: the order in which a fleet is shown. */
export const CONDITIONS = [
  'leaked',
  'failing',
  'held',
  'unreadable',
  'suspect',
  'mending',
  'unwatched',
  'unchecked',
  'due',
  'rotating',
  'well',
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** When a check looked last: at a moment, never, in no run that the log tells of, or nobody can say. */
export type LastCheck =
  | { readonly is: 'at'; readonly at: Instant }
  | { readonly is: 'never' }
  | { readonly is: 'not_found' }
  | { readonly is: 'unknown'; readonly why: string };

/** What a condition depends on; a part is `undefined` where this release cannot read it. */
export interface OnRecord {
  readonly health: Health | undefined;
  readonly rotation: Journal | undefined;
  readonly leaks: readonly Leak[] | undefined;
  readonly checked: LastCheck;
  /** When its key is due; absent where it never is, or where that is not known. */
  readonly dueAt?: Instant | undefined;
}

/** A key counts as well while somebody looks, and as long as the last look is not older than this. */
export function conditionOf(
  { health, rotation, leaks, checked, dueAt }: OnRecord,
  now: Instant,
  freshMs: number,
): Condition {
  if (leaks !== undefined && leaks.length > 0) return 'leaked';
  if (health?.is === 'sick') return 'failing';
  if (rotation !== undefined && rotation.phase !== 'resting' && rotation.held) return 'held';
  if (health === undefined || rotation === undefined || leaks === undefined) return 'unreadable';
  if (health.is === 'suspect' || health.is === 'mending') return health.is;
  if (!isMet(health, undefined)) return 'unchecked';
  if (checked.is === 'not_found' || (checked.is === 'at' && elapsedMs(checked.at, now) > freshMs)) return 'unwatched';
  if (rotation.phase !== 'resting') return 'rotating';
  return dueAt !== undefined && dueAt <= now ? 'due' : 'well';
}

/** Whether somebody should look: what is not known to be well is not well. */
export function isGood(condition: Condition): boolean {
  return condition === 'well' || condition === 'rotating' || condition === 'due';
}

/** The exit code that a secret's condition asks for, in the words of the README. */
export function codeOf(condition: Condition, health: Health | undefined): 0 | 1 | 3 | 5 {
  if (condition === 'leaked' || condition === 'held') return 5;
  if (isGood(condition)) return 0;
  if (condition !== 'failing' || health?.is !== 'sick') return 3;
  const { verdict } = CAUSES[health.episode.cause];
  return verdict === 'dead' || verdict === 'blocked' ? 1 : 3;
}
