import { KEY_CAUSES } from './key.ts';
import { PROBE_CAUSES } from './probe.ts';
import { PROJECT_CAUSES } from './project.ts';
import { RESTRICTION_CAUSES } from './restriction.ts';
import { STORE_CAUSES } from './store.ts';
import { stepsFor, toldStep, type Step, type ToldStep } from './step.ts';
import type { SlotValues } from '../values/command.ts';

/**
 * What is known about a key. `dead`: the key itself is refused. `blocked`: the key is known, something around it stops
 * it. `throttled`: it authenticated and must wait. `unclear`: nothing was learned about it.
 */
export const VERDICTS = ['works', 'dead', 'blocked', 'throttled', 'unclear'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How bad something is, mildest first: the order is the rank. */
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Less than 0 where `one` is milder than `other`, more than 0 where it is graver. */
export function compareSeverity(one: Severity, other: Severity): number {
  return SEVERITIES.indexOf(one) - SEVERITIES.indexOf(other);
}

/** What one cause means for everybody who reads it: the judge, an alert, the CLI, the runbook. */
export interface CauseRow {
  readonly verdict: Verdict;
  /** One such answer settles it: it ends only by somebody's action, so nothing is gained by asking again. */
  readonly definitive: boolean;
  readonly severity: Severity;
  /** Whether replacing the key by another of the same kind, in the same project, ends it. */
  readonly newKeyHelps: boolean;
  readonly title: string;
  /** One or two plain sentences for somebody woken up by it. */
  readonly meaning: string;
  /** In order; what destroys something comes last. */
  readonly remedy: readonly Step[];
  /** Anchor of the cause's section in docs/runbook.md. */
  readonly runbook: string;
}

/** THE TABLE: everything that can be said about a stored key, and what to do about it. */
export const CAUSES = {
  ...KEY_CAUSES,
  ...RESTRICTION_CAUSES,
  ...PROJECT_CAUSES,
  ...PROBE_CAUSES,
  ...STORE_CAUSES,
} as const satisfies Record<string, CauseRow>;

export type Cause = keyof typeof CAUSES;

/** Whether a word read from outside, such as an annotation, names a cause this release knows. */
export function isCause(word: unknown): word is Cause {
  return typeof word === 'string' && Object.hasOwn(CAUSES, word);
}

/** Whether a new key ends a cause: where nothing was learned about the old one, that is open. */
export function newKeyHelps(cause: Cause): 'yes' | 'no' | 'not known yet' {
  const row = CAUSES[cause];
  if (row.newKeyHelps) return 'yes';
  return row.verdict === 'unclear' && !NO_KEY_TO_BLAME.includes(cause) ? 'not known yet' : 'no';
}

/** Unclear as to the key, and sure that no key is what is wrong. */
const NO_KEY_TO_BLAME: readonly Cause[] = ['app_refuses_auth_keys', 'model_not_found'];

/** The steps that end a cause, ready to paste; steps that find what is known already are left out. */
export function remedyOf(cause: Cause, values: SlotValues): readonly ToldStep[] {
  return stepsFor(CAUSES[cause].remedy, values).map((step) => toldStep(step, values));
}
