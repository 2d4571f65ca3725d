import type { Bound } from '../values/bounds.ts';

/** What a secret is checked by. Every number has a bound, so that a typo cannot switch the check off. */
export interface CheckPolicy {
  /** Agreeing `dead` answers within one run before it is believed. */
  readonly confirmAnswers: number;
  /** Pause between those answers: propagation flips from minute to minute, bursts do not. */
  readonly confirmSpacingSeconds: number;
  /** Runs in a row that may be unclear before a warning. */
  readonly unclearRunsMax: number;
  /** Runs in a row that must be good before an episode closes. */
  readonly goodRunsMin: number;
  /** Hours between deep probes, which cost one token each. */
  readonly deepEveryHours: number;
  /** The first reminder of an open episode; each next one waits twice as long, up to a week. */
  readonly remindAfterHours: number;
  /** From this age an open episode is critical, whatever its cause. */
  readonly escalateAfterHours: number;
}

/** The bounds of every policy number, and its default. docs/reference/settings.md is printed from here. */
export const CHECK_POLICY_BOUNDS = {
  confirmAnswers: { fallback: 3, min: 1, max: 10, says: 'agreeing "dead" answers in one run before it is believed' },
  confirmSpacingSeconds: { fallback: 2, min: 0, max: 60, says: 'seconds between those answers' },
  unclearRunsMax: { fallback: 3, min: 1, max: 100, says: 'unclear runs in a row before a warning' },
  goodRunsMin: { fallback: 2, min: 1, max: 100, says: 'good runs in a row before an episode closes' },
  deepEveryHours: {
    fallback: 4,
    min: 1,
    max: 720,
    says: 'hours between probes that spend a token: so long trouble may last that no other probe sees (spend caps, quotas, billing)',
  },
  remindAfterHours: {
    fallback: 4,
    min: 1,
    max: 168,
    says: 'hours to the first reminder; every next gap doubles, up to a week',
  },
  escalateAfterHours: { fallback: 24, min: 1, max: 720, says: 'hours after which an open episode is critical' },
} as const satisfies Record<keyof CheckPolicy, Bound>;

/** The policy where nobody set anything. */
export const DEFAULT_CHECK_POLICY: CheckPolicy = {
  confirmAnswers: CHECK_POLICY_BOUNDS.confirmAnswers.fallback,
  confirmSpacingSeconds: CHECK_POLICY_BOUNDS.confirmSpacingSeconds.fallback,
  unclearRunsMax: CHECK_POLICY_BOUNDS.unclearRunsMax.fallback,
  goodRunsMin: CHECK_POLICY_BOUNDS.goodRunsMin.fallback,
  deepEveryHours: CHECK_POLICY_BOUNDS.deepEveryHours.fallback,
  remindAfterHours: CHECK_POLICY_BOUNDS.remindAfterHours.fallback,
  escalateAfterHours: CHECK_POLICY_BOUNDS.escalateAfterHours.fallback,
};
