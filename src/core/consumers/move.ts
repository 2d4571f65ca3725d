import type { Instant } from '../values/time.ts';

/** A move of the alias `current` that its consumers are to follow. */
export interface Move {
  /** The secret as Google spells it, with the project's number. */
  readonly secret: string;
  /** The version that `current` names since, and the other one of the rotation, which a pinned consumer may name. */
  readonly to: number;
  readonly other: number;
  readonly mark: string;
  readonly at: Instant;
  /** Set where it goes back from a version that was given up. */
  readonly back?: WayBack | undefined;
}

/** What is known of a move that goes back, beside where it leads. */
export interface WayBack {
  /** How consumers are marked that had been brought to the version that was given up. */
  readonly from: string;
  /**
   * The version above it in which the rotation added the old key once more: what `latest` reads then. Absent as long as the rotation has
   * not ended.
   */
  readonly again?: number | undefined;
  /** The rotation has ended: who reads the alias had an hour to come back, and only who was marked is still brought. */
  readonly isOver: boolean;
}
