import type { Outcome } from '../../../core/rotation/advance.ts';
import type { RotationPolicy } from '../../../core/rotation/rotation-policy.ts';
import { elapsedMs, HOUR_MS, MINUTE_MS, plusMs, type Instant } from '../../../core/values/time.ts';
import { reachedBy, type Reach } from '../../reach/reached-by.ts';
import type { ActInput } from './act-input.ts';

/** How far the move to version `current` has come to the consumers; `undefined` where none is brought along. */
export function reachOf(input: ActInput, current: number | undefined): Promise<Reach | undefined> {
  const { ports, secret, journal, policy, project } = input;
  const { vault, clock, reach } = ports;
  if (reach === undefined) return Promise.resolve(undefined);
  const moved = { secret, current, journal, history: [] };
  return reachedBy({ vault, clock, ...reach }, moved, policy, project);
}

/** How soon the consumers are looked at again. */
const LOOK_MS = 5 * MINUTE_MS;

/** The policy of a drain: where everybody who reads the secret is known and on the new key, it may be shorter. */
export function drainPolicy(policy: RotationPolicy, reach: Reach | undefined): RotationPolicy {
  const isKnown = reach?.is === 'all' && reach.isKnown;
  return isKnown ? { ...policy, drainHoursMin: Math.min(policy.drainHoursMin, policy.drainHoursReached) } : policy;
}

/** When a drain that would have to wait until then is looked at: sooner while consumers are on their way. */
export function lookAt(until: Instant, reach: Reach | undefined, now: Instant): Instant {
  const soon = plusMs(now, LOOK_MS);
  return reach?.is === 'underway' && soon < until ? soon : until;
}

/** Why a drain that could be over is not: consumers are known to keep the old key, whether it was used or not. */
export type KeptBack =
  | { readonly is: 'waiting'; readonly until: Instant; readonly why: string }
  /** Nothing breaks while it waits, and only a person ends it: the consumers are mended, or cut off. */
  | { readonly is: 'held'; readonly why: string };

/** Nobody is waited for longer than a drain may take. */
export function keptBack(
  reach: Reach | undefined,
  { drainHoursMax }: RotationPolicy,
  promotedAt: Instant,
  now: Instant,
): KeptBack | undefined {
  if (reach === undefined || reach.is === 'all') return undefined;
  const { why } = reach;
  const isLong = elapsedMs(promotedAt, now) >= drainHoursMax * HOUR_MS;
  return reach.is === 'underway' && !isLong ? { is: 'waiting', until: plusMs(now, LOOK_MS), why } : { is: 'held', why };
}

/** A way back waits for its consumers, but not for ever: what they may keep is a key that was given up. */
const BACK_MS_MAX = HOUR_MS;

/** What a rotation that was given up waits for before it takes its key away: the consumers that got it. */
export async function onTheWayBack(input: ActInput, current: number | undefined): Promise<Outcome | undefined> {
  const { journal, ports } = input;
  const now = ports.clock.now();
  if (journal.promotedAt === undefined || elapsedMs(journal.since, now) >= BACK_MS_MAX) return undefined;
  const reach = await reachOf(input, current);
  if (reach?.is !== 'underway') return undefined;
  // Why it was given up is what people are told at its end.
  return { kind: 'wait', until: plusMs(now, MINUTE_MS), why: journal.why ?? reach.why };
}
