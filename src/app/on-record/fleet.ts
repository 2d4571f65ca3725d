import type { KnownFreezes, LookUpFreezes } from '../listing/freezes.ts';
import type { Found, Scope } from '../listing/gather.ts';
import { LISTS_A_MINUTE, paceOf } from '../listing/pace.ts';
import { ALWAYS, inPool } from '../listing/pool.ts';
import { attempt, Fault } from '../ports/fault.ts';
import type { GoogleReader } from '../ports/google-reader.ts';
import type { Clock, Vault } from '../ports/ports.ts';
import { isMet } from '../../core/health/health.ts';
import { conditionOf, type LastCheck, type Condition } from '../../core/fleet/condition.ts';
import { GLOBAL } from '../../core/google/resource-names.ts';
import type { KeyKind } from '../../core/key/key-text.ts';
import { freezesAt, type Freeze } from '../../core/record/freeze.ts';
import type { Health } from '../../core/record/health-state.ts';
import { isOwed, type Journal } from '../../core/record/journal.ts';
import { replacedAt, type Past, type Retired } from '../../core/record/ledger.ts';
import { currentKeyMadeAt } from '../../core/record/key-made-at.ts';
import { mayBeginFrom, type Calendars } from '../../core/calendar/waiting.ts';
import { calendarsOf } from '../rotation/planned-gate.ts';
import { valueOf } from '../../core/record/part.ts';
import { secretPolicyOf, type SecretPolicy } from '../../core/settings/secret-policy.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, instantOf, plusMs, type Instant } from '../../core/values/time.ts';
import { lastRunsOf, type LastRuns } from './last-runs.ts';
import { onRecord, statusOf, type SecretStatus, type Status } from './status.ts';

export interface FleetPorts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly reader: GoogleReader;
  /** Freezes that people set; without it they are not known. */
  readonly freezes?: LookUpFreezes | undefined;
}

export interface FleetOrder extends Scope {
  readonly secretPolicy: SecretPolicy;
  readonly runEveryMinutes: number;
  /** Projects in whose logs the check's heartbeats may be. */
  readonly logProjects: readonly string[];
  /** Whether versions are looked up for the age of keys that no rotation has made: of some, or of `all` at the pace of a long list. */
  readonly ages: boolean | 'all';
}

/** Everything that is on record about a secret, and how it stands. */
export interface Member extends SecretStatus {
  /** As it was asked for, usually its id. */
  readonly project: string;
  readonly condition: Condition;
  readonly checked: LastCheck;
  readonly key: CurrentKey;
  readonly due: Due;
  /** Its rotations, newest first; `undefined` when the list is in a form this release does not read. */
  readonly history: readonly Past[] | undefined;
  /** Its old keys that await deletion; `undefined` as above. */
  readonly retired: readonly Retired[] | undefined;
  /** How long its own policy keeps an old key before the purge deletes it. */
  readonly retentionDays: number;
  /** Age at which its policy has the key rotated; 0 for never. */
  readonly maxAgeDays: number;
}

/** The key that consumers read, as far as the record and the version say. */
export interface CurrentKey {
  readonly kind?: KeyKind | undefined;
  readonly madeAt?: Instant | undefined;
  /** Its own creation, or that of the version, which may be younger than the key. */
  readonly by?: 'key' | 'version' | undefined;
}

/** When a rotation begins because of the key's age, or of a schedule that had to wait; `never` also where no window opens. */
export type Due = { readonly is: 'at'; readonly at: Instant } | { readonly is: 'never' } | { readonly is: 'unknown' };

export interface Fleet extends Omit<Status, 'secrets'> {
  readonly members: readonly Member[];
  readonly runs: LastRuns;
  /** What people have frozen, as far as it is known. */
  readonly freezes: readonly Freeze[];
  /** Secrets whose version was not looked up for its age, because there are too many of them. */
  readonly notLooked: number;
}

/** Secret Manager gives a project 600 reads of metadata a minute, and rotations need theirs. */
const LOOKS_MAX = 100;
/** A check that ran three times less often than it should, and no younger than an hour, is not watching. */
const RUNS_MISSED_MAX = 3;

/** How long ago the last check of a secret may be. */
export function freshMsOf(runEveryMinutes: number): number {
  return Math.max(HOUR_MS, RUNS_MISSED_MAX * runEveryMinutes * MINUTE_MS);
}

/** The record of managed or named secrets with what can be concluded from it. No key is read, and Gemini is not asked. */
export async function fleetOf(ports: FleetPorts, order: FleetOrder): Promise<Fleet> {
  const now = ports.clock.now();
  const [status, runs, known] = await Promise.all([
    statusOf(ports.vault, order),
    lastRunsOf(ports.reader, order.logProjects, now),
    ports.freezes?.() ?? NONE_SET,
  ]);
  const keys = new Map(status.found.map((found) => [found, keyOnRecord(found)]));
  const ageless = order.ages === false ? [] : status.found.filter((found) => keys.get(found)?.madeAt === undefined);
  const looks = order.ages === 'all' ? ageless.length : LOOKS_MAX;
  const pace = paceOf(ports.clock, LISTS_A_MINUTE);
  await inPool(ageless.slice(0, looks), order.concurrency, ALWAYS, async (found) => {
    await pace();
    const madeAt = await versionMadeAt(ports.vault, found);
    if (madeAt !== undefined) keys.set(found, { ...keys.get(found), madeAt, by: 'version' });
  });
  const members = [...keys].map(([found, key]) => memberOf(found, key, { runs, known }, order, now));
  const problems = [
    ...status.problems,
    ...('unknown' in known ? [`which freezes are set is not known: ${known.unknown}`] : []),
  ];
  const freezes = 'freezes' in known ? freezesAt(known.freezes, now) : [];
  return { ...status, problems, members, runs, freezes, notLooked: Math.max(0, ageless.length - looks) };
}

const NONE_SET: KnownFreezes = { freezes: [] };

/** What a run has looked up for all secrets. */
interface LookedUp {
  readonly runs: LastRuns;
  readonly known: KnownFreezes;
}

function memberOf(
  found: Found,
  key: CurrentKey,
  { runs, known }: LookedUp,
  { secretPolicy, runEveryMinutes }: FleetOrder,
  now: Instant,
): Member {
  const { sighting, project } = found;
  const secret = onRecord(found);
  const policy = secretPolicyOf(sighting.record, secretPolicy).secretPolicy;
  const { rotation } = policy;
  const calendars = calendarsOf(policy, sighting.name, 'freezes' in known ? known.freezes : [], now);
  const due = dueOf(key, secret.rotation, rotation.maxAgeDays, { calendars, now });
  const checked = lastCheckOf(secret, project, runs);
  const dueAt = due.is === 'at' ? due.at : undefined;
  const condition = conditionOf({ ...secret, checked, dueAt }, now, freshMsOf(runEveryMinutes));
  const [history, retired] = [valueOf(sighting.record.history), valueOf(sighting.record.retired)];
  const { retentionDays, maxAgeDays } = rotation;
  return { ...secret, project, key, due, checked, condition, history, retired, retentionDays, maxAgeDays };
}

/** Nothing is begun by itself before a failed rotation may be tried again, nor out of a window or in a freeze. */
function dueOf(
  { madeAt }: CurrentKey,
  rotation: Journal | undefined,
  maxAgeDays: number,
  { calendars, now }: { readonly calendars: Calendars; readonly now: Instant },
): Due {
  const owed = rotation?.phase === 'resting' && isOwed(rotation);
  if (owed) return dueIn(calendars, now);
  if (maxAgeDays === 0) return { is: 'never' };
  if (madeAt === undefined) return { is: 'unknown' };
  const old = plusMs(madeAt, maxAgeDays * DAY_MS);
  const notBefore = rotation?.phase === 'resting' ? rotation.notBefore : undefined;
  const at = notBefore !== undefined && notBefore > old ? notBefore : old;
  if (at > now) return dueIn(calendars, at);
  const may = mayBeginFrom(calendars, now);
  return may === now ? { is: 'at', at } : dueIn(calendars, now);
}

function dueIn(calendars: Calendars, from: Instant): Due {
  const at = mayBeginFrom(calendars, from);
  return at === undefined ? { is: 'never' } : { is: 'at', at };
}

/** The newer of what the log says of the whole fleet, and of what the secret itself remembers. */
function lastCheckOf({ secret, health, managed }: SecretStatus, project: string, runs: LastRuns): LastCheck {
  const remembered = health === undefined ? NEVER : lastLookIn(health);
  if (remembered === undefined) return { is: 'never' };
  const location = /\/locations\/([^/]+)\//.exec(secret)?.[1] ?? GLOBAL;
  const ran = managed ? runs.byScope.get(`${project}/${location}`) : undefined;
  if (ran !== undefined) return { is: 'at', at: ran > remembered ? ran : remembered };
  const [why] = runs.unknown.values();
  if (why !== undefined) return { is: 'unknown', why };
  return remembered < runs.lookedBackTo ? { is: 'not_found' } : { is: 'at', at: remembered };
}

/** Before everything: what is remembered cannot be read, so nothing is known of a look. */
const NEVER = instantOf(0);

/** What a check wrote last; `undefined` where none was ever written. */
function lastLookIn(health: Health): Instant | undefined {
  if (!isMet(health, undefined)) return undefined;
  return 'episode' in health ? health.episode.announcedAt : health.since;
}

/** What a rotation has learned of the key, and what a check has seen of it since. */
function keyOnRecord({ sighting: { aliases, record } }: Found): CurrentKey {
  const [history, rotation, health] = [valueOf(record.history), valueOf(record.rotation), valueOf(record.health)];
  const flight = rotation === undefined || rotation.phase === 'resting' ? undefined : rotation;
  const madeAt = currentKeyMadeAt(record, aliases['current']);
  const placedAt = flight?.promotedAt ?? replacedAt(history);
  const kind = health?.is === 'well' && isMet(health, placedAt) ? health.keyKind : undefined;
  return { kind, ...(madeAt === undefined ? {} : { madeAt, by: 'key' as const }) };
}

/** A version that may not be looked at leaves the age not known, which is no trouble of the key. */
async function versionMadeAt(vault: Vault, { sighting }: Found): Promise<Instant | undefined> {
  const seen = await attempt(() => vault.lookVersion(sighting.name, sighting.aliases['current'] ?? 'latest'));
  return seen instanceof Fault ? undefined : seen.createdAt;
}
