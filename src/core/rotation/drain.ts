import type { Drain, Rotation } from '../record/journal.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import {
  longestPauseHours,
  pastBegins,
  silenceHours,
  usedByOthers,
  type OwnRequests,
  type Usage,
  type UsedHour,
} from './rhythm.ts';
import { clipBytes } from '../values/utf8.ts';
import { HOUR_MS, MINUTE_MS, elapsedMs, plusMs, spokenMinuteBy, type Instant } from '../values/time.ts';

/** Monitoring's points may be half an hour late, and the meter counts whole minutes: what is younger is never looked at. */
const METER_LAG_MS = 31 * 60_000;

/** Whether the old key may be retired. `drained` carries the evidence that it rests on. */
export type DrainVerdict =
  | { readonly drained: true; readonly drain: Drain }
  | { readonly drained: false; readonly until: Instant; readonly why: string; readonly drain?: Drain | undefined }
  | { readonly drained: false; readonly hold: true; readonly why: string; readonly drain: Drain };

/** The stretch to ask about: the past that shows the rhythm, up to where Monitoring's points are complete. */
export function meteredWindow(promotedAt: Instant, now: Instant): { readonly from: Instant; readonly until: Instant } {
  return { from: pastBegins(promotedAt), until: plusMs(now, -METER_LAG_MS) };
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

/** What a drain is judged by. */
export interface DrainEvidence {
  readonly promotedAt: Instant;
  readonly usage: Usage;
  /** The check probes what consumers read, which was the old key until the promotion. */
  readonly ownBefore: OwnRequests;
}

/**
 * Weighs what was measured. Silence counts only if it was measured, and only if it is longer than the old key ever paused while it was in
 * use: a nightly batch is silent all day. Where nothing is known of that, time alone must do.
 */
export function judgeDrain(
  { promotedAt, usage, ownBefore }: DrainEvidence,
  policy: RotationPolicy,
  now: Instant,
): DrainVerdict {
  if (!usage.known) return unmeasured(promotedAt, usage.why, policy, now);
  if (usage.seenSince === undefined) return unmeasured(promotedAt, NEVER_COUNTED, policy, now);
  // Hours are counted back from the end of a minute.
  const isBefore = ({ endsAt }: UsedHour) => elapsedMs(promotedAt, endsAt) < MINUTE_MS;
  const after = usage.hours.filter((hour) => !isBefore(hour));
  const used = [...usedByOthers(usage.hours.filter(isBefore), ownBefore), ...after];
  const last = used.at(-1);
  const pauseHours = longestPauseHours(used, usage.seenSince, promotedAt);
  if (pauseHours === undefined || last === undefined) return unmeasured(promotedAt, NOBODY_ELSE, policy, now);
  const hours = silenceHours(pauseHours, policy.drainHoursMin);
  const rhythm = { hours, pauseHours, at: now };
  const silentAfter = (moment: Instant) => plusMs(moment, hours * HOUR_MS + METER_LAG_MS);
  const fullAt = silentAfter(promotedAt);
  if (now < fullAt) return firstWindow(after, rhythm, fullAt);
  const { until } = meteredWindow(promotedAt, now);
  const requests = sumOf(used.filter(({ endsAt }) => elapsedMs(endsAt, until) < hours * HOUR_MS - MINUTE_MS));
  if (requests === 0) return { drained: true, drain: { use: 'idle', requests, ...rhythm } };
  const drain: Drain = { use: 'busy', requests, ...rhythm };
  const why = `the old key was used ${requests} times in ${hours} hours`;
  const longest = plusMs(fullAt, policy.drainHoursMax * HOUR_MS);
  if (longest <= now) {
    return {
      drained: false,
      hold: true,
      drain: { ...drain, overdue: true },
      why: `${why}, ${policy.drainHoursMax} hours after it could have been idle: nothing breaks while it waits. Find who still uses it and move them, then resume`,
    };
  }
  const silent = silentAfter(last.endsAt);
  return { drained: false, until: silent < longest ? silent : longest, drain, why };
}

const NEVER_COUNTED = 'Monitoring has never counted a request with the old key';
const NOBODY_ELSE =
  'no use of the old key was counted but listing models and our own probes, so its rhythm is not known';

function unmeasured(
  promotedAt: Instant,
  unknown: string,
  { drainHoursUnmeasured }: RotationPolicy,
  now: Instant,
): DrainVerdict {
  const drain: Drain = { use: 'unknown', at: now, why: clipBytes(unknown, WHY_BYTES_MAX) };
  const until = plusMs(promotedAt, drainHoursUnmeasured * HOUR_MS);
  if (until <= now) return { drained: true, drain };
  return {
    drained: false,
    until,
    drain,
    why: `the use of the old key is not known (${unknown}), so it is kept until ${spokenMinuteBy(until)}`,
  };
}

/** The annotations of a secret are 16 KiB in all. */
const WHY_BYTES_MAX = 200;

/** The stretch that must be silent still reaches back to before the promotion: whatever was measured, it is too early. */
function firstWindow(
  after: readonly UsedHour[],
  { hours, pauseHours, at }: Required<Pick<Drain, 'hours' | 'pauseHours' | 'at'>>,
  fullAt: Instant,
): DrainVerdict {
  const requests = sumOf(after);
  const drain: Drain = { use: requests > 0 ? 'busy' : 'unknown', requests, hours, pauseHours, at };
  const why = `the old key used to pause for up to ${pauseHours} hours, so ${hours} hours of silence are waited for`;
  return { drained: false, until: fullAt, drain, why };
}

function sumOf(hours: readonly UsedHour[]): number {
  return hours.reduce((sum, { requests }) => sum + requests, 0);
}
