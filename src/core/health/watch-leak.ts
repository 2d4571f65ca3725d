import type { Leak } from '../record/leaks.ts';
import type { Retired } from '../record/ledger.ts';
import { FLIPS_MS } from '../rotation/next-purge.ts';
import { elapsedMs, elapsedSeconds, isAhead, type Instant } from '../values/time.ts';
import type { CheckPolicy } from './check-policy.ts';
import { isReminderDue } from './reminder.ts';

/**
 * So soon after somebody said that a key leaked it is promised to be deleted. Google lets a deleted key go on for up to half an hour
 * more, which nobody can shorten.
 */
const DELETED_SECONDS_MAX = 30 * 60;

/** A leaked key that is not known to be refused yet. */
export interface LiveLeak {
  readonly version: number;
  readonly seconds: number;
  /** It is not deleted either, for longer than is promised. */
  readonly late: boolean;
}

/** The leaked keys of a secret that live, as far as the last look knows; `retired` says which of them are deleted. */
export function liveLeaks(
  leaks: readonly Leak[],
  retired: readonly Pick<Retired, 'version' | 'deletedAt'>[],
  now: Instant,
): readonly LiveLeak[] {
  return leaks
    .map((leak) => plausible(leak, now))
    .filter(({ refusedSince }) => refusedSince === undefined)
    .map(({ version, at }) => {
      const seconds = elapsedSeconds(at, now);
      const isDeleted = retired.some((old) => old.version === version && old.deletedAt !== undefined);
      return { version, seconds, late: !isDeleted && seconds > DELETED_SECONDS_MAX };
    });
}

/** What one look at a leaked key found. `refused`: it is deleted, and Gemini takes it no more; `lingers`: it still does, as is usual. */
export type LeakState = 'refused' | 'lingers' | 'alive' | 'unclear';

/** What is so besides the key itself. */
export interface LeakContext {
  readonly policy: Pick<CheckPolicy, 'remindAfterHours'>;
  readonly now: Instant;
  /** When a silence of the secret was over. */
  readonly heardAgainAt?: Instant | undefined;
  /** An emergency that replaces the key is under way, and tells of itself. */
  readonly isReplacing: boolean;
  /** It waits for a person. */
  readonly isHeld?: boolean | undefined;
}

/** The leak after a look, and what people are told of it. */
export interface WatchedLeak {
  readonly leak: Leak;
  readonly say?: 'open' | 'closed' | undefined;
}

/**
 * A leak closes when every look of half an hour found its key deleted and refused (I18). Until then people are told at once
 * where nothing is under way, and again at the rhythm of an episode.
 */
export function watchLeak(written: Leak, state: LeakState, scene: LeakContext): WatchedLeak {
  const { now, isReplacing } = scene;
  const leak = plausible(written, now);
  const refusedSince = refusedSinceAfter(leak, state, now);
  const seen = { ...leak, refusedSince };
  const isDead = state === 'refused' && refusedSince !== undefined && elapsedMs(refusedSince, now) >= FLIPS_MS;
  if (isDead && !isReplacing) return { leak: seen, say: 'closed' };
  return isDue(seen, state, scene)
    ? { leak: { ...seen, toldAt: now, told: leak.told + 1 }, say: 'open' }
    : { leak: seen };
}

function refusedSinceAfter({ refusedSince }: Leak, state: LeakState, now: Instant): Instant | undefined {
  switch (state) {
    case 'refused':
      return refusedSince ?? now;
    case 'unclear':
      return refusedSince;
    case 'lingers':
    case 'alive':
      return undefined;
  }
}

/** How Gemini's taking a key that was deleted then is to be understood. */
export function stateOfTaken(deletedAt: Instant, now: Instant): LeakState {
  return elapsedMs(deletedAt, now) < FLIPS_MS ? 'lingers' : 'alive';
}

function isDue({ at, toldAt, told }: Leak, state: LeakState, scene: LeakContext): boolean {
  const { policy, now, heardAgainAt } = scene;
  const isReplacing = scene.isReplacing && scene.isHeld !== true;
  if (toldAt !== undefined)
    return isReminderDue({ announcedAt: toldAt, reminders: Math.max(0, told - 1) }, policy, now, heardAgainAt);
  return (state === 'alive' && !isReplacing) || isReminderDue({ announcedAt: at, reminders: 0 }, policy, now);
}

/** A refusal or an announcement that lies ahead is none: a clock ran ahead, or a hand wrote it. */
function plausible(leak: Leak, now: Instant): Leak {
  const happened = (at: Instant | undefined) => (at !== undefined && isAhead(at, now) ? undefined : at);
  return {
    ...leak,
    at: happened(leak.at) ?? now,
    refusedSince: happened(leak.refusedSince),
    toldAt: happened(leak.toldAt),
  };
}
