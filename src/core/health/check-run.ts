import { CAUSES, remedyOf, type Cause } from '../causes/causes.ts';
import { ON_CALL } from '../causes/on-call.ts';
import { valuesFor, type Finding } from './finding.ts';
import type { Health } from '../record/health-state.ts';
import type { KeyCensus } from './key-census.ts';
import type { OpenTrouble } from './open-trouble.ts';
import type { Detection } from './told-in-time.ts';
import type { FleetOutage } from './outage.ts';
import { seenIn, verdictsIn, type Tally } from './tally.ts';
import { stepText } from '../causes/step.ts';
import { toldLint } from '../key/lint-finding.ts';
import type { SlotValues } from '../values/command.ts';
import { isoOf, type Instant } from '../values/time.ts';

/** Name and version of the report's JSON form; a change that breaks a reader raises the number. */
export const REPORT_SCHEMA = 'key-warden/report/v1';

/** A finding and what became of it. */
export interface Checked {
  readonly finding: Finding;
  readonly health: Health['is'] | 'unknown';
  readonly announced: readonly string[];
  readonly problems: readonly string[];
  /** The episode of the secret that is open now. */
  readonly open?: OpenTrouble | undefined;
  /** How long its trouble took to be told, where this run told it first. */
  readonly detection?: Detection | undefined;
}

/** One run over any number of secrets. `expected − checked` secrets were listed and not reached in time. */
export interface Run {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly expected: number;
  /** Where every managed secret was listed, as `PROJECT/LOCATION`; absent where secrets were named. */
  readonly listed?: readonly string[] | undefined;
  /** What all findings come to, those too that are not listed. */
  readonly tally: Tally;
  /** The findings that are listed, those in trouble first to be so; in a large fleet not all that work. */
  readonly checked: readonly Checked[];
  /** Trouble that is not about one secret: a project that could not be listed, a run out of time. */
  readonly problems: readonly string[];
  /** What keys have in common: the whole fleet's trouble, or a project's. */
  readonly outages: readonly FleetOutage[];
  /** Episodes that are open at its end, of secrets, of projects and of the fleet. */
  readonly open: readonly OpenTrouble[];
  /** Keys of which nothing was learned, and nothing is open that people were told of. */
  readonly untoldUnclear: number;
  /** Keys by what is on record of them, those too that were not reached. */
  readonly census: KeyCensus;
  /** Whether a project or a secret was not looked at for want of a setting or a permission. */
  readonly barred?: boolean | undefined;
}

/**
 * The report as `--json`, the function's answer and the logs carry it: plain JSON, no key byte. `asker` is who lacks what is
 * missing, where it is not the worker.
 */
export function reportOf(run: Run, asker?: string) {
  return {
    schema: REPORT_SCHEMA,
    startedAt: isoOf(run.startedAt),
    finishedAt: isoOf(run.finishedAt),
    expected: run.expected,
    seen: seenIn(run.tally),
    verdicts: verdictsIn(run.tally),
    ...unlistedOf(run),
    outages: run.outages,
    problems: run.problems,
    secrets: run.checked.map((checked) => secretOf(checked, asker === undefined ? {} : { asker })),
  };
}

export type Report = ReturnType<typeof reportOf>;

/** Secrets that were seen and are not listed, where there are any. */
function unlistedOf({ tally, checked }: Run): { readonly unlisted?: number } {
  const unlisted = seenIn(tally) - checked.length;
  return unlisted === 0 ? {} : { unlisted };
}

function secretOf({ finding, health, announced, problems }: Checked, known: SlotValues) {
  const { diagnosis, ...rest } = finding;
  const row = CAUSES[diagnosis.cause];
  const values = { ...valuesFor(finding), ...known };
  const steps = remedyOf(diagnosis.cause, values);
  return {
    ...rest,
    ...diagnosis,
    lint: finding.lint.map((found) => toldLint(found, values)),
    severity: row.severity,
    newKeyHelps: row.newKeyHelps,
    onCall: ON_CALL[diagnosis.cause],
    title: row.title,
    meaning: row.meaning,
    remedy: steps.map(stepText),
    steps,
    runbook: row.runbook,
    health,
    announced,
    problems,
  };
}

/** Whether a cause is one that settings or permissions end, and no key. */
export function isBarring(cause: Cause): boolean {
  return BARRING.includes(cause);
}

const BARRING: readonly Cause[] = ['access_denied', 'no_credentials', 'secret_missing', 'store_disabled'];

/** What an exit code is made of. */
type Outlook = Pick<Run, 'problems' | 'barred'> & {
  /** Secrets that were to be looked at, where it is known. */
  readonly expected?: number | undefined;
  readonly checked: readonly Pick<Checked, 'finding'>[];
};

/** Exit codes of the command line, the same for every command that checks. */
export function exitCodeOf({ checked, problems, expected, barred = false }: Outlook): 0 | 1 | 3 | 4 {
  const diagnoses = checked.map(({ finding }) => finding.diagnosis);
  return codeOf(diagnoses, problems.length > 0 || expected === 0, barred);
}

/** The same from a report of the worker’s, which need not list every secret that it counts. */
export function exitCodeOfReport({
  secrets,
  verdicts,
  problems,
  expected,
}: Pick<Report, 'secrets' | 'verdicts' | 'problems' | 'expected'>): 0 | 1 | 3 | 4 {
  if (verdicts.dead + verdicts.blocked > 0) return 1;
  return codeOf(secrets, problems.length > 0 || expected === 0 || verdicts.unclear > 0, false);
}

/** Whether consumers fail with the key until somebody does something about it. */
export function isBad({ verdict }: Pick<Finding['diagnosis'], 'verdict'>): boolean {
  return verdict === 'dead' || verdict === 'blocked';
}

/** Nothing to look at is no good news: a project that was misspelt holds no dead key either. */
function codeOf(
  seen: readonly Pick<Finding['diagnosis'], 'verdict' | 'cause'>[],
  isPartial: boolean,
  barred: boolean,
): 0 | 1 | 3 | 4 {
  if (seen.some(isBad)) return 1;
  if (barred || seen.some(({ cause }) => isBarring(cause))) return 4;
  return isPartial || seen.some(({ verdict }) => verdict === 'unclear') ? 3 : 0;
}
