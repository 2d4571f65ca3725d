import { leakedPurgeOf } from '../../../src/app/purge/purge-leaked.ts';
import { check } from '../../../src/app/check/check.ts';
import type { Log } from '../../../src/app/ports/ports.ts';
import { reachFleet } from '../../../src/app/reach/reach-fleet.ts';
import { purgeFleet } from '../../../src/app/purge/purge-fleet.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import type { RotatePorts } from '../../../src/app/rotation/drive.ts';
import { start } from '../../../src/app/rotation/start.ts';
import { calendarReader } from '../../../src/core/calendar/calendar-reader.ts';
import { DEFAULT_SECRET_POLICY } from '../../../src/core/settings/secret-policy.ts';
import { gravityOf, type Notice } from '../../../src/core/alerts/notice.ts';
import type { KeyNotice } from '../../../src/core/alerts/notices/key-notices.ts';
import { NUMBERS } from '../../../src/core/settings/settings.ts';
import { plusMs, type Instant } from '../../../src/core/values/time.ts';
import { dice } from '../faults/chance.ts';
import { lifeUntil, mortalClock } from '../faults/life.ts';
import { memoryIssuer } from '../../support/twins/memory-issuer.ts';
import { memoryVault } from '../../support/twins/memory-vault.ts';
import { DAYS, START } from './calendar.ts';
import { createFleet, DAY_MS, HOUR_MS } from './fleet.ts';
import { googleOf } from './google.ts';
import { keysOfTheWorld } from './keys.ts';
import { messagesOf, type Message } from './messages.ts';
import { committeeOf } from './committee.ts';
import { answerTheCall, DAYS_OF, peopleStepIn, takeBack } from './people.ts';
import { counting } from './quotas.ts';
import { isNearEdge, ownRulesOf, RULED_FROM, RULED_PARTS, type QuarterRules } from './rules.ts';
import { memoryRun } from './run.ts';
import { virtualTime } from './virtual-time.ts';
import { witness } from './witness.ts';

export interface QuarterPlan {
  readonly keys: number;
  readonly keysPerProject: number;
  /** 0: all were created in one afternoon, so that all are due in one. */
  readonly spreadDays: number;
  readonly rotationsMax?: number;
  readonly checkEveryMinutes: number;
  /** Windows and freezes of the settings; with them come those of secrets, a freeze by hand, and approval in one project. */
  readonly rules?: QuarterRules;
  /** Told at the end of every simulated day. */
  readonly onDay?: (day: number) => void;
}

/** As Terraform schedules them. */
const RECONCILE_MINUTES = 5;
const PURGE_HOURS = 6;
const REACH_MINUTES = 5;
const FUNCTION_SECONDS = NUMBERS.KEY_WARDEN_BUDGET_SECONDS.fallback + 60;
/** The fleet is this old when the quarter begins. */
const AGE_DAYS = 60;

/** Of so many runs in quiet times one is lived; a prime, so that every secret has its turn in it. */
const QUIET_RUNS = 37;
/** So many drains that take days do not make a busy time. */
const STRAGGLERS = 3;

export interface Heard {
  readonly at: Instant;
  readonly notice: Notice;
  readonly isForPeople: boolean;
}

/** Lives through a quarter. Resolves with everything that was seen. */
export async function quarter(plan: QuarterPlan) {
  const roll = dice(20_270_101);
  const random = () => roll(1 << 24) / (1 << 24);
  const time = virtualTime(plusMs(START, -DEFAULT_SECRET_POLICY.rotation.maxAgeDays * DAY_MS));
  const { clock } = time;
  const [vault, issuer, keys, calls] = [memoryVault(clock.now), memoryIssuer(clock.now), keysOfTheWorld(), counting()];
  const spreadMs = plan.spreadDays * DAY_MS;
  const spreadFrom = plusMs(START, spreadMs === 0 ? -AGE_DAYS * DAY_MS + 12 * HOUR_MS : -spreadMs + DAY_MS);
  const from = plan.rules === undefined ? spreadFrom : RULED_FROM;
  const ruled = plan.rules === undefined ? {} : { parts: RULED_PARTS, ownRulesOf };
  const fleet = await createFleet({ time, vault, issuer, keys }, { ...plan, ...ruled, from, random });
  time.jumpTo(START);
  const dueAt = (createdAt: Instant) => plusMs(createdAt, DEFAULT_SECRET_POLICY.rotation.maxAgeDays * DAY_MS);
  const rush = dueAt(from);
  const seen = witness({ vault, keys, now: clock.now, fleet });
  const onRun = fleet.filter((member) => member.onRun);
  const cloudRun = memoryRun({ now: clock.now, brought: seen.brought }, onRun);
  const denied = new Set<string>();
  const hurry = (secret: string) =>
    call('rotate', async (ports) => {
      const asked = { reason: 'leaked', candidate: 'minted', emergency: true } as const;
      await start(ports, { secret, me: 'somebody', secretPolicy, asked }, () => undefined);
    });
  const people = { time, vault, issuer, keys, denied, seen, hurry };
  const mostCounted = { keys: 0 };
  const google = googleOf({
    vault,
    issuer,
    run: cloudRun,
    keys,
    clock,
    counting: calls,
    random,
    denied,
    deleted: seen.deleted,
    changed: seen.changed,
    weather: (kind, now) => {
      const sinceRush = now - rush;
      if (sinceRush >= HOUR_MS && sinceRush < 2 * HOUR_MS && kind.startsWith('API Keys'))
        return { share: 0.9, code: 'limited' };
      return sinceRush >= 6 * HOUR_MS && sinceRush < 30 * HOUR_MS ? { share: 0.5, code: 'unavailable' } : undefined;
    },
  });
  const heard: Heard[] = [];
  const messages: Message[] = [];
  const members = new Map(fleet.map((member) => [member.secret, member]));
  const log: Log = { write: () => undefined };
  const announcer = {
    announce(notice: Notice, together: readonly KeyNotice[] = []) {
      const isForPeople = gravityOf(notice) !== 'info';
      heard.push({ at: clock.now(), notice, isForPeople });
      messages.push(...messagesOf(notice, together, clock.now(), members));
      if (notice.type === 'rotation.held') answerTheCall(people, notice.secret);
      if (notice.type === 'rotation.completed') takeBack(people, notice.secret);
      if (notice.type === 'rotation.proposed') committee?.answer(notice);
      return Promise.resolve();
    },
  };
  peopleStepIn(people, fleet, START);

  const scopes = [...new Set(fleet.map(({ project }) => project))].map((project) => ({ project, location: 'global' }));
  // The settings let a dead key be replaced without asking, and bring keys to labelled consumers: most secrets ask for neither.
  const secretPolicy = {
    ...DEFAULT_SECRET_POLICY,
    calendarReader: calendarReader(),
    rotation: { ...DEFAULT_SECRET_POLICY.rotation, rotateWhenDead: 1, reachConsumers: 1, drainHoursReached: 1 },
    ...(plan.rules === undefined ? {} : { calendar: plan.rules }),
  };
  const scope = { scopes, concurrency: NUMBERS.KEY_WARDEN_CONCURRENCY.fallback, secretPolicy };
  const committee = plan.rules === undefined ? undefined : committeeOf({ time, vault, announcer }, scope);
  const budgetSeconds = NUMBERS.KEY_WARDEN_BUDGET_SECONDS.fallback;
  const rotationsMax = plan.rotationsMax ?? NUMBERS.KEY_WARDEN_ROTATIONS_MAX.fallback;
  const runs = { reconcile: 0, skipped: 0, check: 0, purge: 0, rotate: 0, reach: 0, cutOff: 0, longestMs: 0 };
  const busy = new Set<string>();

  /** A function has one instance, which takes one call at a time and is ended when its time is over. */
  const call = async (
    name: 'reconcile' | 'check' | 'purge' | 'rotate' | 'reach',
    work: (ports: RotatePorts) => Promise<unknown>,
  ) => {
    if (busy.has(name)) return;
    busy.add(name);
    runs[name] += 1;
    const begun = clock.now();
    const life = lifeUntil(() => clock.now() - begun >= FUNCTION_SECONDS * 1000);
    const ports: RotatePorts = {
      vault: life.mortal(google.vault),
      issuer: life.mortal(google.issuer),
      prober: life.mortal(google.prober),
      meter: life.mortal(google.meter),
      reach: { ...life.mortal(google.reach), reviser: life.mortal(google.reach.reviser) },
      announcer: life.mortal(announcer),
      clock: mortalClock(clock, life),
      log,
      purgeLeaked: leakedPurgeOf(scope),
    };
    const ruledPorts = { ...ports, ...committee?.gates(ports) };
    const end = await Promise.race([work(ruledPorts), life.death]);
    if (end === 'died') {
      runs.cutOff += 1;
      seen.violations.push(`${name} was cut off after ${FUNCTION_SECONDS} s`);
    }
    runs.longestMs = Math.max(runs.longestMs, clock.now() - begun);
    busy.delete(name);
  };

  const problems = new Set<string>();
  const reconcileOnce = () =>
    call('reconcile', async (ports) => {
      const run = await reconcile(ports, {
        ...scope,
        me: `worker-${clock.now().toString(36)}`,
        rotationsMax,
        runEveryMinutes: RECONCILE_MINUTES,
        budgetSeconds,
      });
      for (const problem of run.problems) problems.add(problem.replace(/\d+/g, 'N'));
    });
  const every = (minutes: number, offsetMinutes: number, begin: () => Promise<void>) => {
    for (let at = offsetMinutes; at < DAYS * 24 * 60; at += minutes) time.at(plusMs(START, at * 60_000), begin);
  };
  /** Hardly anything is in flight, and nothing is due or about to be done by hand: then few runs must do for all of them. */
  const isStill = () =>
    seen.flying().inFlight <= STRAGGLERS &&
    seen.flying().young === 0 &&
    !(plan.rules !== undefined && isNearEdge(clock.now())) &&
    !stirs.some((at) => Math.abs(clock.now() - at) < stirMs);
  const stirs = [...new Set(fleet.map(({ createdAt }) => dueAt(createdAt)))].concat(
    committee?.ends ?? [],
    Object.values(DAYS_OF).map((day) => plusMs(START, day * DAY_MS)),
  );
  const stirMs = plan.rules === undefined ? 2 * HOUR_MS : HOUR_MS / 3;
  let scheduled = 0;
  every(RECONCILE_MINUTES, 0, async () => {
    scheduled += 1;
    if (isStill() && scheduled % QUIET_RUNS !== 0) runs.skipped += 1;
    else await reconcileOnce();
  });
  every(plan.checkEveryMinutes, 1, () =>
    call('check', (ports) =>
      check(ports, {
        ...scope,
        deep: 'when_due',
        record: true,
        rotationsMax,
        noticeDays: 0,
        runEveryMinutes: plan.checkEveryMinutes,
        budgetSeconds,
      }),
    ),
  );
  every(PURGE_HOURS * 60, 17, () =>
    call('purge', (ports) => purgeFleet(ports, { ...scope, dryRun: false, budgetSeconds })),
  );
  // A run is left out where no consumer has anything to follow: it would look and find that.
  every(REACH_MINUTES, 2, async () => {
    const phases = onRun.map(({ secret }) => seen.records.get(secret)?.journal.phase ?? 'resting');
    const isMoved = phases.some((phase) => phase === 'promoted' || phase === 'abandoned');
    if (isMoved)
      await call('reach', ({ reach, ...ports }) =>
        reach === undefined
          ? Promise.resolve()
          : reachFleet({ ...ports, reach }, { ...scope, dryRun: false, again: false, budgetSeconds }),
      );
  });
  every(24 * 60, 0, () => {
    for (const { project } of scopes) mostCounted.keys = Math.max(mostCounted.keys, keys.counted(project, clock.now()));
    plan.onDay?.((clock.now() - START) / DAY_MS);
    return Promise.resolve();
  });
  await time.runUntil(plusMs(START, DAYS * DAY_MS));
  return {
    plan,
    rotationsMax,
    projects: scopes.length,
    fleet,
    seen,
    heard,
    messages,
    problems,
    calls,
    runs,
    mostCounted,
    marks: cloudRun.marks(),
    keys,
    dueAt,
    approvals: committee?.given ?? [],
  };
}

/** All that is known of a quarter once it is over. */
export type Lived = Awaited<ReturnType<typeof quarter>>;
