import { CAUSES, SEVERITIES, VERDICTS, type Cause, type Severity, type Verdict } from '../causes/causes.ts';
import type { Health } from '../record/health-state.ts';
import { elapsedSeconds, type Instant } from '../values/time.ts';

/** An episode that is open at the end of a run, as alarms and charts count it: what is broken now, and since when. */
export interface OpenTrouble {
  /** Absent where it is many secrets', or everybody's. */
  readonly secret?: string | undefined;
  /** Absent where it is everybody's. */
  readonly project?: string | undefined;
  readonly cause: Cause;
  readonly severity: Severity;
  readonly openedAt: Instant;
}

/** The episode that a health says is open. */
export function openTrouble(
  health: Health | undefined,
  about: Pick<OpenTrouble, 'secret' | 'project'>,
): OpenTrouble | undefined {
  if (health === undefined || !('episode' in health)) return undefined;
  const { cause, severity, openedAt } = health.episode;
  return { ...about, cause, severity, openedAt };
}

/** What a log line says of it, so that it can be counted by what it is. */
export function openJson({ project, cause, severity, openedAt }: OpenTrouble, now: Instant) {
  const verdict: Verdict = CAUSES[cause].verdict;
  return { project, severity, verdict, seconds: elapsedSeconds(openedAt, now) };
}

/** Episodes alike in verdict and severity, and how many there are. */
export interface OpenGroup {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly count: number;
}

/** What is open by verdict and severity: however many episodes there are, there are few groups. Those without one are left out. */
export function openGroups(open: readonly OpenTrouble[]): readonly OpenGroup[] {
  return VERDICTS.flatMap((verdict) =>
    SEVERITIES.map((severity) => ({
      verdict,
      severity,
      count: open.filter((one) => one.severity === severity && CAUSES[one.cause].verdict === verdict).length,
    })),
  ).filter(({ count }) => count > 0);
}

/** How many are open by severity, all of them named, and for how long the oldest is. */
export function openCounts(open: readonly OpenTrouble[], now: Instant) {
  const counts = SEVERITIES.map((severity) => [severity, open.filter((one) => one.severity === severity).length]);
  const oldestSeconds = Math.max(0, ...open.map(({ openedAt }) => elapsedSeconds(openedAt, now)));
  return { open: Object.fromEntries(counts), oldestSeconds };
}
