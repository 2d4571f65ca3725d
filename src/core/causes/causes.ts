import { KEY_CAUSES } from './key.ts';
import { PROBE_CAUSES } from './probe.ts';
import { PROJECT_CAUSES } from './project.ts';
import { RESTRICTION_CAUSES } from './restriction.ts';
import { STORE_CAUSES } from './store.ts';
import { GLOBAL, secretNameOf } from '../google/resource-names.ts';

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
  /** In order; commands in backticks; may hold `{project}`, `{secret}`, `{version}`, `{key}`. */
  readonly remedy: readonly string[];
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

/** Ids as gcloud takes them; one that is not known is shown as a word for the reader to replace. */
export interface RemedyNames {
  readonly project?: string;
  readonly secret?: string;
  readonly version?: string;
  /** A region; regional secrets are found only when gcloud is told. */
  readonly location?: string;
}

/** The steps that end a cause, ready to paste. */
export function remedyOf(cause: Cause, names: RemedyNames): readonly string[] {
  return CAUSES[cause].remedy.map((step) => fillIn(step, names));
}

/** One step with its names filled in. The key's id at the issuer is never known here: `KEY_ID`. */
export function fillIn(step: string, names: RemedyNames): string {
  const { project = 'PROJECT_ID', secret = 'SECRET_ID', version = 'VERSION', location } = names;
  const own =
    names.project === undefined || names.secret === undefined
      ? '{secret}'
      : fullNameOf(names.project, names.secret, location);
  const regional = location === undefined ? step : step.replaceAll(SECRETS_COMMAND, `$1--location=${location} $2`);
  return regional
    .replaceAll('--secret {secret}', () => `--secret ${own}`)
    .replaceAll('{project}', () => project)
    .replaceAll('{secret}', () => secret)
    .replaceAll('{version}', () => version)
    .replaceAll('{key}', 'KEY_ID');
}

/** Our own commands take the full name, which needs no setting beside it. */
function fullNameOf(project: string, secret: string, location = GLOBAL): string {
  return secretNameOf({ project, location, secret });
}

const SECRETS_COMMAND = /(gcloud secrets [^`]*?)(--project=)/g;
