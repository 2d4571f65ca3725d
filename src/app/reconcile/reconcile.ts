import { valueOf } from '../../core/record/part.ts';
import { openHoursIn } from '../../core/calendar/open-hours.ts';
import { impossible } from '../../core/fleet/feasible.ts';
import { liveLeaks, type LiveLeak } from '../../core/health/watch-leak.ts';
import { openLeaksIn } from '../../core/rotation/open-leaks.ts';
import { stopsOf } from '../../core/fleet/key-quota.ts';
import { byUrgency } from '../../core/fleet/urgency.ts';
import type { Instant } from '../../core/values/time.ts';
import { announceStops } from './announce-stops.ts';
import { beginDead, beginDue, type Begun } from './start-due.ts';
import { resumeFromList, isBeginning, type ReconciledSecret, type ReconcileOrder } from './resume-from-list.ts';
import { gatherKept } from '../listing/gather.ts';
import { noting } from './noting.ts';
import { takeUpUndeleted } from './undeleted.ts';
import { onceLookedUp } from '../listing/freezes.ts';
import { holdersIn } from '../listing/holders.ts';
import type { RotationView } from './rotation-view.ts';
import { budgetOf, paceOf, SECRETS_A_MINUTE } from '../listing/pace.ts';
import { inPool } from '../listing/pool.ts';
import { watchLeaks } from '../purge/watch-leaks.ts';
import { attempt, Fault } from '../ports/fault.ts';
import { recallHolds } from './recall-holds.ts';
import { rememberedIssuer } from './remembered-issuer.ts';
import type { RotatePorts } from '../rotation/drive.ts';
import { isWhole, viewKeeper } from './listed-view.ts';
import { tellLeftOver } from './tell-left-over.ts';
import type { SecretName } from '../ports/ports.ts';
import { announceMisfits, announceUnreadable, misfitOf } from './announce-unreadable.ts';

/** One run over all secrets. */
export interface Reconciliation {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly secrets: number;
  /** Rotations in flight after the run, those held for a person, those begun, and the age of the oldest. */
  readonly inFlight: number;
  readonly held: number;
  readonly begun: number;
  readonly oldestSeconds: number;
  /** Leaked keys that live, as the run found them, and those that are not deleted for longer than is promised. */
  readonly leaksAlive: number;
  readonly leaksLate: number;
  readonly liveLeaks: readonly (LiveLeak & { readonly secret: SecretName })[];
  readonly lines: readonly ReconciledSecret[];
  readonly problems: readonly string[];
}

/**
 * Takes every rotation in flight as far as it goes now, begins those that are due, and deletes leaked keys that are left.
 * Consumers without a key come first; then what is in flight, whose end makes room for what is due.
 */
export async function reconcile(given: RotatePorts, order: ReconcileOrder): Promise<Reconciliation> {
  const { secretPolicy, concurrency } = order;
  const { calendar, calendarReader } = secretPolicy;
  const startedAt = given.clock.now();
  const inTime = budgetOf(given, order.budgetSeconds);
  const listing = await gatherKept(given.vault, order, viewKeeper(secretPolicy, startedAt));
  const { kept: all, findings, problems, isPartial } = listing;
  const serving = all.map((one) => one.serving);
  const holders = holdersIn(
    given,
    { ...order, inTime: budgetOf(given, order.budgetSeconds / 2) },
    order.secrets === undefined ? { ...listing, kept: serving } : undefined,
  );
  const sharing = new Set<SecretName>();
  const noted = noting(holders, serving, sharing);
  const freezes = given.freezes && onceLookedUp(given.freezes);
  const asking = given.approvals?.together?.();
  const ports: RotatePorts = {
    ...given,
    freezes,
    approvals: asking?.approvals ?? given.approvals,
    holders: noted,
    purgeLeaked: (at, secret, policy) => given.purgeLeaked(at, secret, policy, noted),
  };
  const whole = all.filter(isWhole);
  const readable = whole.filter(({ unreadable }) => unreadable.length === 0);
  const seen = await tellLeftOver(ports, readable, concurrency, inTime);
  // Those that are not kept whole are readable.
  const everyone = [...seen, ...all.filter((one) => !isWhole(one))];
  const unreadable = await inPool(
    whole.filter((one) => one.unreadable.length > 0),
    concurrency,
    inTime,
    async (one): Promise<ReconciledSecret> => ({
      secret: one.secret,
      phase: 'unknown',
      ...(await announceUnreadable(ports, one)),
    }),
  );
  const misfits = await inPool(
    [
      ...Map.groupBy(
        seen.filter((one) => one.misfits.length > 0),
        misfitOf,
      ).values(),
    ],
    concurrency,
    inTime,
    (alike) => announceMisfits(ports, alike),
  );
  const recalled = await recallHolds(ports, seen, order);
  const stops = stopsOf(all);
  const run = { ports, order, inTime, issuerFor: rememberedIssuer(ports.issuer) };
  const flying = byUrgency(
    seen.filter(({ journal, currentAstray }) => journal?.phase !== 'resting' || currentAstray),
    startedAt,
  );
  const revived = await beginDead(run, seen, flying.filter(isBeginning).length);
  const turn = { secretPolicy, now: startedAt, runEveryMinutes: order.runEveryMinutes };
  const undeleted = await inPool(
    seen.filter((one) => one.undeleted.length > 0),
    concurrency,
    inTime,
    (one) => takeUpUndeleted({ ...ports, holders: noted }, turn, one),
  );
  const pace = paceOf(ports.clock, SECRETS_A_MINUTE);
  const driven = await inPool(flying, concurrency, inTime, async (one) => {
    if (one.mayGoOn) await pace();
    return goOn({ ...ports, issuer: run.issuerFor(one.sighting) }, order, one);
  });
  const young = [...revived, ...flying.map((one, at) => lastSeen(one, driven[at]))].filter(isBeginning).length;
  // Where rotations in flight were not listed, nobody knows how much room there is: the next run does.
  const due: Begun = isPartial
    ? { lines: [], stops: new Map() }
    : await beginDue(run, everyone, stops, { young, sharing });
  const begun = [...revived, ...due.lines];
  const stopped = new Map([...stops, ...due.stops]);
  const untold = [...(await announceStops(ports, all, stopped)), ...((await asking?.tell()) ?? [])];
  const watched = await inPool(whole.filter(hasOpenLeak), concurrency, inTime, ({ secret, project }) =>
    attempt(() => watchLeaks(ports, { secret, project, secretPolicy, holders })),
  );
  const lines = [...unreadable, ...driven, ...begun].filter((line) => line !== undefined);
  const inFlight = lines.filter(({ phase }) => phase !== 'resting');
  const alive = whole.flatMap(({ secret, sighting }) =>
    liveLeaks(openLeaksIn(sighting.record) ?? [], valueOf(sighting.record.retired) ?? [], startedAt).map((leak) => ({
      secret,
      ...leak,
    })),
  );
  return {
    startedAt,
    finishedAt: ports.clock.now(),
    secrets: all.length,
    inFlight: inFlight.length,
    held: inFlight.filter(({ did }) => did === 'held').length,
    begun: begun.filter(({ did }) => did !== 'failed').length,
    oldestSeconds: Math.round(Math.max(0, ...flying.map(({ ageMs }) => ageMs)) / 1000),
    leaksAlive: alive.length,
    leaksLate: alive.filter(({ late }) => late).length,
    liveLeaks: alive,
    lines,
    problems: [
      ...problems,
      ...findings.map(({ secret, diagnosis }) => `${secret}: ${diagnosis.message}`),
      ...misfits.filter((trouble) => trouble !== undefined).flat(),
      ...undeleted.filter((trouble) => trouble !== undefined).flat(),
      ...watched.flatMap((trouble) =>
        trouble instanceof Fault ? [`a leak was not looked at: ${trouble.message}`] : [],
      ),
      ...untold,
      ...recalled,
      ...[...stopped].map(
        ([project, why]) => `project ${project}: no rotation is begun because of a key’s age: ${why}`,
      ),
      ...(await unknownFreezes(freezes)),
      ...impossible(everyone, { ...order, openHours: openHoursIn(calendar ?? {}, startedAt, calendarReader) }),
      ...lateness(driven, order.budgetSeconds),
    ],
  };
}

/** Where it is not known what is frozen, nothing planned begins: that is no quiet run. */
async function unknownFreezes(freezes: RotatePorts['freezes']): Promise<readonly string[]> {
  const known = await freezes?.();
  return known !== undefined && 'unknown' in known
    ? [`no planned rotation begins, for it is not known what is frozen: ${known.unknown}`]
    : [];
}

/** Also where another annotation cannot be read: to see whether a key is dead takes none of them. */
function hasOpenLeak({ sighting }: RotationView): boolean {
  return sighting.record.leaks.text !== undefined;
}

/** What was not reached, or failed on the way, is where the list saw it. */
function lastSeen(one: RotationView, line: ReconciledSecret | undefined): RotationView | ReconciledSecret {
  return line === undefined || line.phase === 'unknown' ? one : line;
}

function lateness(driven: readonly unknown[], seconds: number): readonly string[] {
  const late = driven.filter((line) => line === undefined).length;
  if (late === 0) return [];
  return [`${late} of ${driven.length} rotations in flight were not reached within ${seconds} s: the next run goes on`];
}

/** What waits for a date or a person is left alone without a call. */
async function goOn(ports: RotatePorts, order: ReconcileOrder, one: RotationView): Promise<ReconciledSecret> {
  const { secret, journal } = one;
  if (one.mayGoOn || journal === undefined || journal.phase === 'resting')
    return (await resumeFromList(ports, order, one)).line;
  const { phase, why, notBefore: until, held } = journal;
  return { secret, phase, did: held ? 'held' : 'wait', why, until };
}
