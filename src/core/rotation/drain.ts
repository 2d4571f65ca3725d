import type { Drain, Rotation } from '../record/journal.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import { HOUR_MS, elapsedMs, isoOf, plusMs, type Instant } from '../values/time.ts';

/** Monitoring's points may be half an hour late, and the meter counts whole minutes: what is younger is never looked at. */
const METER_LAG_MS = 31 * 60_000;

/** What was measured of the old key: requests in the quiet window, or why that is not known. */
export type Measured =
  { readonly known: true; readonly requests: number } | { readonly known: false; readonly why: string };

/** Whether the old key may be retired. `drained` carries the evidence that it rests on. */
export type DrainVerdict =
  | { readonly drained: true; readonly drain: Drain }
  | { readonly drained: false; readonly until: Instant; readonly why: string; readonly drain?: Drain | undefined }
  | { readonly drained: false; readonly hold: true; readonly why: string; readonly drain: Drain };

/** The stretch that must be silent: as long as the shortest drain, ending where Monitoring's points are complete. */
export function meteredWindow(
  policy: RotationPolicy,
  now: Instant,
): { readonly from: Instant; readonly until: Instant } {
  const until = plusMs(now, -METER_LAG_MS);
  return { from: plusMs(until, -policy.drainHoursMin * HOUR_MS), until };
}

/** Before this moment there is nothing to measure: the quiet window still reaches back to before the promotion. */
export function firstLookAt(promotedAt: Instant, policy: RotationPolicy): Instant {
  return plusMs(promotedAt, policy.drainHoursMin * HOUR_MS + METER_LAG_MS);
}

/** Why a rotation waits until then. */
export const TAKING_UP = 'the old key is kept while consumers take up the new one';

const LOOK_AGAIN_MS = 10 * 60_000;

/**
 * Whether the news that consumers cannot use the promoted key cuts a drain short, so that consumers get the old one back. Once it was
 * looked at, our own look counts for a while: the news stays open until a check has seen the key work.
 */
export function cutsShort(
  { phase, held, tries, drain, promotedAt, since }: Rotation,
  isLost: boolean,
  now: Instant,
): boolean {
  if (phase !== 'promoted' || held || tries > 0 || !isLost) return false;
  return elapsedMs(drain?.at ?? promotedAt ?? since, now) >= LOOK_AGAIN_MS;
}

/** Weighs what was measured. Silence counts only if it was measured; without a measurement, time alone must do. */
export function judgeDrain(
  promotedAt: Instant,
  measured: Measured,
  policy: RotationPolicy,
  now: Instant,
): DrainVerdict {
  if (!measured.known) {
    const drain: Drain = { use: 'unknown', at: now };
    const until = plusMs(promotedAt, policy.drainHoursUnmeasured * HOUR_MS);
    if (until <= now) return { drained: true, drain };
    return {
      drained: false,
      until,
      drain,
      why: `the use of the old key is not known (${measured.why}), so it is kept until ${isoOf(until)}`,
    };
  }
  const { requests } = measured;
  if (requests === 0) return { drained: true, drain: { use: 'idle', requests, at: now } };
  const drain: Drain = { use: 'busy', requests, at: now };
  const why = `the old key was used ${requests} times in ${policy.drainHoursMin} hours`;
  if (elapsedMs(promotedAt, now) >= policy.drainHoursMax * HOUR_MS) {
    return {
      drained: false,
      hold: true,
      drain: { ...drain, overdue: true },
      why: `${why}, ${policy.drainHoursMax} hours after the promotion: find who still uses it, or resume to retire it all the same`,
    };
  }
  return { drained: false, until: plusMs(now, METER_LAG_MS), drain, why };
}
