import { usageOf } from '../../papers/cost.ts';
import { DEFAULT_ROTATION_POLICY } from '../../../src/core/rotation/rotation-policy.ts';
import { MINUTE_MS, plusMs } from '../../../src/core/values/time.ts';
import { NUMBERS } from '../../../src/core/settings/settings.ts';
import { DAY_MS, HOUR_MS } from './fleet.ts';
import { talliesOf } from './messages.ts';
import { DAYS, START, weekOf } from './calendar.ts';
import { permittedFrom, rulesKept } from './judge-rules.ts';
import type { Lived } from './quarter.ts';
import { KINDS, LIMITS } from './quotas.ts';
import type { Record } from './witness.ts';

/** Something that a quarter must keep to, and what was measured of it. */
export interface Judged {
  readonly must: string;
  readonly kept: boolean;
  readonly measured: string;
}

/** A day of bad weather is in it: without one a key is late by the time that the others of its afternoon take. */
const LATE_HOURS_MAX = 48;
/** People read so much about a quarter with a day of bad weather, three leaks, and tools and people that get in the way. */
const ALERTS_MAX = 30;
/** Messages in the worst week, which is that of the bad weather, and calls at night. */
const TEAM_WEEK_MAX = 6;
const OPERATORS_WEEK_MAX = 15;
const CALLS_WEEK_MAX = 3;
const NEEDED_SHARE_MIN = 0.25;
const LEAK_MINUTES_MAX = 30;
const KEYS_MAX = 300;
const ANNOTATION_BYTES_MAX = 16_384;
const VERSIONS_DEVIATION_MAX = 0.05;
/** What rotations may add to the accesses of the checks; docs/cost.md says how much it was. */
const ROTATION_SHARE_MAX = 0.08;

export function judge(lived: Lived): readonly Judged[] {
  const { seen, fleet, keys, runs, heard, mostCounted, rotationsMax } = lived;
  const records = [...seen.records.values()];
  const rotated = records.filter(({ member }) => member.part !== 'unlabelled');
  const once = rotated.filter((record) => record.completed.length === rotationsOf(record));
  const untouched = records.filter(({ member }) => member.part === 'unlabelled');
  const lates = rotated.map((record) => lateHours(lived, record)).toSorted((a, b) => b - a);
  const young = Math.max(...[...seen.mostOfDay.values()].map((most) => most.young));
  const letGoOn = Math.max(...[...seen.mostOfDay.values()].map((most) => most.letGoOn));
  const flying = seen.flying().inFlight;
  // A rotation that was given up leaves what it wrote and, for readers of `latest`, the old key once more; nobody destroys them.
  // And a person who goes back leaves the version that they found bad.
  const takenBack = records.filter(({ member }) => member.part === 'taken back').length;
  const { retentionDays, destroyAfterDays } = DEFAULT_ROTATION_POLICY;
  const withOldKey = records.filter((record) => endedWithin(lived, record, retentionDays + 1)).length;
  const unpurged = rotated.filter(
    (record) => !endedWithin(lived, record, retentionDays + destroyAfterDays + 1) && hasMore(record),
  );
  const alive = keys.alive().length;
  const leaked = records.filter(({ member }) => member.part === 'leaked');
  const alerts = heard.filter(({ isForPeople }) => isForPeople).length;
  const bytes = seen.annotationBytesMost();
  return [
    rule('no reader gets a refused key because of us', seen.violations.length === 0, () =>
      seen.violations.length === 0 ? `${number(seen.looks())} looks` : seen.violations.slice(0, 5).join('; '),
    ),
    rule(
      'every key is rotated once, a leaked one and one that a person took back twice',
      once.length === rotated.length && untouched.every(({ opened }) => opened.length === 0),
      () => `${number(once.length)} of ${number(rotated.length)}; ${untouched.length} without a label left alone`,
    ),
    rule(
      `none is late by more than ${LATE_HOURS_MAX} h`,
      (lates[0] ?? 0) <= LATE_HOURS_MAX,
      () => `half of them by ${hours(lates[lates.length >> 1])}, the last by ${hours(lates[0])}`,
    ),
    rule(
      `at most ${rotationsMax} are begun by the worker and not yet promoted`,
      young <= rotationsMax,
      () => `${young} at the same time; of those that people let go on, ${letGoOn}`,
    ),
    rule('every drain ends', flying === 0, () => (flying === 0 ? 'none in flight at the end' : `${flying} in flight`)),
    rule(
      'old keys are gone, at the issuer and in the secret',
      unpurged.length === 0 && alive >= fleet.length + takenBack && alive <= fleet.length + takenBack + withOldKey,
      () => `${number(alive)} keys for ${number(fleet.length)} secrets`,
    ),
    rule(
      'every leak is closed, and not before its key is dead',
      leaked.every(({ openLeaks, closedLeaks }) => openLeaks === 0 && closedLeaks === 1),
      () => `${leaked.length} leaks`,
    ),
    leakRule(lived),
    reachRule(lived),
    ...KINDS.filter((kind) => LIMITS[kind] < Infinity).map((kind) => quotaRule(lived, kind)),
    rule(
      `a project stays below its ${KEYS_MAX} keys`,
      mostCounted.keys < KEYS_MAX,
      () => `${mostCounted.keys}, those that were deleted within 30 days included`,
    ),
    rule(
      'no run is cut off, and none is left without its turn',
      runs.cutOff === 0,
      () =>
        `the longest took ${Math.round(runs.longestMs / 1000)} s of ${NUMBERS.KEY_WARDEN_BUDGET_SECONDS.fallback + 60}`,
    ),
    rule(`at most ${ALERTS_MAX} alerts are for people`, alerts <= ALERTS_MAX, () => alertsSaid(lived, alerts)),
    ...noiseRules(lived),
    rule('annotations fit into 16 KiB', bytes <= ANNOTATION_BYTES_MAX, () => `${number(bytes)} bytes at most`),
    // docs/cost.md counts a quarter as a whole; where keys are due until its last days their old versions are still there, and fewer before.
    ...(lived.plan.rules === undefined ? [costRule(lived)] : rulesKept(lived)),
  ];
}

/** Where keys are due until the last days, the time of an old one may not be over. */
function endedWithin({ plan }: Lived, { completed }: Record, days: number): boolean {
  const last = completed.at(-1);
  return plan.rules !== undefined && last !== undefined && last > plusMs(START, (DAYS - days) * DAY_MS);
}

function hasMore({ versions, abandoned, member }: Record): boolean {
  return versions > 1 + 2 * abandoned.length + (member.part === 'taken back' ? 1 : 0);
}

/** Whoever is restarted twice for one move was disturbed for nothing, and who is not goes on with the old key for as long as others. */
function reachRule({ marks, seen }: Lived): Judged {
  const all = [...marks];
  const good = all.filter(
    ([secret, given]) =>
      new Set(given).size === given.length && given.length === (seen.records.get(secret)?.promoted.length ?? 0),
  );
  return rule(
    'a consumer that is brought along is restarted once for each move',
    good.length === all.length,
    () => `${number(good.length)} of ${number(all.length)} services`,
  );
}

/** How much people read, how often they are called, and how much of what asks something of them needed them. */
function noiseRules({ messages }: Lived): readonly Judged[] {
  const [operators, pager, ...teams] = talliesOf(messages, weekOf);
  const teamMost = Math.max(0, ...teams.map(({ weekMost }) => weekMost));
  const [week = 0, calls = 0] = [operators?.weekMost, pager?.weekCallsMost];
  const asked = messages.filter(({ asks }) => asks).length;
  const needed = messages.filter(({ needed: isNeeded }) => isNeeded).length;
  return [
    rule(
      `a team reads at most ${TEAM_WEEK_MAX} messages in a week, and who runs the worker ${OPERATORS_WEEK_MAX}`,
      teamMost <= TEAM_WEEK_MAX && week <= OPERATORS_WEEK_MAX,
      () => `${teamMost}, and ${week}`,
    ),
    rule(
      `the pager rings at most ${CALLS_WEEK_MAX} times in a week`,
      calls <= CALLS_WEEK_MAX,
      () => `${calls}, and ${pager?.calls} times in the quarter`,
    ),
    rule(
      `of what asks something of people, ${100 * NEEDED_SHARE_MIN} % needed them`,
      needed >= NEEDED_SHARE_MIN * asked,
      () => `${needed} of ${asked}`,
    ),
  ];
}

/** What docs/reference/metrics.md promises of a leaked key: how soon after the leak it is deleted at its issuer. */
function leakRule({ heard, seen }: Lived): Judged {
  const minutes = heard.flatMap(({ notice }) => {
    if (notice.type !== 'leak.closed') return [];
    const { deletedAt = Infinity } = seen.records.get(notice.secret)?.leakedKey ?? {};
    return [(deletedAt - notice.at) / MINUTE_MS];
  });
  const longest = Math.max(0, ...minutes);
  return rule(
    `a leaked key is deleted within ${LEAK_MINUTES_MAX} minutes`,
    longest <= LEAK_MINUTES_MAX,
    () => `the last of ${minutes.length} after ${longest.toFixed(1)}`,
  );
}

/** How often a secret is to be rotated in the quarter: by age, and again where its key leaked or an old one came back. */
function rotationsOf({ member: { part } }: Record): number {
  return part === 'leaked' || part === 'taken back' ? 2 : 1;
}

function rule(must: string, kept: boolean, measured: () => string): Judged {
  return { must, kept, measured: measured() };
}

function quotaRule({ calls }: Lived, kind: (typeof KINDS)[number]): Judged {
  const busiest = calls.busiest(kind).calls;
  return rule(
    `${kind} stay within a minute’s quota`,
    busiest <= LIMITS[kind],
    () => `${number(busiest)} of ${number(LIMITS[kind])}`,
  );
}

/** A rotation that came before the key was due is not late. */
function lateHours(lived: Lived, record: Record): number {
  const [first] = record.promoted;
  return first === undefined ? Infinity : Math.max(0, (first - permittedFrom(lived, record)) / HOUR_MS);
}

/** docs/cost.md counts one access per key and run of the check, and the versions that a rotation keeps for a while. */
function costRule({ fleet, seen, calls, runs }: Lived): Judged {
  const usage = usageOf(fleet.length);
  const versions = seen.versionMs() / (DAYS * DAY_MS);
  const byRotation = calls.total('Secret Manager accesses') - runs.check * fleet.length;
  const quarterly = (usage.accesses / (730 / 24)) * DAYS;
  const isRight =
    Math.abs(versions / usage.versions - 1) <= VERSIONS_DEVIATION_MAX && byRotation / quarterly <= ROTATION_SHARE_MAX;
  return rule(
    'docs/cost.md is right',
    isRight,
    () =>
      `${(versions / fleet.length).toFixed(2)} versions a key (${(usage.versions / fleet.length).toFixed(2)} said); rotations add ${((100 * byRotation) / quarterly).toFixed(1)} % accesses`,
  );
}

function alertsSaid({ heard }: Lived, alerts: number): string {
  const types = Map.groupBy(
    heard.filter(({ isForPeople }) => isForPeople),
    ({ notice }) => notice.type,
  );
  const said = [...types].map(([type, some]) => `${some.length} ${type}`).join(', ');
  return `${alerts} (${said}); ${number(heard.length - alerts)} events for machines`;
}

function hours(late: number | undefined): string {
  return `${(late ?? 0).toFixed(1)} h`;
}

export function number(count: number): string {
  return count.toLocaleString('en');
}
