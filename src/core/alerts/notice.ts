import type { Cause, Severity } from '../causes/causes.ts';
import type { Episode } from '../record/health-state.ts';
import type {
  InventoryNews,
  NewFinding,
  InventoryCount,
  OutageNotice,
  FleetRecovered,
  FleetHeartbeat,
  AlertTest,
} from './notices/fleet-notices.ts';
import type { KeyNotice, KeyUnwatched, UnusualUseNotice, KeyAging } from './notices/key-notices.ts';
import type { LeakOpen, LeakClosed, LeakReported } from './notices/leak-notices.ts';
import type { RotationPlanned, RotationDue, RotationNotice, RotationProposed } from './notices/rotation-notices.ts';
import type { SecretWarning, VersionChanged, NameUnproven, SilenceNotice } from './notices/secret-notices.ts';

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

/** Told some days before a key reaches its greatest age, once. */
export type AheadNotice = KeyAging | RotationPlanned;

/** What one run tells of several secrets, and people read as one message. */
export type GroupedNotice = KeyNotice | AheadNotice | RotationProposed;

const GROUPED_TOO: readonly Notice['type'][] = ['key.aging', 'rotation.planned', 'rotation.proposed'];

/** Whether a notice is one of those that are told together. */
export function isGrouped(notice: Notice): notice is GroupedNotice {
  return 'finding' in notice || GROUPED_TOO.includes(notice.type);
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
