import type { Cause } from '../../core/causes/causes.ts';
import { canBeSilenced } from '../../core/alerts/silenceable.ts';
import type { Run } from '../../core/health/check-run.ts';
import type { Finding } from '../../core/health/finding.ts';
import type { OpenTrouble } from '../../core/health/open-trouble.ts';
import { accountsFor, sharedTroublesOf, type SharedTrouble } from '../../core/health/outage.ts';
import { countOf, joined, NOTHING_SEEN, type ProjectTallies } from '../../core/health/tally.ts';
import { silenceAt } from '../../core/record/silence.ts';
import type { WideSilence } from '../../core/record/wide-silence.ts';
import { plural } from '../../core/values/plural.ts';
import { coming, type Scope } from '../listing/gather.ts';
import { budgetOf } from '../listing/pace.ts';
import { eachInPool } from '../listing/pool.ts';
import { wideSilencesIn } from '../listing/wide-silences.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { SecretName } from '../ports/ports.ts';
import type { InspectPorts } from '../probe/probe-secret.ts';
import { lookByParts, type Joined, type JoinOrder } from './by-parts.ts';
import type { Parts } from './ask-parts.ts';
import { dailyLook, type DailyLook } from './daily-look.ts';
import { look, type LookOrder } from './look.ts';
import { rememberTrouble, type RecordPorts } from './remember-health.ts';
import { openOf, settle, settledAtOnce, unremembered } from './settle.ts';
import { soFar, type KeepOrder, type Seen as Named, type Whole } from './so-far.ts';
import { recordTogether } from './tell-together.ts';

export type CheckPorts = InspectPorts & RecordPorts;

/** What to check and how. */
export interface CheckOrder extends Scope, LookOrder, KeepOrder {
  /** Whether to remember and announce what is found; a person who only looks does not disturb the episodes. */
  readonly record: boolean;
  /** At 0 no rotation begins by itself because of a key’s age. */
  readonly rotationsMax: number;
  /** Days before a key gets too old at which its owners are told; 0 = not at all. */
  readonly noticeDays: number;
  /** For so many hours a second person may agree before a rotation begins that waits for one. */
  readonly approvalHours?: number | undefined;
  /** No new secret is begun after this many seconds; what was not reached is counted in the run. */
  readonly budgetSeconds: number;
  /** Who looks at parts of the fleet; absent where this instance looks at everything. */
  readonly parts?: Parts | undefined;
  /** The secret on which silences of more than one secret stand. */
  readonly silences?: SecretName | undefined;
  /** Hears of each secret that was looked at, for somebody who waits: how many were listed so far, and how many of them are bad. */
  readonly looked?: ((done: number, listed: number, bad: number) => void) | undefined;
}

/**
 * One run: look at everything first, then judge, so that trouble common to all is seen before a key is blamed. What is common is told by
 * counts, so that of a secret that needs nothing nothing is kept: a fleet may be as large as its calls have time.
 */
export async function check(ports: CheckPorts, order: CheckOrder): Promise<Run> {
  const startedAt = ports.clock.now();
  const inTime = budgetOf(ports, order.budgetSeconds);
  const wide = order.record ? await wideSilencesIn(ports, order.silences) : [];
  const daily = dailyLook(order, startedAt);
  const about = { order, wide, inTime, startedAt };
  const { parts } = order;
  const { whole, problems, listed, barred } =
    parts === undefined || order.secrets !== undefined
      ? await lookAtAll(ports, about, daily)
      : await lookByParts(ports, parts, about, daily);
  const { expected, missed } = whole;
  const shared = sharedTroublesOf(whole.tallies, whole.outages);
  const fleet = await settleAll(ports, order, { whole, shared, wide });
  const one = await settleEach(ports, order, { whole, shared, wide });
  const untold = order.record && order.secrets === undefined ? await daily.tell(ports) : [];
  return {
    startedAt,
    finishedAt: ports.clock.now(),
    expected,
    listed: listed.map(({ project, location }) => `${project}/${location}`),
    tally: [...whole.tallies.values()].reduce(joined, NOTHING_SEEN),
    checked: one.checked,
    problems: [
      ...problems,
      ...fleet.problems,
      ...one.problems,
      ...untold,
      ...lateness(missed, expected, order.budgetSeconds),
    ],
    outages: shared.flatMap(({ outage }) => outage ?? []),
    open: [...fleet.open, ...one.open],
    untoldUnclear: one.untoldUnclear,
    census: whole.census,
    barred,
  };
}

/** This instance looks at everything itself. */
async function lookAtAll(
  ports: CheckPorts,
  { order, wide, inTime, startedAt }: JoinOrder,
  daily: DailyLook,
): Promise<Joined> {
  const seen = soFar(order, startedAt);
  const { found, ended } = coming(ports.vault, order);
  let done = 0;
  await eachInPool(found, order.concurrency, async (one) => {
    const at = seen.listed(one);
    daily.listed(one);
    if (!inTime()) return seen.missed(one);
    const looked = await look(ports, one, order);
    const settled = order.record ? settledAtOnce(looked, wide, ports.clock) : unremembered(looked.finding);
    seen.looked(one, { at, item: looked }, settled);
    done += 1;
    order.looked?.(done, seen.expected(), seen.bad());
  });
  const { findings, problems, listed, barred } = ended();
  for (const finding of findings) seen.failed(finding);
  return { whole: seen.whole(), problems, listed, barred };
}

/** What a run knows of more than one secret. */
interface Seen {
  readonly whole: Whole;
  readonly shared: readonly SharedTrouble[];
  readonly wide: readonly WideSilence[];
}

/** Remembers and announces outages, which only a run over the whole fleet can tell. Answers what could not be done. */
async function settleAll(
  ports: CheckPorts,
  { record, secrets, secretPolicy }: CheckOrder,
  { whole, shared, wide }: Seen,
): Promise<{ readonly problems: readonly string[]; readonly open: readonly OpenTrouble[] }> {
  const problems: string[] = [];
  const open: OpenTrouble[] = [];
  if (!record || secrets !== undefined) return { problems, open };
  for (const trouble of shared) {
    const named = keeperOf(whole, trouble);
    if (named === undefined) continue;
    const keeper = 'etag' in named ? named : await attempt(() => ports.vault.look(named.name));
    if (keeper instanceof Fault) {
      problems.push(`an outage could not be remembered on ${named.name}: ${keeper.message}`);
      continue;
    }
    const done = await rememberTrouble(ports, keeper, trouble, secretPolicy.checks, wide);
    problems.push(...done.problems);
    if (done.open !== undefined) open.push(done.open);
  }
  return { problems, open };
}

/** The secret that remembers outages: the one that does already, or the first by name of those that show one. */
function keeperOf({ keeper, keepers, shown }: Whole, trouble: SharedTrouble): Named | undefined {
  const { project } = trouble;
  const remembers = project === undefined ? keeper : keepers.get(project);
  if (remembers !== undefined) return remembers;
  const those = shown.filter((one) => accountsFor(trouble, one.project, one.cause)).map(({ sighting }) => sighting);
  return those.toSorted((a, b) => (a.name < b.name ? -1 : 1))[0];
}

/** What becomes of the secrets one by one. */
type Each = Pick<Run, 'checked' | 'problems' | 'open' | 'untoldUnclear'>;

/** Remembers and announces findings, unless they are part of an outage that was announced for all. */
async function settleEach(ports: CheckPorts, order: CheckOrder, { whole, shared, wide }: Seen): Promise<Each> {
  const covers = (project: string, cause: Cause) => shared.some((trouble) => accountsFor(trouble, project, cause));
  const isCovered = ({ finding }: { readonly finding: Finding }) => covers(finding.project, finding.diagnosis.cause);
  const uncovered = (tallies: ProjectTallies) =>
    [...tallies].reduce(
      (sum, [project, { causes }]) =>
        [...causes].reduce((so, [cause, one]) => so + (covers(project, cause) ? 0 : countOf(one)), sum),
      0,
    );
  const settled = whole.settled.map(({ at, item }) => ({
    at,
    item: isCovered(item) ? unremembered(item.finding, item.open) : item,
  }));
  const recorded = await recordTogether(ports.announcer, whole.waiting, order.concurrency, {
    record: async ({ at, item }, announcer) => ({
      at,
      item: isCovered(item)
        ? unremembered(item.finding, openOf(item, ports.clock.now()))
        : await settle({ ...ports, announcer }, item, { wide, runEveryMinutes: order.runEveryMinutes }),
    }),
    isQuiet: ({ item: { sighting } }, { type }) =>
      canBeSilenced({ notice: type, secret: sighting.name }) &&
      silenceAt(sighting.record.silence, ports.clock.now()).is === 'silent',
  });
  const told = recorded.filter((one) => one !== undefined);
  const unclear = told.filter(
    ({ item }) => item.finding.diagnosis.verdict === 'unclear' && item.open === undefined && !isCovered(item),
  );
  return {
    checked: [...settled, ...told].toSorted((a, b) => a.at - b.at).map(({ item }) => item),
    problems: excess(uncovered(whole.beyond)),
    open: [...whole.open, ...told.flatMap(({ item }) => item.open ?? [])],
    untoldUnclear: uncovered(whole.silent) + unclear.length,
  };
}

function excess(beyond: number): readonly string[] {
  if (beyond === 0) return [];
  return [
    `trouble of ${plural(beyond, 'further secret')} was not recorded in this run, which records so many at most: the next ones do`,
  ];
}

function lateness(late: number, expected: number, seconds: number): readonly string[] {
  if (late === 0) return [];
  return [
    `${late} of ${expected} secrets were not reached within ${seconds} s: raise the time budget or the concurrency`,
  ];
}
