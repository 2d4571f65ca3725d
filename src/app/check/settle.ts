import { beingReplaced } from '../../core/health/being-replaced.ts';
import type { Checked } from '../../core/health/check-run.ts';
import type { Finding } from '../../core/health/finding.ts';
import { isMet } from '../../core/health/health.ts';
import { noVersionYet } from '../../core/health/no-version-yet.ts';
import { openTrouble, type OpenTrouble } from '../../core/health/open-trouble.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import { detectionOf } from '../../core/health/told-in-time.ts';
import { replacedAt } from '../../core/record/ledger.ts';
import { valueOf } from '../../core/record/part.ts';
import type { WideSilence } from '../../core/record/wide-silence.ts';
import { plausibleJournal } from '../../core/rotation/plausible.ts';
import type { Instant } from '../../core/values/time.ts';
import { MANAGED_LABEL } from '../listing/gather.ts';
import type { Clock } from '../ports/ports.ts';
import type { Looked } from './look.ts';
import { recordFinding, unchangedBy, type RecordPorts } from './remember-health.ts';

/**
 * What a look comes to at once: it changes nothing on record and is nothing to tell, or its secret is not ours to keep, its key just
 * being replaced or not brought yet. `undefined` where it is to be recorded, once it is known what the other secrets show.
 */
export function settledAtOnce(looked: Looked, wide: readonly WideSilence[], clock: Clock): Checked | undefined {
  const { sighting, finding, policy } = looked;
  if (sighting.labels[MANAGED_LABEL.key] !== MANAGED_LABEL.value) return unremembered(finding);
  const now = clock.now();
  const journal = valueOf(sighting.record.rotation);
  const calm =
    beingReplaced(journal && plausibleJournal(journal, now), finding, now) ??
    noVersionYet(finding, sighting.createdAt, now);
  if (calm !== undefined) return unremembered({ ...finding, notes: [...finding.notes, calm] }, openOf(looked, now));
  const unchanged = unchangedBy(sighting, finding, policy, wide, clock);
  return unchanged && { finding, ...unchanged };
}

/** Remembers and announces a finding. */
export async function settle(
  ports: RecordPorts,
  { sighting, finding, policy }: Looked,
  { wide, runEveryMinutes }: { readonly wide: readonly WideSilence[]; readonly runEveryMinutes: number },
): Promise<Checked> {
  const { told, ...recorded } = await recordFinding(ports, sighting, finding, policy, wide);
  const every = { runEveryMinutes, deepEveryHours: policy.deepEveryHours };
  const detection = told && detectionOf(told, finding.depth, every, ports.clock.now());
  return { finding, ...recorded, detection };
}

/** What is on record and was not judged in this run. */
export function openOf({ sighting, finding }: Looked, now: Instant): OpenTrouble | undefined {
  return openTrouble(healthAt(sighting.record.health, now), { secret: sighting.name, project: finding.project });
}

/** A finding of which nothing is remembered. */
export function unremembered(finding: Finding, open?: OpenTrouble): Checked {
  return { finding, health: 'unknown', announced: [], problems: [], open };
}

/** Whether a good run is the first that is remembered of a secret’s key. */
export function isFirstGood({ sighting: { record }, finding }: Looked): boolean {
  const health = valueOf(record.health);
  return (
    finding.diagnosis.verdict === 'works' && health !== undefined && !isMet(health, replacedAt(valueOf(record.history)))
  );
}
