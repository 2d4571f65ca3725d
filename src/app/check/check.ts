import { canBeSilenced } from '../../core/alerts/silenceable.ts';
import { valueOf } from '../../core/record/part.ts';
import { silenceAt } from '../../core/record/silence.ts';
import { isMet } from '../../core/health/health.ts';
import { replacedAt } from '../../core/record/ledger.ts';
import { healthAt } from '../../core/health/plausible-health.ts';
import { plausibleJournal } from '../../core/rotation/plausible.ts';
import { beingReplaced } from '../../core/health/being-replaced.ts';
import type { Cause } from '../../core/causes/causes.ts';
import { deepIsDue } from '../../core/health/deep-schedule.ts';
import type { Finding } from '../../core/health/finding.ts';
import { noVersionYet } from '../../core/health/no-version-yet.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { isPartOf, sharedTroublesOf, type SharedTrouble } from '../../core/health/outage.ts';
import type { CountedKey } from '../../core/health/key-census.ts';
import { openTrouble, type OpenTrouble } from '../../core/health/open-trouble.ts';
import { detectionOf } from '../../core/health/told-in-time.ts';
import { currentKeyMadeAt } from '../../core/record/key-made-at.ts';
import type { CheckPolicy } from '../../core/health/check-policy.ts';
import { isBad, type Checked, type Run } from '../../core/health/check-run.ts';
import { gather, MANAGED_LABEL, type Found, type Scope } from '../listing/gather.ts';
import { budgetOf } from '../listing/pace.ts';
import { inspect, type InspectPorts } from '../probe/probe-secret.ts';
import { inPool } from '../listing/pool.ts';
import type { Instant } from '../../core/values/time.ts';
import type { SecretName, SecretSighting } from '../ports/ports.ts';
import { wideSilencesIn } from '../listing/wide-silences.ts';
import type { WideSilence } from '../../core/record/wide-silence.ts';
import { tellAhead } from './tell-ahead.ts';
import { warnOfRisks } from './warn-of-risks.ts';
import { recordTogether } from './tell-together.ts';
import { recordFinding, rememberTrouble, type RecordPorts } from './remember-health.ts';

export type CheckPorts = InspectPorts & RecordPorts;

/** What to check and how. */
export interface CheckOrder extends Scope {
  readonly secretPolicy: SecretPolicy;
  /** `when_due`: at its own time, and in every run while the key is in doubt. */
  readonly deep: 'when_due' | 'always' | 'never';
  /** Whether to remember and announce what is found; a person who only looks does not disturb the episodes. */
  readonly record: boolean;
  /** At 0 no rotation begins by itself because of a key’s age. */
  readonly rotationsMax: number;
  /** Days before a key gets too old at which its owners are told; 0 = not at all. */
  readonly noticeDays: number;
  /** For so many hours a second person may agree before a rotation begins that waits for one. */
  readonly approvalHours?: number | undefined;
  /** How often the schedule runs the check, which decides when a deep probe is due. */
  readonly runEveryMinutes: number;
  /** No new secret is begun after this many seconds; what was not reached is counted in the run. */
  readonly budgetSeconds: number;
  /** The secret on which silences of more than one secret stand. */
  readonly silences?: SecretName | undefined;
  /** Hears of each secret that was looked at, for somebody who waits. */
  readonly looked?: ((done: number, all: number, bad: number) => void) | undefined;
}

/** One run: look at everything first, then judge, so that trouble common to all is seen before a key is blamed. */
export async function check(ports: CheckPorts, order: CheckOrder): Promise<Run> {
  const startedAt = ports.clock.now();
  const inTime = budgetOf(ports, order.budgetSeconds);
  const { found, findings: missing, problems, listed, barred } = await gather(ports.vault, order);
  let [done, bad] = [0, 0];
  const looked = await inPool(found, order.concurrency, inTime, async (one) => {
    const seen = await look(ports, one, order);
    done += 1;
    if (isBad(seen.finding.diagnosis)) bad += 1;
    order.looked?.(done, found.length, bad);
    return seen;
  });
  const reached = looked.filter((one) => one !== undefined);
  const findings = [...missing, ...reached.map(({ finding }) => finding)];
  const shared = sharedTroublesOf(findings, openOutages(found, startedAt));
  const wide = order.record ? await wideSilencesIn(ports, order.silences) : [];
  const fleet = await settleAll(ports, order, { found, reached, shared, wide });
  const later = new Set(reached.filter(isFirstGood).slice(FIRST_GOOD_MAX));
  const recorded = await recordTogether(ports.announcer, reached, order.concurrency, {
    record: (one, announcer) =>
      order.record && !later.has(one)
        ? settle({ ...ports, announcer }, one, { shared, wide, runEveryMinutes: order.runEveryMinutes })
        : Promise.resolve(unremembered(one.finding)),
    isQuiet: ({ sighting }, { type }) =>
      canBeSilenced({ notice: type, secret: sighting.name }) &&
      silenceAt(sighting.record.silence, ports.clock.now()).is === 'silent',
  });
  const untold =
    order.record && order.secrets === undefined
      ? [...(await warnOfRisks(ports, order, found)), ...(await tellAhead(ports, order, found))]
      : [];
  const expected = found.length + missing.length;
  const checked = [...missing.map((finding) => unremembered(finding)), ...recorded.filter((one) => one !== undefined)];
  return {
    startedAt,
    finishedAt: ports.clock.now(),
    expected,
    listed: listed.map(({ project, location }) => `${project}/${location}`),
    checked,
    problems: [
      ...problems,
      ...fleet.problems,
      ...untold,
      ...lateness(found.length - reached.length, expected, order.budgetSeconds),
    ],
    outages: shared.flatMap(({ outage }) => outage ?? []),
    open: [...fleet.open, ...checked.flatMap(({ open }) => open ?? [])],
    untoldUnclear: checked.filter((one) => isUntold(one, shared)).length,
    keys: keysOf(found, reached, order.secretPolicy),
    barred,
  };
}

/** Whether nothing was learned of a key, and nothing that people were told of says so. */
function isUntold({ finding, open }: Checked, shared: readonly SharedTrouble[]): boolean {
  return (
    finding.diagnosis.verdict === 'unclear' &&
    open === undefined &&
    !shared.some((trouble) => isPartOf(trouble, finding))
  );
}

/** The keys that consumers read: their kind as this run saw it, their age as it is on record. */
function keysOf(
  found: readonly Found[],
  reached: readonly Looked[],
  secretPolicy: SecretPolicy,
): readonly CountedKey[] {
  const kinds = new Map(reached.map(({ sighting, finding }) => [sighting, finding.keyKind]));
  return found.map(({ sighting }) => ({
    kind: kinds.get(sighting) ?? 'unknown',
    madeAt: currentKeyMadeAt(sighting.record, sighting.aliases['current']),
    maxAgeDays: secretPolicyOf(sighting.record, secretPolicy).secretPolicy.rotation.maxAgeDays,
  }));
}

/**
 * Keys whose first good run is written down in one run. Secret Manager takes 600 writes a minute from a project, and a fleet that
 * is put under care at once must leave room for rotations.
 */
const FIRST_GOOD_MAX = 200;

/** Whether a good run is the first that is remembered of a secret’s key. */
function isFirstGood({ sighting: { record }, finding }: Looked): boolean {
  const health = valueOf(record.health);
  return (
    finding.diagnosis.verdict === 'works' && health !== undefined && !isMet(health, replacedAt(valueOf(record.history)))
  );
}

/** Remembers and announces outages, which only a run over the whole fleet can tell. Answers what could not be done. */
async function settleAll(
  ports: CheckPorts,
  { record, secrets, secretPolicy }: CheckOrder,
  { found, reached, shared, wide }: Seen & { readonly found: readonly Found[]; readonly reached: readonly Looked[] },
): Promise<{ readonly problems: readonly string[]; readonly open: readonly OpenTrouble[] }> {
  const problems: string[] = [];
  const open: OpenTrouble[] = [];
  if (!record || secrets !== undefined) return { problems, open };
  for (const trouble of shared) {
    const keeper = keeperOf(found, reached, trouble);
    if (keeper === undefined) continue;
    const done = await rememberTrouble(ports, keeper, trouble, secretPolicy.checks, wide);
    problems.push(...done.problems);
    if (done.open !== undefined) open.push(done.open);
  }
  return { problems, open };
}

/** Projects whose outage is on record, and its cause. */
function openOutages(found: readonly Found[], now: Instant): ReadonlyMap<string, Cause> {
  const open = new Map<string, Cause>();
  for (const { sighting, project } of found) {
    const health = healthAt(sighting.record.projectOutage, now);
    if (health !== undefined && 'episode' in health) open.set(project, health.episode.cause);
  }
  return open;
}

/** The secret that remembers outages: the one that does already, or the first by name of those that show one. */
function keeperOf(
  found: readonly Found[],
  reached: readonly Looked[],
  trouble: SharedTrouble,
): SecretSighting | undefined {
  const { project, part } = trouble;
  const remembers = found.find(
    ({ sighting, ...one }) => sighting.record[part].text !== undefined && one.project === (project ?? one.project),
  );
  if (remembers !== undefined) return remembers.sighting;
  const showing = reached.filter(({ finding }) => isPartOf(trouble, finding)).map(({ sighting }) => sighting);
  return showing.toSorted((a, b) => (a.name < b.name ? -1 : 1))[0];
}

function lateness(late: number, expected: number, seconds: number): readonly string[] {
  if (late === 0) return [];
  return [
    `${late} of ${expected} secrets were not reached within ${seconds} s: raise the time budget or the concurrency`,
  ];
}

/** What a run knows of more than one secret. */
interface Seen {
  readonly shared: readonly SharedTrouble[];
  readonly wide: readonly WideSilence[];
}

/** A secret that was looked at, and by which policy. */
interface Looked {
  readonly sighting: SecretSighting;
  readonly finding: Finding;
  readonly policy: CheckPolicy;
}

async function look(ports: CheckPorts, found: Found, order: CheckOrder): Promise<Looked> {
  const { sighting } = found;
  const { secretPolicy, problems } = secretPolicyOf(sighting.record, order.secretPolicy);
  const policy = secretPolicy.checks;
  const due =
    isInDoubt(sighting) || deepIsDue(sighting.name, policy.deepEveryHours, order.runEveryMinutes, ports.clock.now());
  const deep = order.deep === 'when_due' ? due : order.deep === 'always';
  const finding = await inspect(ports, found, policy, deep, secretPolicy.mint.keyField);
  return { sighting, policy, finding: { ...finding, notes: [...finding.notes, ...problems] } };
}

/**
 * Whether trouble is on record that only a deep probe can end: the list answers 200 for a project without credit, and
 * would close its episode twenty minutes after every deep probe that opens one.
 */
function isInDoubt({ record }: SecretSighting): boolean {
  return [record.health, record.projectOutage].some((part) => part.is === 'read' && part.value.is !== 'well');
}

/**
 * Remembers and announces a finding, unless it is part of an outage that was announced for all, about a key that is just
 * being replaced or was not brought yet, or not ours to keep.
 */
async function settle(
  ports: CheckPorts,
  looked: Looked,
  { shared, wide, runEveryMinutes }: Seen & { readonly runEveryMinutes: number },
): Promise<Checked> {
  const { sighting, finding, policy } = looked;
  const managed = sighting.labels[MANAGED_LABEL.key] === MANAGED_LABEL.value;
  if (!managed || shared.some((trouble) => isPartOf(trouble, finding)))
    return unremembered(finding, managed ? openOf(looked, ports.clock.now()) : undefined);
  const now = ports.clock.now();
  const journal = valueOf(sighting.record.rotation);
  const calm =
    beingReplaced(journal && plausibleJournal(journal, now), finding, now) ??
    noVersionYet(finding, sighting.createdAt, now);
  if (calm !== undefined) return unremembered({ ...finding, notes: [...finding.notes, calm] }, openOf(looked, now));
  const { told, ...recorded } = await recordFinding(ports, sighting, finding, policy, wide);
  const every = { runEveryMinutes, deepEveryHours: policy.deepEveryHours };
  const detection = told && detectionOf(told, finding.depth, every, ports.clock.now());
  return { finding, ...recorded, detection };
}

/** What is on record and was not judged in this run. */
function openOf({ sighting, finding }: Looked, now: Instant): OpenTrouble | undefined {
  return openTrouble(healthAt(sighting.record.health, now), { secret: sighting.name, project: finding.project });
}

function unremembered(finding: Finding, open?: OpenTrouble): Checked {
  return { finding, health: 'unknown', announced: [], problems: [], open };
}
