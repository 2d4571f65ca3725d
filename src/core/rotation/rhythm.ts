import { HOUR_MS, elapsedMs, plusMs, type Instant } from '../values/time.ts';

/** Requests in one hour, which ends at `endsAt`. */
export interface UsedHour {
  readonly endsAt: Instant;
  readonly requests: number;
}

/** How a key was used, or why that is not known. Unknown is never zero. */
export type Usage =
  | {
      readonly known: true;
      /** Hours with requests, oldest first; lists of models are left out, because they are no use of a key. */
      readonly hours: readonly UsedHour[];
      /** End of the first hour in which the key was counted at all; absent for one that Monitoring does not know. */
      readonly seenSince?: Instant | undefined;
    }
  | { readonly known: false; readonly why: string };

/** How many requests of a count of that hour may be our own deep probes. */
export type OwnRequests = (hourEndsAt: Instant) => number;

/** The use that is sure to be somebody else's. What may be ours is left out, so that pauses are rather too long than too short. */
export function usedByOthers(hours: readonly UsedHour[], own: OwnRequests): readonly UsedHour[] {
  return hours.filter(({ endsAt, requests }) => requests > own(endsAt));
}

/**
 * The longest pause in whole hours: between two hours with use, from the first sight of the key to its first use, and from the last use
 * to the promotion. Requests stand anywhere in their hour, so each pause is taken at its longest. `undefined` for no use.
 */
export function longestPauseHours(
  used: readonly UsedHour[],
  seenSince: Instant,
  promotedAt: Instant,
): number | undefined {
  const [first] = used;
  if (first === undefined) return undefined;
  let longest = elapsedMs(seenSince, first.endsAt);
  let last = first;
  for (const hour of used) {
    longest = Math.max(longest, elapsedMs(last.endsAt, hour.endsAt));
    last = hour;
  }
  return Math.ceil((Math.max(longest, elapsedMs(last.endsAt, promotedAt)) + HOUR_MS) / HOUR_MS);
}

/** A longer silence is asked of nobody: a key that rests for two weeks is taken to be given up. */
const SILENCE_HOURS_MAX = 14 * 24;
/** A batch that is late by a quarter of its rhythm is not taken to be gone. */
const PAUSE_FACTOR = 1.25;

/** How long an old key must be silent: longer than it ever paused, and never shorter than the policy wants. */
export function silenceHours(pauseHours: number, drainHoursMin: number): number {
  return Math.max(drainHoursMin, Math.min(SILENCE_HOURS_MAX, Math.ceil(pauseHours * PAUSE_FACTOR)));
}

/** Cloud Monitoring keeps six weeks by the minute; four show a weekly rhythm, and are one answer of some hundred points. */
const PAST_DAYS = 28;

/** The beginning of the past that shows the rhythm. */
export function pastBegins(promotedAt: Instant): Instant {
  return plusMs(promotedAt, -PAST_DAYS * 24 * HOUR_MS);
}
