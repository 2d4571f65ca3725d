import { RISKS } from '../../health/secret-risk.ts';
import type { Actor } from '../../record/actor.ts';
import type { VersionChange } from '../../rotation/store-event.ts';
import type { Instant } from '../../values/time.ts';

/** What a secret or the secrets of a project are warned of. */
export const WARNED_OF = [...RISKS, 'rotations_stopped'] as const;

/** What is about to take secrets away from their consumers or from us, or has. Told once a day while it lasts. */
export interface SecretWarning {
  readonly type: 'secret.warning';
  /** The first of them by name. */
  readonly secret: string;
  readonly project: string;
  readonly because: (typeof WARNED_OF)[number];
  readonly why: string;
  /** Further secrets of the project of which the same is true. */
  readonly others: number;
  /** The beginning of the day on which it is told. */
  readonly day: Instant;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Somebody else disabled or destroyed a version, or set the time of its destruction. */
export interface VersionChanged {
  readonly type: 'version.changed';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  readonly change: VersionChange;
  /** Consumers read this version: they are without a key now. */
  readonly isCurrent: boolean;
  /** When it happened, as Secret Manager's event says, so that a second delivery of it has the same id. */
  readonly at: Instant;
  /** What to do first, in words. */
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A name in a secret's annotations that is not proven to be the secret's own, so that nothing was done with it (I16). */
export interface NameUnproven {
  readonly type: 'name.unproven';
  readonly secret: string;
  readonly project: string;
  /** Where the name stands: `rotation kw-1-2`, or `version 3 in the list of old keys`. */
  readonly on: string;
  readonly why: string;
  /** When the rotation's phase began, or the beginning of the day of a purge. */
  readonly at: Instant;
  /** Times that the rotation was held; 1 for an old key. */
  readonly times: number;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Channels are quiet about a secret from now on, or no planned rotation begins, or somebody ended that before its time. */
export interface SilenceNotice {
  readonly type: 'silence.set' | 'silence.ended' | 'freeze.set' | 'freeze.ended';
  /** Whom it is about; of a freeze, and of a silence that is about more than one secret, where it stands. */
  readonly secret: string;
  readonly project: string;
  /** Who wanted it, and why, in their own words. */
  readonly owner: string;
  readonly reason: string;
  /** When it ends by itself, or would have. */
  readonly until: Instant;
  /** What a freeze, or more than one secret’s silence, is about, in words. */
  readonly about?: string | undefined;
  /** Whose hand set or ended it. */
  readonly by: Actor;
  readonly at: Instant;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}
