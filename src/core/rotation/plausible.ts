import type { InFlight, Journal } from '../record/journal.ts';
import type { Retired } from '../record/ledger.ts';
import { HOUR_MS, MINUTE_MS, isAhead, plusMs, AHEAD_MS_MAX, type Instant } from '../values/time.ts';
import { REST_MS_MAX } from './advance.ts';
import { ROTATION_POLICY_BOUNDS } from './rotation-policy.ts';

/**
 * Deadlines are bounded by the widest that any policy can ask for, never by today's: a policy that was shortened since must
 * not make a lease that holds look like none.
 */
const LEASE_MS_MAX = ROTATION_POLICY_BOUNDS.leaseSeconds.max * 1000;
const WAIT_MS_MAX = ROTATION_POLICY_BOUNDS.drainHoursMax.max * HOUR_MS + 31 * MINUTE_MS;

/** A deadline that somebody could have set by now; `undefined` for any other, which nobody waits for. */
function deadline(until: Instant | undefined, widestMs: number, now: Instant): Instant | undefined {
  return until === undefined || until > plusMs(now, widestMs + AHEAD_MS_MAX) ? undefined : until;
}

/** What is past happened by now at the latest. */
function past<At extends Instant | undefined>(at: At, now: Instant): At | Instant {
  return at !== undefined && isAhead(at, now) ? now : at;
}

/**
 * A journal whose moments can be: a clock that ran ahead, or a hand, must not make a rotation wait for ever. What is past and
 * lies ahead counts from now on, which lengthens a drain and never shortens it, and the next commit writes it down.
 */
export function plausibleJournal(journal: Journal, now: Instant): Journal {
  if (journal.phase === 'resting') {
    const { due } = journal;
    const waits = due === undefined ? {} : { due: { ...due, since: past(due.since, now) } };
    return { ...journal, notBefore: deadline(journal.notBefore, REST_MS_MAX, now), ...waits };
  }
  const { openedAt, since, promotedAt, notBefore, lease, drain, rest } = journal;
  const healed: InFlight = {
    ...journal,
    openedAt: past(openedAt, now),
    since: past(since, now),
    promotedAt: past(promotedAt, now),
    notBefore: deadline(notBefore, WAIT_MS_MAX, now),
    lease: lease === undefined || deadline(lease.until, LEASE_MS_MAX, now) === undefined ? undefined : lease,
    drain:
      drain === undefined ? undefined : { ...drain, at: past(drain.at, now), deadSince: past(drain.deadSince, now) },
    rest: { ...rest, notBefore: deadline(rest.notBefore, REST_MS_MAX, now) },
  };
  return healed;
}

/**
 * An entry of the ledger whose moments can be. A deletion or a proof that lies ahead is none, and doing either again is safe;
 * when the key was retired is left, because the purge writes that anew itself.
 */
export function plausibleRetired(old: Retired, now: Instant): Retired {
  const { deletingUntil, deletedAt, provenDeadAt } = old;
  const happened = (at: Instant | undefined) => (at !== undefined && isAhead(at, now) ? undefined : at);
  return {
    ...old,
    deletingUntil: deadline(deletingUntil, LEASE_MS_MAX, now),
    deletedAt: happened(deletedAt),
    provenDeadAt: happened(provenDeadAt),
  };
}
