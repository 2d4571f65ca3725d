import { spokenActor, type Actor } from './actor.ts';
import type { KeptForm } from '../key/stored-form.ts';
import type { MintPolicy } from './mint-policy.ts';
import type { Act, FlightPhase } from './phases.ts';
import type { Instant } from '../values/time.ts';

/** Why a rotation was begun. */
export const ROTATION_REASONS = ['request', 'schedule', 'age', 'dead', 'leaked', 'added', 'rollback'] as const;
export type RotationReason = (typeof ROTATION_REASONS)[number];

/** Where the new key comes from. An adopted one is a version that somebody added by hand. */
export const CANDIDATES = ['minted', 'supplied', 'adopted'] as const;
export type Candidate = (typeof CANDIDATES)[number];

/** A key at the issuer, as far as the journal must know it. */
export interface KeyHandle {
  readonly name: string;
  readonly uid: string;
}

/** Who may do the act that no etag fences, and until when everybody else waits. */
export interface Lease {
  readonly holder: string;
  readonly act: Act;
  readonly until: Instant;
}

/** What a person asked of a rotation in flight; taken up by the next tick. */
export const WISHES = ['abort', 'rollback'] as const;
export type Wish = (typeof WISHES)[number];

/** All that a person may ask of a rotation in flight: `resume` lets a held one go on, `cut-off-users` ends a drain that is busy still. */
export const STEERINGS = [...WISHES, 'resume', 'cut-off-users'] as const;
export type Steering = (typeof STEERINGS)[number];

/** The last that somebody asked of a rotation in flight, and who. It stays with the rotation to its end. */
export interface Steered {
  readonly to: Steering;
  readonly by: Actor;
}

/** Who asked for what, in words: `abort asked for by jane (claimed)`. */
export function spokenSteering({ to, by }: Steered): string {
  return `${to} asked for by ${spokenActor(by)}`;
}

/** How much the old key is used. `unknown` is never taken for idle. */
export const DRAIN_USES = ['idle', 'busy', 'unknown'] as const;

/** What was last measured of the old key's use. */
export interface Drain {
  readonly use: (typeof DRAIN_USES)[number];
  readonly requests?: number | undefined;
  /** Hours of silence that were waited for, and the longest pause while the key was in use; absent where it was not measured. */
  readonly hours?: number | undefined;
  readonly pauseHours?: number | undefined;
  /** Why the use is not known. */
  readonly why?: string | undefined;
  readonly at: Instant;
  /** Since when each look of ours found the new key dead; absent where the last one did not. */
  readonly deadSince?: Instant | undefined;
  /** Still busy after the longest drain, so it was held for that: whoever cuts the users off lets it end all the same. */
  readonly overdue?: boolean | undefined;
}

/** How much of what stands around the old key is left out. */
export const ALONE = ['clean', 'bare'] as const;
export type Alone = (typeof ALONE)[number];

/** What to begin: asked for by a person, a schedule, an event, or the worker itself. The journal keeps it to the end. */
export interface Opening {
  readonly reason: RotationReason;
  /** What the person who asked for it gave as the reason, in their own words. */
  readonly note?: string | undefined;
  /** Who asked for it; absent where the worker began it by itself, and in records of 0.1.0. */
  readonly by?: Actor | undefined;
  readonly candidate: Candidate;
  /** No drain, and the old key is deleted at once. */
  readonly emergency: boolean;
  /** The same request opens one rotation, however often it is delivered. */
  readonly requestId?: string | undefined;
  /** What the person who asked for it wants of the new key, over every policy. */
  readonly mint?: MintPolicy | undefined;
  /** The version that consumers read when it begins. */
  readonly from: number;
  /** The version with the new key: known from the start of an adopted one, and of a rollback the version to leave. */
  readonly to?: number | undefined;
  /** What stands around the key in `from`, which its successor keeps (I11); absent in records of 0.1.0, which knew bare keys only. */
  readonly form?: KeptForm | undefined;
  /** A person wants the key alone to be written: `clean` without the faults around a bare key, `bare` whatever stands around it. */
  readonly alone?: Alone | undefined;
  /** `from` holds no key in a form that is known, so it is never disabled: nobody knows whose it is (I12). */
  readonly keepOld?: boolean | undefined;
  /** The keys of both versions at the issuer, where they are known: from the start of a rollback. */
  readonly fromKey?: KeyHandle | undefined;
  readonly toKey?: KeyHandle | undefined;
  /** What will be left of the old key once it is retired; absent where it has not the shape of a key. */
  readonly tombstone?: string | undefined;
  /** When the new key was made, by its issuer's clock: a version may be younger than the key that it holds. */
  readonly toKeyMadeAt?: Instant | undefined;
}

/** A rotation in flight. It lives in an annotation of the secret, beside the aliases that the same write moves. */
export interface Rotation extends Opening {
  readonly phase: FlightPhase;
  /** Also the id of the minted key: lower-case letters, digits and dashes. */
  readonly id: string;
  /** Why the old key's name at the issuer is not known although it was looked for, with what a person is to do then. */
  readonly fromKeyUnknown?: string | undefined;
  readonly openedAt: Instant;
  /** When this phase began. */
  readonly since: Instant;
  readonly promotedAt?: Instant | undefined;
  readonly lease?: Lease | undefined;
  /** Times this phase's act was unsure. */
  readonly tries: number;
  /** Not before this moment: backoff, or a drain that takes its time. */
  readonly notBefore?: Instant | undefined;
  /** Why it is where it is, for people. */
  readonly why?: string | undefined;
  readonly drain?: Drain | undefined;
  /** A person must look; `resume` goes on. */
  readonly held: boolean;
  /** Times it was held: whoever was called then is told of the end. */
  readonly holds?: number | undefined;
  readonly wish?: Wish | undefined;
  readonly steered?: Steered | undefined;
}

/** Why a rotation can be due that waits for a window, or for the end of a freeze. */
export const DUE_BECAUSE = ['schedule', 'age', 'use'] as const;

/**
 * A rotation that was due and could not begin: Secret Manager’s schedule says so once, so does unusual use, and people are told of it
 * once.
 */
export interface Due {
  readonly since: Instant;
  readonly reason: (typeof DUE_BECAUSE)[number];
}

/** A secret at rest, and what is remembered of earlier rotations so that none is tried for ever. */
export interface Rest {
  readonly phase: 'resting';
  /** Rotations abandoned in a row. */
  readonly failures: number;
  /** Nothing is begun by itself before this moment. */
  readonly notBefore?: Instant | undefined;
  /** Versions that are no candidates: refused once, or copies of the current key. Bounded, newest last. */
  readonly passedOver: readonly number[];
  /** Until a rotation begins. */
  readonly due?: Due | undefined;
}

/** Whether what asked for a rotation asks once, so that it is begun as soon as it may be. */
export function isOwed({ due }: Rest): boolean {
  return due !== undefined && due.reason !== 'age';
}

/** A rotation ends as it should when the old key was retired, or when somebody asked to go back and that was done. */
export function isCompleted({ phase, reason }: Pick<Rotation, 'phase' | 'reason'>): boolean {
  return phase === 'drained' || (phase === 'abandoned' && reason === 'rollback');
}

/** A rotation in flight together with what was remembered at rest. */
export type InFlight = Rotation & { readonly rest: Omit<Rest, 'phase' | 'due'> };

/** Held because the old key was still used after the longest drain. Nothing breaks while it waits; letting it go on cuts its users off. */
export function isHeldBusy({ phase, held, drain }: Rotation): boolean {
  return phase === 'promoted' && held && drain?.overdue === true;
}

/** While a rotation is in flight, what was remembered at rest is carried along. */
export type Journal = Rest | InFlight;

/** A secret that was never rotated. */
export const NEVER_ROTATED: Rest = { phase: 'resting', failures: 0, passedOver: [] };
