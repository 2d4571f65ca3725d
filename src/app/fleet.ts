import { beingReplaced } from '../core/being-replaced.ts';
import type { Cause } from '../core/causes.ts';
import { deepIsDue } from '../core/deep-schedule.ts';
import type { Finding } from '../core/finding.ts';
import { HEALTH_ANNOTATION, readHealth } from '../core/health-text.ts';
import { ROTATION_ANNOTATION } from '../core/journal-text.ts';
import { POLICY_ANNOTATION, readCare, type Care } from '../core/care.ts';
import type { FleetOutage } from '../core/notice.ts';
import { areAlike, commonOutage, fleetDiagnosis, OUTAGE_ANNOTATION } from '../core/outage.ts';
import type { Policy } from '../core/policy.ts';
import type { Checked, Run } from '../core/report.ts';
import { elapsedMs } from '../core/time.ts';
import { gather, MANAGED_LABEL, type Found, type Scope } from './gather.ts';
import { inspect, type InspectPorts } from './inspect.ts';
import { ALWAYS, inPool } from './pool.ts';
import type { SecretSighting } from './ports.ts';
import { recordFinding, recordOutage, type RecordPorts } from './record.ts';

export type CheckPorts = InspectPorts & RecordPorts;

/** What to check and how. */
export interface CheckOrder extends Scope {
  readonly care: Care;
  /** `when_due`: at its own time, and in every run while the key is in doubt. */
  readonly deep: 'when_due' | 'always' | 'never';
  /** Whether to remember and announce what is found; a person who only looks does not disturb the episodes. */
  readonly record: boolean;
  /** How often the schedule runs the check, which decides when a deep probe is due. */
  readonly runEveryMinutes: number;
  /** No new secret is begun after this many seconds; what was not reached is counted in the run. */
  readonly budgetSeconds: number;
}

/** One run: look at everything first, then judge, so that trouble common to all is seen before a key is blamed. */
export async function check(ports: CheckPorts, order: CheckOrder): Promise<Run> {
  const startedAt = ports.clock.now();
  const inTime = () => elapsedMs(startedAt, ports.clock.now()) < order.budgetSeconds * 1000;
  const { found, findings: missing, problems } = await gather(ports.vault, order);
  const looked = await inPool(found, order.concurrency, inTime, (one) => look(ports, one, order));
  const reached = looked.filter((one) => one !== undefined);
  const findings = [...missing, ...reached.map(({ finding }) => finding)];
  const outage = commonOutage(findings);
  const unrecorded = await settleFleet(ports, order, found, findings, outage);
  const recorded = await inPool(reached, order.concurrency, ALWAYS, (one) =>
    order.record ? settle(ports, one, outage?.cause) : Promise.resolve(unremembered(one.finding)),
  );
  const expected = found.length + missing.length;
  return {
    startedAt,
    finishedAt: ports.clock.now(),
    expected,
    checked: [...missing.map(unremembered), ...recorded.filter((one) => one !== undefined)],
    problems: [...problems, ...unrecorded, ...lateness(found.length - reached.length, expected, order.budgetSeconds)],
    outage,
  };
}

/** Remembers and announces outages, which only a run over the whole fleet can tell. Answers what could not be done. */
async function settleFleet(
  ports: CheckPorts,
  { record, secrets, care }: CheckOrder,
  found: readonly Found[],
  findings: readonly Finding[],
  outage: FleetOutage | undefined,
): Promise<readonly string[]> {
  const diagnosis = fleetDiagnosis(findings, outage);
  const keeper = keeperOf(found.map(({ sighting }) => sighting));
  if (!record || secrets !== undefined || diagnosis === undefined || keeper === undefined) return [];
  const { problems } = await recordOutage(ports, keeper, { diagnosis, outage, seen: findings.length }, care.checks);
  return problems;
}

/** The secret that remembers outages: the one that does already, or the first by name. */
function keeperOf(sightings: readonly SecretSighting[]): SecretSighting | undefined {
  const byName = sightings.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return byName.find(({ annotations }) => annotations[OUTAGE_ANNOTATION] !== undefined) ?? byName[0];
}

function lateness(late: number, expected: number, seconds: number): readonly string[] {
  if (late === 0) return [];
  return [
    `${late} of ${expected} secrets were not reached within ${seconds} s: raise the time budget or the concurrency`,
  ];
}

/** A secret that was looked at, and by which policy. */
interface Looked {
  readonly sighting: SecretSighting;
  readonly finding: Finding;
  readonly policy: Policy;
}

async function look(ports: CheckPorts, found: Found, order: CheckOrder): Promise<Looked> {
  const { sighting } = found;
  const { care, problems } = readCare(sighting.annotations[POLICY_ANNOTATION], order.care);
  const policy = care.checks;
  const due =
    isInDoubt(sighting) || deepIsDue(sighting.name, policy.deepEveryHours, order.runEveryMinutes, ports.clock.now());
  const deep = order.deep === 'when_due' ? due : order.deep === 'always';
  const finding = await inspect(ports, found, policy, deep);
  return { sighting, policy, finding: { ...finding, notes: [...finding.notes, ...problems] } };
}

/**
 * Whether trouble is on record that only a deep probe can end: the list answers 200 for a project without credit, and
 * would close its episode twenty minutes after every deep probe that opens one.
 */
function isInDoubt({ annotations }: SecretSighting): boolean {
  const health = readHealth(annotations[HEALTH_ANNOTATION]);
  return health !== undefined && health.is !== 'well';
}

/** Remembers and announces a finding, unless it is part of an outage that was announced for all, about a key that is just being replaced, or not ours to keep. */
async function settle(ports: CheckPorts, looked: Looked, outage: Cause | undefined): Promise<Checked> {
  const { sighting, finding, policy } = looked;
  const managed = sighting.labels[MANAGED_LABEL.key] === MANAGED_LABEL.value;
  if (!managed || (outage !== undefined && areAlike(finding.diagnosis.cause, outage))) return unremembered(finding);
  const replaced = beingReplaced(sighting.annotations[ROTATION_ANNOTATION], finding, ports.clock.now());
  if (replaced !== undefined) return unremembered({ ...finding, notes: [...finding.notes, replaced] });
  return { finding, ...(await recordFinding(ports, sighting, finding, policy)) };
}

function unremembered(finding: Finding): Checked {
  return { finding, health: 'unknown', announced: [], problems: [] };
}
