import type { Actor } from '../record/actor.ts';
import type { RotationReason, Steered } from '../record/journal.ts';
import type { FleetOutage } from '../health/outage.ts';
import type { Cause, Severity, Verdict } from '../causes/causes.ts';
import type { VersionChange } from '../rotation/store-event.ts';
import type { Finding } from '../health/finding.ts';
import type { Silence } from '../record/silence.ts';
import type { Announcement } from '../health/health.ts';
import type { Episode } from '../record/health-state.ts';
import type { UnusualUse } from '../use/judge-use.ts';
import { RISKS } from '../health/secret-risk.ts';
import type { Instant } from '../values/time.ts';
import type { LeakEmergency } from './leak-emergency.ts';
import type { FindingSeverity } from '../inventory/findings.ts';
import type { NewsKind } from '../inventory/told.ts';
import type { ToldInstruction } from '../values/command.ts';
import type { LeakSource } from './leak-report.ts';

/** What the rest of the world is told. One union, so that every channel must say something about every kind. */
export type Notice =
  | KeyNotice
  | KeyUnwatched
  | UnusualUseNotice
  | AheadNotice
  | SecretWarning
  | VersionChanged
  | NameUnproven
  | SilenceNotice
  | RotationDue
  | RotationNotice
  | RotationProposed
  | LeakOpen
  | LeakClosed
  | LeakReported
  | InventoryNews
  | InventoryCount
  | OutageNotice
  | FleetRecovered
  | FleetHeartbeat
  | AlertTest;

/** About one key: an episode opened, got worse, is still open, or is over. */
export interface KeyNotice extends Announcement {
  readonly finding: Finding;
  /** Of an end: the silence for which channels were not told of all of it. */
  readonly silence?: Silence | undefined;
}

/** What takes a secret out of our care. */
export const UNWATCHED_BECAUSE = ['deleted', 'label_removed'] as const;

/** Nobody looks after a key any more whose episode is open, so that no check will ever close it. */
export interface KeyUnwatched {
  readonly type: 'key.unwatched';
  readonly secret: string;
  readonly project: string;
  readonly because: (typeof UNWATCHED_BECAUSE)[number];
  readonly episode: Episode;
}

/** A key is used as it was not before, measured against its own past: of each secret under care that serves it, or once of nobody. */
export type UnusualUseNotice = UnusualUseOfNobody | UnusualUseOfSecret;

interface UnusualUseOfNobody {
  readonly type: 'key.unusual';
  /** Of the key; with a secret, its own, as people write it in commands. */
  readonly project: string;
  /** The key’s name at its issuer. */
  readonly key: string;
  readonly use: UnusualUse;
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

interface UnusualUseOfSecret extends UnusualUseOfNobody {
  readonly secret: string;
  readonly version: number;
}

/** What a secret or the secrets of a project are warned of. */
export const WARNED_OF = [...RISKS, 'rotations_stopped'] as const;

/** What is about to take secrets away from their consumers or from us, or has. Told once a day while it lasts. */
export interface SecretWarning {
  readonly type: 'secret.warning';
  /** The first of them by name. */
  readonly secret: string;
  readonly project: string;
  readonly because: (typeof WARNED_OF)[number];
  readonly why: string;
  /** Further secrets of the project of which the same is true. */
  readonly others: number;
  /** The beginning of the day on which it is told. */
  readonly day: Instant;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Told some days before a key reaches its greatest age, once. */
export type AheadNotice = KeyAging | RotationPlanned;

/** What one run tells of several secrets, and people read as one message. */
export type GroupedNotice = KeyNotice | AheadNotice | RotationProposed;

const GROUPED_TOO: readonly Notice['type'][] = ['key.aging', 'rotation.planned', 'rotation.proposed'];

/** Whether a notice is one of those that are told together. */
export function isGrouped(notice: Notice): notice is GroupedNotice {
  return 'finding' in notice || GROUPED_TOO.includes(notice.type);
}

/** A key reaches its greatest age, and no rotation begins by itself. */
export interface KeyAging {
  readonly type: 'key.aging';
  /** Full resource name, with the project's number. */
  readonly secret: string;
  /** The project as people write it in commands, usually its id. */
  readonly project: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly ageDays: number;
  readonly ageDaysMax: number;
  /** Why no rotation begins by itself. */
  readonly why: string;
  readonly step?: string | undefined;
  /** The exact command that ends it. */
  readonly next?: string | undefined;
}

/** A key reaches its greatest age, and its rotation begins by itself. */
export interface RotationPlanned {
  readonly type: 'rotation.planned';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** When it begins, or soon after: others may be before it. */
  readonly startsAt: Instant;
  /** From when on a second person is asked, without whom it does not begin; absent where nobody is. */
  readonly asksFrom?: Instant | undefined;
  readonly ageDaysMax: number;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Somebody else disabled or destroyed a version, or set the time of its destruction. */
export interface VersionChanged {
  readonly type: 'version.changed';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  readonly change: VersionChange;
  /** Consumers read this version: they are without a key now. */
  readonly isCurrent: boolean;
  /** When it happened, as Secret Manager's event says, so that a second delivery of it has the same id. */
  readonly at: Instant;
  /** What to do first, in words. */
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A name in a secret's annotations that is not proven to be the secret's own, so that nothing was done with it (I16). */
export interface NameUnproven {
  readonly type: 'name.unproven';
  readonly secret: string;
  readonly project: string;
  /** Where the name stands: `rotation kw-1-2`, or `version 3 in the list of old keys`. */
  readonly on: string;
  readonly why: string;
  /** When the rotation's phase began, or the beginning of the day of a purge. */
  readonly at: Instant;
  /** Times that the rotation was held; 1 for an old key. */
  readonly times: number;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Channels are quiet about a secret from now on, or no planned rotation begins, or somebody ended that before its time. */
export interface SilenceNotice {
  readonly type: 'silence.set' | 'silence.ended' | 'freeze.set' | 'freeze.ended';
  /** Whom it is about; of a freeze, and of a silence that is about more than one secret, where it stands. */
  readonly secret: string;
  readonly project: string;
  /** Who wanted it, and why, in their own words. */
  readonly owner: string;
  readonly reason: string;
  /** When it ends by itself, or would have. */
  readonly until: Instant;
  /** What a freeze, or more than one secret’s silence, is about, in words. */
  readonly about?: string | undefined;
  /** Whose hand set or ended it. */
  readonly by: Actor;
  readonly at: Instant;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A rotation is due, and windows or freezes let none begin for days: told once. */
export interface RotationDue {
  readonly type: 'rotation.due';
  readonly secret: string;
  readonly project: string;
  /** Why it is due, and since when. */
  readonly reason: RotationReason;
  readonly since: Instant;
  /** What it waits for, and until when. */
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A rotation reached a point that people want to know of. */
export interface RotationNotice {
  readonly type:
    'rotation.opened' | 'rotation.promoted' | 'rotation.completed' | 'rotation.abandoned' | 'rotation.held';
  readonly secret: string;
  readonly project: string;
  /** The rotation's id. */
  readonly rotation: string;
  /** Versions: the old key's and the new key's. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Why it was begun. */
  readonly reason: string;
  /** Who asked for it; absent where the worker began it by itself. */
  readonly by?: Actor | undefined;
  /** The last that somebody asked of it in flight. */
  readonly steered?: Steered | undefined;
  /** Why it is where it is. */
  readonly why?: string | undefined;
  /** When its phase began, from the journal. */
  readonly since: Instant;
  /** When the rotation began. */
  readonly openedAt?: Instant | undefined;
  /** Times it was held, this one included: tells holds apart, and lets the end be told wherever they were. */
  readonly holds?: number | undefined;
  /** Of a hold, how often people were reminded of it; of an end, of the last hold before it. */
  readonly recalls?: number | undefined;
  /** It ended while the leaked key is alive, and nobody but a person can delete it. */
  readonly leavesLeak?: boolean | undefined;
  /** What to do first, in words: without them a command that goes back reads like advice to do so. */
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A planned rotation begins once somebody else than who asked for it agrees. */
export interface RotationProposed {
  readonly type: 'rotation.proposed';
  readonly secret: string;
  readonly project: string;
  /** The version that would be replaced. */
  readonly version: number;
  /** What is approved, as a hash. */
  readonly plan: string;
  /** Who asked; absent where the schedule did. */
  readonly by?: Actor | undefined;
  readonly at: Instant;
  /** It lapses then. */
  readonly until: Instant;
  /** By what all of them are approved that are told together. */
  readonly group?: string | undefined;
  /** What would be done, and to whom. */
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A leaked key is alive, or not proven dead: told when nothing is under way that ends it, and again at growing gaps (I18). */
export interface LeakOpen {
  readonly type: 'leak.open';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  /** The key's name at its issuer, where that is known. */
  readonly key?: string | undefined;
  /** When somebody said that it leaked. */
  readonly at: Instant;
  /** How often it was told before. */
  readonly told: number;
  readonly why: string;
  /** Who asked for the deletion of the key, where a person did. */
  readonly by?: Actor | undefined;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** A leaked key is proven dead. */
export interface LeakClosed {
  readonly type: 'leak.closed';
  readonly secret: string;
  readonly project: string;
  readonly version: number;
  readonly key?: string | undefined;
  readonly at: Instant;
  /** Since when every look found it dead, half an hour of which is the proof. */
  readonly deadSince?: Instant | undefined;
}

/** Somebody outside reports a key that leaked: of nobody who is known, or of a secret that holds it. Told once a report. */
export type LeakReported = LeakOfNobody | LeakOfSecret;

interface LeakOfNobody {
  readonly type: 'leak.reported';
  readonly source: LeakSource;
  /** What the report is told apart by: the same for one that is delivered again. */
  readonly report: string;
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

interface LeakOfSecret extends LeakOfNobody {
  readonly secret: string;
  readonly project: string;
  /** The version that holds the key; absent where none does that can be read, because the key is retired. */
  readonly version?: number | undefined;
  /** Of a key that the secret has retired: whether every old key of it is deleted. */
  readonly retired?: 'deleted' | 'undeleted' | undefined;
  /** What became of the emergency that the report asked for; absent where the settings have it ask for none. */
  readonly emergency?: LeakEmergency | undefined;
}

/** What a scheduled inventory found and nobody was told of: of one kind, in one project. */
export interface InventoryNews {
  readonly type: 'inventory.news';
  readonly project: string;
  readonly kind: NewsKind;
  readonly count: number;
  /** Some of them by name. */
  readonly findings: readonly NewFinding[];
  /** What it is told apart by: the same when it is told again. */
  readonly occasion: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Something to mend about a key, or about all keys of a project. */
export interface NewFinding {
  readonly severity: FindingSeverity;
  /** The key’s name at its issuer; absent of what is about all of them. */
  readonly key?: string | undefined;
  /** Secrets that hold it, a few by name, and how many there are. */
  readonly secrets: readonly string[];
  readonly holders: number;
  readonly says: string;
  readonly cure: ToldInstruction;
  /** Whether the cure’s command runs as it stands. */
  readonly runs: boolean;
}

/** How many findings stand, where nobody knows what people were told of them. */
export interface InventoryCount {
  readonly type: 'inventory.news';
  readonly because: (typeof COUNTED_BECAUSE)[number];
  readonly count: number;
  readonly counts: Readonly<Partial<Record<NewsKind, number>>>;
  readonly occasion: string;
  readonly why: string;
  readonly step?: string | undefined;
  readonly next?: string | undefined;
}

/** Why nobody knows it. */
export const COUNTED_BECAUSE = ['first_run', 'unreadable'] as const;

/** An outage as it is told: it is an episode of the whole fleet, said once, recalled at growing gaps, and closed. */
interface OutageNotice extends FleetOutage {
  readonly episode: Episode;
}

/** The keys can be judged one by one again. */
interface FleetRecovered {
  readonly type: 'fleet.recovered';
  /** The silence for which channels were not told of all of it. */
  readonly silence?: Silence | undefined;
  readonly project?: string | undefined;
  readonly episode: Episode;
  readonly seen: number;
}

/** A run took place, and what it did: its absence is the alarm, and so is `seen` below `expected`. */
interface FleetHeartbeat {
  readonly type: 'fleet.heartbeat';
  readonly expected: number;
  readonly seen: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

/** A person or a schedule asks whether alerts still arrive. */
interface AlertTest {
  readonly type: 'alert.test';
  readonly askedBy: string;
}

/** Every kind of notice, in the order in which papers list them. */
export const NOTICE_TYPES = [
  'key.unhealthy',
  'key.unclear',
  'key.reminder',
  'key.recovered',
  'key.unwatched',
  'key.unusual',
  'key.aging',
  'rotation.planned',
  'rotation.proposed',
  'secret.warning',
  'version.changed',
  'name.unproven',
  'silence.set',
  'silence.ended',
  'freeze.set',
  'freeze.ended',
  'rotation.due',
  'rotation.opened',
  'rotation.promoted',
  'rotation.completed',
  'rotation.abandoned',
  'rotation.held',
  'leak.open',
  'leak.closed',
  'leak.reported',
  'inventory.news',
  'fleet.outage',
  'fleet.recovered',
  'fleet.heartbeat',
  'alert.test',
] as const satisfies readonly Notice['type'][];
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** How bad it is, as logs, routes and channels take it. */
export function severityOf(notice: Notice): Severity {
  switch (notice.type) {
    case 'fleet.outage':
    case 'key.unhealthy':
    case 'key.unclear':
    case 'key.reminder':
      return notice.episode.severity;
    case 'key.aging':
    case 'key.unusual':
    case 'key.unwatched':
    case 'rotation.proposed':
    case 'silence.set':
    case 'freeze.set':
    case 'rotation.due':
      return 'warning';
    case 'secret.warning':
      if (notice.because === 'current_leaked') return 'critical';
      return notice.because === 'unwritable' ? 'error' : 'warning';
    case 'rotation.abandoned':
      return notice.leavesLeak === true ? 'critical' : 'warning';
    case 'version.changed':
      return notice.isCurrent ? 'critical' : 'warning';
    case 'rotation.held':
      return notice.recalls === undefined ? 'error' : 'critical';
    case 'name.unproven':
      return 'error';
    case 'rotation.completed':
      return notice.leavesLeak === true ? 'critical' : 'info';
    case 'fleet.heartbeat':
      return notice.seen < notice.expected ? 'warning' : 'info';
    case 'leak.open':
      return 'critical';
    case 'leak.reported':
      if (!('secret' in notice)) return 'error';
      return notice.retired === 'deleted' ? 'info' : 'critical';
    case 'inventory.news':
      return 'kind' in notice ? worstOf(notice.findings) : 'warning';
    case 'key.recovered':
    case 'leak.closed':
    case 'fleet.recovered':
    case 'silence.ended':
    case 'rotation.planned':
    case 'freeze.ended':
    case 'rotation.opened':
    case 'rotation.promoted':
    case 'alert.test':
      return 'info';
  }
}

/** Nobody is got up for what an inventory finds: consumers have their key. */
function worstOf(findings: readonly NewFinding[]): Severity {
  const severities = findings.map(({ severity }) => severity);
  if (severities.includes('high')) return 'error';
  return severities.includes('medium') ? 'warning' : 'info';
}

/** The severity that routes go by: an end is as important as what it ends, or an incident would stay open for ever. */
export function gravityOf(notice: Notice): Severity {
  if (isEnd(notice)) return notice.episode.severity;
  if (notice.type === 'leak.closed') return 'critical';
  if (notice.type === 'silence.ended' || notice.type === 'freeze.ended') return 'warning';
  const severity = severityOf(notice);
  if ('recalls' in notice && notice.recalls !== undefined) return 'critical';
  return 'holds' in notice && notice.holds !== undefined && severity !== 'critical' ? 'error' : severity;
}

function isEnd(notice: Notice): notice is Extract<Notice, { readonly episode: Episode }> {
  return notice.type === 'key.recovered' || notice.type === 'key.unwatched' || notice.type === 'fleet.recovered';
}

/** What log entries about a notice are told apart by. */
export function labelsOf(notice: Notice): { readonly secret?: string; readonly cause?: Cause } {
  const secret = 'finding' in notice ? notice.finding.secret : 'secret' in notice ? notice.secret : undefined;
  return {
    ...(secret === undefined ? {} : { secret }),
    ...('episode' in notice ? { cause: notice.episode.cause } : {}),
  };
}
