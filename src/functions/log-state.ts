import type { Log } from '../app/ports/ports.ts';
import type { Reconciliation } from '../app/reconcile/reconcile.ts';
import type { Run } from '../core/health/check-run.ts';
import { openCounts, openGroups } from '../core/health/open-trouble.ts';

/**
 * What a run over all secrets says of their state, in the one line of its heartbeat: how many are open and since when, what nothing was
 * learned of, and which rotations are due. Log-based metrics count by these names (docs/reference/metrics.md).
 */
export function stateOf({ open, untoldUnclear, census, finishedAt }: Run) {
  const { due, overdue } = census;
  return { ...openCounts(open, finishedAt), untoldUnclear, rotations: { due, overdue } };
}

/** A line for each group of open episodes and of keys: a metric has a label for what a field of a line says. */
export function logGroups(log: Log, { open, census }: Run): void {
  for (const openGroup of openGroups(open)) {
    const { verdict, severity, count } = openGroup;
    log.write('INFO', `open: ${count} ${verdict}, ${severity}`, { openGroup });
  }
  for (const keyGroup of census.groups) {
    const { kind, age, count } = keyGroup;
    log.write('INFO', `keys: ${count} ${kind}, ${age.replaceAll('_', ' ')}`, { keyGroup });
  }
}

/** A line for each secret whose trouble this run told for the first time: how long that took, and whether it was promised sooner. */
export function logDetections(log: Log, { checked }: Run): void {
  for (const { finding, detection } of checked)
    if (detection !== undefined)
      log.write(
        detection.late ? 'WARNING' : 'INFO',
        `trouble was told ${detection.seconds} s after the last look that can have been good; ${detection.secondsMax} s are promised`,
        { secret: finding.secret, cause: finding.diagnosis.cause, detected: detection },
      );
}

/** So many secrets are named in a run: whoever is called looks at one, and the counts say how many there are. */
const NAMED_MAX = 20;

/** A line for each rotation that waits for a person, and for each leaked key that is not deleted for too long: alarms name the secret by it. */
export function logWaiting(log: Log, { lines, liveLeaks }: Pick<Reconciliation, 'lines' | 'liveLeaks'>): void {
  for (const { secret, phase, why } of lines.filter(({ did }) => did === 'held').slice(0, NAMED_MAX))
    log.write('INFO', `a rotation waits for a person: ${why ?? ''}`, { secret, waiting: { phase } });
  for (const { secret, version, seconds } of liveLeaks.filter(({ late }) => late).slice(0, NAMED_MAX))
    log.write(
      'INFO',
      `the leaked key of version ${version} is not deleted, ${seconds} s after it was said to have leaked`,
      {
        secret,
        leakAlive: { version, seconds },
      },
    );
}
