import { parseRecord } from './json.ts';

/** What a secret is checked by. Every number has a bound, so that a typo cannot switch the check off. */
export interface Policy {
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

interface Bound {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly says: string;
}

/** The bounds of every policy number, and what it is where nobody set it. The README's table is printed from here. */
export const POLICY_BOUNDS = {
  confirmAnswers: { fallback: 3, min: 1, max: 10, says: 'agreeing "dead" answers in one run before it is believed' },
  confirmSpacingSeconds: { fallback: 2, min: 0, max: 60, says: 'seconds between those answers' },
  unclearRunsMax: { fallback: 3, min: 1, max: 100, says: 'unclear runs in a row before a warning' },
  goodRunsMin: { fallback: 2, min: 1, max: 100, says: 'good runs in a row before an episode closes' },
  deepEveryHours: { fallback: 24, min: 1, max: 720, says: 'hours between probes that spend a token' },
  remindAfterHours: {
    fallback: 4,
    min: 1,
    max: 168,
    says: 'hours to the first reminder; every next gap doubles, up to a week',
  },
  escalateAfterHours: { fallback: 24, min: 1, max: 720, says: 'hours after which an open episode is critical' },
} as const satisfies Record<keyof Policy, Bound>;

/** The policy where nobody set anything. */
export const DEFAULT_POLICY: Policy = {
  confirmAnswers: POLICY_BOUNDS.confirmAnswers.fallback,
  confirmSpacingSeconds: POLICY_BOUNDS.confirmSpacingSeconds.fallback,
  unclearRunsMax: POLICY_BOUNDS.unclearRunsMax.fallback,
  goodRunsMin: POLICY_BOUNDS.goodRunsMin.fallback,
  deepEveryHours: POLICY_BOUNDS.deepEveryHours.fallback,
  remindAfterHours: POLICY_BOUNDS.remindAfterHours.fallback,
  escalateAfterHours: POLICY_BOUNDS.escalateAfterHours.fallback,
};

/** A policy and what was wrong with its source; a field that could not be read keeps the value underneath. */
export interface PolicyReading {
  readonly policy: Policy;
  readonly problems: readonly string[];
}

/** Annotation on a secret that overrides the deployment's policy for it: JSON such as `{"v":1,"confirmAnswers":5}`. */
export const POLICY_ANNOTATION = 'key-warden.policy';

/** Lays a secret's own policy over the deployment's. What is not understood is reported and changes nothing. */
export function readPolicy(annotation: string | undefined, underneath: Policy): PolicyReading {
  if (annotation === undefined) return { policy: underneath, problems: [] };
  const value = parseRecord(annotation);
  if (value === undefined) return { policy: underneath, problems: [`${POLICY_ANNOTATION} is not a JSON object`] };
  const { v, ...fields } = value;
  if (v !== 1)
    return {
      policy: underneath,
      problems: [`${POLICY_ANNOTATION} has version ${JSON.stringify(v)}; this release reads version 1`],
    };
  const problems: string[] = [];
  const policy: Record<keyof Policy, number> = { ...underneath };
  for (const [field, set] of Object.entries(fields)) {
    if (!isPolicyField(field))
      problems.push(
        `${POLICY_ANNOTATION} has an unknown field "${field}"; known: ${Object.keys(POLICY_BOUNDS).join(', ')}`,
      );
    else {
      const problem = policyProblem(field, set);
      if (problem === undefined && typeof set === 'number') policy[field] = set;
      else problems.push(`${POLICY_ANNOTATION}: ${problem}`);
    }
  }
  return { policy, problems };
}

/** What is wrong with a value for a policy field, or `undefined` when it is a whole number within the bounds. */
export function policyProblem(field: keyof Policy, value: unknown): string | undefined {
  const { min, max } = POLICY_BOUNDS[field];
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return fits ? undefined : `${field} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`;
}

function isPolicyField(name: string): name is keyof Policy {
  return Object.hasOwn(POLICY_BOUNDS, name);
}
