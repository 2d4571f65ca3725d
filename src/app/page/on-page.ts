import type { Approval } from '../../core/record/approval.ts';
import type { Instant } from '../../core/values/time.ts';
import type { ReadersOfMany } from '../consumers/readers.ts';
import type { Fleet, Member } from '../on-record/fleet.ts';
import type { HoldersOf } from '../on-record/holders-of.ts';

/** What a page shows: the same that `status` prints, looked up once by whoever asks for the page. */
export interface OnPage {
  readonly fleet: Fleet;
  /** The members that were asked for, the worst first; totals are of the whole fleet all the same. */
  readonly shown: readonly Member[];
  /** Projects in which no rotation is begun because of a key’s age, and why. */
  readonly stops: readonly { readonly project: string; readonly why: string }[];
  readonly holders: HoldersOf;
  /** Who reads each secret, and what nobody could look at for it; absent where nobody asked. */
  readonly readers?: Pick<ReadersOfMany, 'of' | 'notLooked'> | undefined;
  /** Rotations that wait for a second person; absent where nobody looked. */
  readonly waiting?: readonly Approval[] | undefined;
  readonly now: Instant;
}

/** Where on the page the history of a secret is, by its place among those that are shown. */
export function historyId(at: number): string {
  return `history-${at}`;
}
