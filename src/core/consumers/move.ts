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
}
