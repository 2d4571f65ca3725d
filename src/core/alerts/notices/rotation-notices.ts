import type { Actor } from '../../record/actor.ts';
import type { RotationReason, Steered } from '../../record/journal.ts';
import type { Instant } from '../../values/time.ts';

/** A key reaches its greatest age, and its rotation begins by itself. */
export interface RotationPlanned {
  readonly type: 'rotation.planned';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** When it begins, or soon after: others may be before it. */
  readonly startsAt: Instant;
  /** From when on a second person is asked, without whom it does not begin; absent where nobody is. */
  readonly asksFrom?: Instant | undefined;
  readonly ageDaysMax: number;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A rotation is due, and windows or freezes let none begin for days: told once. */
export interface RotationDue {
  readonly type: 'rotation.due';
  readonly secret: string;
  readonly project: string;
  /** Why it is due, and since when. */
  readonly reason: RotationReason;
  readonly since: Instant;
  /** What it waits for, and until when. */
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A rotation reached a point that people want to know of. */
export interface RotationNotice {
  readonly type:
    'rotation.opened' | 'rotation.promoted' | 'rotation.completed' | 'rotation.abandoned' | 'rotation.held';
  readonly secret: string;
  readonly project: string;
  /** The rotation's id. */
  readonly rotation: string;
  /** Versions: the old key's and the new key's. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Why it was begun. */
  readonly reason: string;
  /** Who asked for it; absent where the worker began it by itself. */
  readonly by?: Actor | undefined;
  /** The last that somebody asked of it in flight. */
  readonly steered?: Steered | undefined;
  /** Why it is where it is. */
  readonly why?: string | undefined;
  /** When its phase began, from the journal. */
  readonly since: Instant;
  /** When the rotation began. */
  readonly openedAt?: Instant | undefined;
  /** Times it was held, this one included: tells holds apart, and lets the end be told wherever they were. */
  readonly holds?: number | undefined;
  /** Of a hold, how often people were reminded of it; of an end, of the last hold before it. */
  readonly recalls?: number | undefined;
  /** It ended while the leaked key is alive, and nobody but a person can delete it. */
  readonly leavesLeak?: boolean | undefined;
  /** What to do first, in words: without them a command that goes back reads like advice to do so. */
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A planned rotation begins once somebody else than who asked for it agrees. */
export interface RotationProposed {
  readonly type: 'rotation.proposed';
  readonly secret: string;
  readonly project: string;
  /** The version that would be replaced. */
  readonly version: number;
  /** What is approved, as a hash. */
  readonly plan: string;
  /** Who asked; absent where the schedule did. */
  readonly by?: Actor | undefined;
  readonly at: Instant;
  /** It lapses then. */
  readonly until: Instant;
  /** By what all of them are approved that are told together. */
  readonly group?: string | undefined;
  /** What would be done, and to whom. */
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}
