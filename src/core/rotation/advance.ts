import { firstLookAt, TAKING_UP } from './drain.ts';
import { isCompleted, type InFlight, type Journal, type Lease, type Rotation } from '../record/journal.ts';
import { afterRefusal, isBeforePromotion, ROTATION, type Cell } from './rotation.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import { HOUR_MS, elapsedMs, plusMs, type Instant } from '../values/time.ts';

/** What an act found out for the acts after it. */
export type Learned = Partial<
  Pick<Rotation, 'to' | 'fromKey' | 'fromKeyUnknown' | 'toKey' | 'toKeyMadeAt' | 'tombstone' | 'drain'>
> & {
  /** Versions that are no candidates from now on. */
  readonly passOver?: readonly number[];
};

/** What an act came to. `wait` is no failure: the world needs time, and says until when. */
export type Outcome =
  | ({ readonly kind: 'done' } & Learned)
  | { readonly kind: 'refused'; readonly why: string; readonly learned?: Learned }
  | {
      readonly kind: 'unsure';
      readonly why: string;
      readonly learned?: Learned;
      /** Only a person can end it. */ readonly hold?: boolean;
      /** A name on record is not proven to be this secret's, which has an alarm of its own. */ readonly unproven?: boolean;
      /** Google, or the way to it, is out of order: it ends by itself. */ readonly passes?: boolean;
    }
  | { readonly kind: 'wait'; readonly why: string; readonly until: Instant; readonly learned?: Learned };

/**
 * The journal after an act: a look-up in the table, and the bookkeeping of tries, backoff and reasons. `isLeak` says that the old
 * key leaked.
 */
export function advance(
  journal: InFlight,
  outcome: Outcome,
  policy: RotationPolicy,
  now: Instant,
  isLeak = journal.emergency,
): Journal {
  const { kind } = outcome;
  const learned = kind === 'done' ? outcome : (outcome.learned ?? {});
  const known = remember(journal, learned);
  if (kind === 'wait') return { ...known, lease: undefined, why: outcome.why, notBefore: outcome.until };
  const row = ROTATION[journal.phase];
  if (kind === 'done') return drainFirst(enter(known, row.done, undefined, now), policy, now);
  if (kind === 'refused') return enter(known, afterRefusal(journal.phase, isLeak), outcome.why, now);
  const canWait = isPatient(journal, outcome.passes === true, policy, now);
  const tries = canWait ? Math.min(journal.tries + 1, policy.triesMax) : journal.tries + 1;
  if (outcome.hold === true) return { ...hold(known, outcome.why), tries };
  if (!canWait && tries >= policy.triesMax) return enter({ ...known, tries }, row.worn, outcome.why, now);
  const pauseMs = Math.min(policy.backoffSeconds * 1000 * 2 ** (tries - 1), PAUSE_MS_MAX);
  return { ...known, lease: undefined, tries, why: outcome.why, notBefore: plusMs(now, pauseMs) };
}

/** Nothing is due after a promotion before the drain can be over: the write that promotes says so, and nobody need look. */
function drainFirst(journal: Journal, policy: RotationPolicy, now: Instant): Journal {
  if (journal.phase !== 'promoted' || journal.emergency) return journal;
  // Where consumers are brought along it is looked how they fare.
  const first = policy.reachConsumers === 0 ? firstLookAt(now, policy) : plusMs(now, REACH_LOOK_MS);
  return { ...journal, notBefore: first, why: TAKING_UP };
}

const PAUSE_MS_MAX = 30 * 60_000;
const REACH_LOOK_MS = 5 * 60_000;

/**
 * Where consumers have a key that works whatever becomes of the rest, trouble that may pass is waited out for as long as a
 * drain may take: a bad day of Google's must not call a person about every rotation in flight. Before the promotion it is what
 * passes by itself alone: to give up then would begin again with another key, in the same weather.
 */
function isPatient(
  { phase, emergency, promotedAt, openedAt, drain }: InFlight,
  passes: boolean,
  { drainHoursMax }: RotationPolicy,
  now: Instant,
): boolean {
  if (emergency) return false;
  if (isBeforePromotion(phase)) return passes && elapsedMs(openedAt, now) < BAD_WEATHER_MS_MAX;
  const isCalm = phase === 'promoted' || phase === 'drained' || phase === 'abandoned';
  return isCalm && elapsedMs(promotedAt ?? openedAt, now) < (drainHoursMax + (drain?.hours ?? 0)) * HOUR_MS;
}

/** As long a new key may be on its way to consumers while Google is out of order; what takes longer is looked at anew. */
const BAD_WEATHER_MS_MAX = 48 * HOUR_MS;

/** Enters the phase a cell names; `why` stays with the rotation until a later phase has a reason of its own. */
export function enter(journal: InFlight, cell: Cell, why: string | undefined, now: Instant): Journal {
  if (cell === 'held') return hold(journal, why);
  if (cell === 'resting') return rest(journal, now);
  const promotedAt = cell === 'promoted' ? now : journal.promotedAt;
  return {
    ...journal,
    phase: cell,
    since: now,
    promotedAt,
    lease: undefined,
    tries: 0,
    notBefore: undefined,
    held: false,
    wish: cell === 'abandoned' ? undefined : journal.wish,
    why: why ?? (cell === 'abandoned' ? journal.why : undefined),
  };
}

function hold(journal: InFlight, why: string | undefined): InFlight {
  return { ...journal, lease: undefined, held: true, holds: (journal.holds ?? 0) + 1, why: why ?? journal.why };
}

/** Back at rest: an abandoned rotation delays the next, and so does a rollback, or what was left would soon come back. */
function rest(journal: InFlight, now: Instant): Journal {
  const { failures, passedOver } = journal.rest;
  if (journal.phase === 'drained') return { phase: 'resting', failures: 0, passedOver };
  if (isCompleted(journal)) return { phase: 'resting', failures: 0, notBefore: plusMs(now, REST_MS_MAX), passedOver };
  const next = failures + 1;
  const pauseMs = Math.min(FIRST_REST_MS * 2 ** failures, REST_MS_MAX);
  return { phase: 'resting', failures: next, notBefore: plusMs(now, pauseMs), passedOver };
}

const FIRST_REST_MS = 10 * 60_000;
/** The longest that a secret at rest waits before something is begun by itself. */
export const REST_MS_MAX = 24 * 3_600_000;

function remember(
  journal: InFlight,
  { to, fromKey, fromKeyUnknown, toKey, toKeyMadeAt, tombstone, drain, passOver }: Learned,
): InFlight {
  const passedOver = [
    ...journal.rest.passedOver,
    ...(passOver ?? []).filter((version) => !journal.rest.passedOver.includes(version)),
  ];
  return {
    ...journal,
    to: to ?? journal.to,
    fromKey: fromKey ?? journal.fromKey,
    fromKeyUnknown: fromKeyUnknown ?? journal.fromKeyUnknown,
    toKey: toKey ?? journal.toKey,
    toKeyMadeAt: toKeyMadeAt ?? journal.toKeyMadeAt,
    tombstone: tombstone ?? journal.tombstone,
    drain: drain ?? journal.drain,
    rest: { ...journal.rest, passedOver: passedOver.slice(-PASSED_OVER_MAX) },
  };
}

/** Versions that are remembered as no candidates, newest last. */
export const PASSED_OVER_MAX = 20;

/** The lease that must be on disk before an act that no etag fences. */
export function leaseOf(journal: InFlight, holder: string, policy: RotationPolicy, now: Instant): Lease {
  return { holder, act: ROTATION[journal.phase].act, until: plusMs(now, policy.leaseSeconds * 1000) };
}
