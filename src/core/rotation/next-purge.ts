import type { Journal } from '../record/journal.ts';
import type { Retired } from '../record/ledger.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import { DAY_MS, MINUTE_MS, elapsedMs, isAhead, plusMs, spokenMinuteBy, type Instant } from '../values/time.ts';

/** What is due for an old key. Each step rests on what the ledger says of the one before. */
export type PurgeStep =
  /** Delete the key at its issuer; unless it leaked, only if nobody used it lately. */
  | { readonly do: 'delete'; readonly key: string; readonly unlessUsed: boolean }
  /** Probe the deleted key until it is refused, and record that. */
  | { readonly do: 'prove'; readonly key: string }
  /** Destroy the version's bytes, for good. */
  | { readonly do: 'destroy'; readonly key: string }
  /** Take the entry off: nobody knows the key, so that nothing proves what became of it, and the version is kept. */
  | { readonly do: 'forget' }
  /** Write when it was retired anew: what is on record lies ahead of the clock. */
  | { readonly do: 'date' }
  | { readonly do: 'wait'; readonly until?: Instant | undefined; readonly why: string };

/** Deleted keys flip between refused and accepted for up to 23 minutes, as somebody measured; only then is a refusal proof. */
export const FLIPS_MS = 30 * MINUTE_MS;

/** The next step for an old key (I8: nothing before its time). A key that a rotation is going back to is left alone. */
export function nextPurge(old: Retired, journal: Journal, policy: RotationPolicy, now: Instant): PurgeStep {
  const { version, key, keyUnknown, at, urgent, deletingUntil, deletedAt, provenDeadAt } = old;
  if (journal.phase !== 'resting' && (journal.from === version || journal.to === version))
    return { do: 'wait', why: `rotation ${journal.id} may still want version ${version}` };
  if (deletingUntil !== undefined && deletingUntil > now)
    return { do: 'wait', until: deletingUntil, why: 'another purge is at it' };
  if (urgent !== true && isAhead(at, now)) return { do: 'date' };
  const retainedUntil = urgent === true ? now : plusMs(at, policy.retentionDays * DAY_MS);
  if (key === undefined) {
    const forgetAt = plusMs(at, (policy.retentionDays + policy.destroyAfterDays) * DAY_MS);
    return due(forgetAt, now, { do: 'forget' }, `${keyUnknown ?? NEVER_LOOKED_FOR}. Its version is kept`);
  }
  if (deletedAt === undefined) {
    const step = { do: 'delete', key: key.name, unlessUsed: urgent !== true } as const;
    return due(retainedUntil, now, step, 'kept so that a rollback can bring it back');
  }
  if (provenDeadAt === undefined) {
    const step = { do: 'prove', key: key.name } as const;
    return due(plusMs(deletedAt, FLIPS_MS), now, step, 'deleted keys go on working for up to half an hour');
  }
  return due(plusMs(deletedAt, policy.destroyAfterDays * DAY_MS), now, { do: 'destroy', key: key.name }, PROVEN);
}

/**
 * Whether it is found out in this run who stands in the way of a deletion: once a day, when the purge of a whole day has not deleted the key.
 * That takes an access for each secret.
 */
export function isLookedAtAgain(
  { at }: Retired,
  { retentionDays }: RotationPolicy,
  { now, runEveryMinutes }: { readonly now: Instant; readonly runEveryMinutes: number },
): boolean {
  const overdueMs = elapsedMs(at, now) - retentionDays * DAY_MS;
  return overdueMs >= DAY_MS && overdueMs % DAY_MS < runEveryMinutes * MINUTE_MS;
}

const NEVER_LOOKED_FOR = 'its key is none of the issuer’s keys that we know: delete it where it was made';
const PROVEN = 'the key is deleted and refused; its version is kept some time longer';

function due(from: Instant, now: Instant, step: PurgeStep, why: string): PurgeStep {
  return from <= now ? step : { do: 'wait', until: from, why: `${why}, until ${spokenMinuteBy(from)}` };
}

/** The issuer forgets a key, and our marks with it, 30 days after its deletion. */
const LEFT_DAYS_MAX = 28;

/**
 * Until when a version is kept that a rotation left with a deleted key: the retention time, and no longer than its key is remembered,
 * because without the key's mark nothing says that the version is ours.
 */
export function leftUntil(deletedAt: Instant, { retentionDays }: Pick<RotationPolicy, 'retentionDays'>): Instant {
  return plusMs(deletedAt, Math.min(retentionDays, LEFT_DAYS_MAX) * DAY_MS);
}

/** A key that a rotation made and that nothing knows of any more is deleted only at this age: its rotation may be young. */
const ORPHAN_AGE_MS = DAY_MS;

/** Whether a key of ours is old enough to be called an orphan. */
export function isOldEnoughToSweep(createdAt: Instant, now: Instant): boolean {
  return elapsedMs(createdAt, now) >= ORPHAN_AGE_MS;
}
