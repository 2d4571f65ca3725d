import type { Actor } from '../../core/record/actor.ts';
import { FLIPS_MS } from '../../core/rotation/next-purge.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import { pastRotationsIn, type OldKey, type PastRotation } from '../on-record/past-rotations.ts';
import type { Member } from '../on-record/fleet.ts';
import type { SecretName } from '../ports/ports.ts';
import type { LoggedNotice } from './log-lines.ts';
import type { Logged } from './read-log.ts';

/** Where something is known from. */
export type KnownFrom = 'record' | 'log' | 'both';

/** A rotation of the time, and the proof that the key which it replaced is dead. */
export interface RotationLine {
  readonly secret: SecretName;
  readonly rotation: string;
  readonly openedAt?: Instant | undefined;
  readonly promotedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  readonly outcome: PastRotation['outcome'] | 'not known';
  readonly reason: string;
  /** Absent where the worker began it by itself. */
  readonly by?: Actor | undefined;
  /** Absent where none was asked for, or the log does not say. */
  readonly approvedBy?: Actor | undefined;
  readonly why?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly oldKey: Death;
  readonly knownFrom: KnownFrom;
}

/** What became of an old key. `isProven`: its issuer deleted it, and Gemini refused it half an hour later or for half an hour. */
export interface Death {
  readonly is: OldKey['is'] | 'destroyed';
  readonly key?: string | undefined;
  readonly deletedAt?: Instant | undefined;
  readonly refusedAt?: Instant | undefined;
  readonly destroyedAt?: Instant | undefined;
  readonly isProven: boolean;
}

/** What the logs say of one secret. */
export type SecretLog = Pick<Logged, 'notices' | 'steps' | 'approvals'>;

/** The rotations of a secret that ended in the time or went on in it, the newest first. */
export function rotationLinesOf(
  member: Member,
  log: SecretLog,
  deletedAtIssuer: ReadonlyMap<string, Instant>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly RotationLine[] {
  const remembered = pastRotationsIn(member);
  const logged = Map.groupBy(
    log.notices.filter(({ rotation }) => rotation !== undefined),
    ({ rotation }) => rotation,
  );
  const lines = [
    ...remembered.map((one) => recordedLine(one, logged.get(one.id) ?? [])),
    ...[...logged].flatMap(([id, notices]) =>
      id === undefined || remembered.some((one) => one.id === id) ? [] : [loggedLine(member.secret, id, notices)],
    ),
  ];
  return lines
    .filter(({ openedAt, endedAt }) => (endedAt ?? to) >= from && (openedAt ?? endedAt ?? from) < to)
    .map((line) => ({
      ...line,
      approvedBy: log.approvals.find(({ rotation }) => rotation === line.rotation)?.by,
      oldKey: deathOf(member, line, log, deletedAtIssuer),
    }))
    .toSorted((a, b) => beganAt(b) - beganAt(a) || (a.rotation < b.rotation ? -1 : 1));
}

function beganAt({ openedAt, endedAt }: RotationLine): number {
  return openedAt ?? endedAt ?? 0;
}

function recordedLine(one: PastRotation, notices: readonly LoggedNotice[]): RotationLine {
  const { secret, id, openedAt, endedAt, outcome, reason, by, why, from, to, oldKey } = one;
  return {
    secret,
    rotation: id,
    openedAt: openedAt ?? openedIn(notices),
    promotedAt: loggedAtOf(notices, 'rotation.promoted'),
    endedAt,
    outcome,
    reason,
    by: by ?? notices.find((notice) => notice.by !== undefined)?.by,
    why,
    from,
    to,
    oldKey: { is: oldKey.is, isProven: false },
    knownFrom: notices.length === 0 ? 'record' : 'both',
  };
}

/** One that the record has forgotten: its notices, newest first, tell of it. */
function loggedLine(secret: SecretName, rotation: string, notices: readonly LoggedNotice[]): RotationLine {
  const [last] = notices;
  const endedAt = loggedAtOf(notices, 'rotation.completed') ?? loggedAtOf(notices, 'rotation.abandoned');
  return {
    secret,
    rotation,
    openedAt: openedIn(notices),
    promotedAt: loggedAtOf(notices, 'rotation.promoted'),
    endedAt,
    outcome: outcomeIn(notices),
    reason: last?.reason ?? 'not known',
    by: notices.find(({ by }) => by !== undefined)?.by,
    why: last?.why,
    from: last?.from,
    to: last?.to,
    oldKey: { is: outcomeIn(notices) === 'abandoned' ? 'in use' : 'not on record', isProven: false },
    knownFrom: 'log',
  };
}

function outcomeIn(notices: readonly LoggedNotice[]): RotationLine['outcome'] {
  const types = notices.map(({ type }) => type);
  if (types.includes('rotation.completed')) return 'completed';
  return types.includes('rotation.abandoned') ? 'abandoned' : 'not known';
}

function openedIn(notices: readonly LoggedNotice[]): Instant | undefined {
  return notices.find(({ openedAt }) => openedAt !== undefined)?.openedAt ?? loggedAtOf(notices, 'rotation.opened');
}

function loggedAtOf(notices: readonly LoggedNotice[], type: LoggedNotice['type']): Instant | undefined {
  return notices.find((notice) => notice.type === type)?.loggedAt;
}

/** The record first, then the log; the issuer’s own word of when it deleted the key over both, while it remembers the key. */
function deathOf(
  { retired = [] }: Member,
  { rotation, from, endedAt, oldKey }: RotationLine,
  { notices, steps }: SecretLog,
  deletedAtIssuer: ReadonlyMap<string, Instant>,
): Death {
  const old = retired.find((one) => one.rotation === rotation);
  if (oldKey.is === 'in use') return oldKey;
  const taken = steps.filter(({ version, loggedAt }) => version === from && loggedAt >= (endedAt ?? loggedAt));
  const at = (did: (typeof steps)[number]['did']) => taken.find((step) => step.did === did)?.loggedAt;
  const closed = notices.find(({ type, version }) => type === 'leak.closed' && version === from);
  const key = old?.key?.name ?? taken.find((step) => step.key !== undefined)?.key ?? closed?.key;
  const deletedAt = (key === undefined ? undefined : deletedAtIssuer.get(key)) ?? old?.deletedAt ?? at('deleted');
  const refusedAt = old?.provenDeadAt ?? at('refused') ?? closed?.deadSince;
  const destroyedAt = at('destroyed');
  const isLate = deletedAt !== undefined && refusedAt !== undefined && elapsedMs(deletedAt, refusedAt) >= FLIPS_MS;
  const isLasting = closed?.deadSince !== undefined && elapsedMs(closed.deadSince, closed.loggedAt) >= FLIPS_MS;
  const isProven = deletedAt !== undefined && (isLate || isLasting);
  return {
    is: wordOf(oldKey.is, { deletedAt, destroyedAt, isProven }),
    key,
    deletedAt,
    refusedAt,
    destroyedAt,
    isProven,
  };
}

/** What the log adds where the record has forgotten the key. */
function wordOf(
  is: Death['is'],
  { deletedAt, destroyedAt, isProven }: Pick<Death, 'deletedAt' | 'destroyedAt' | 'isProven'>,
): Death['is'] {
  if (is !== 'not on record') return is;
  if (destroyedAt !== undefined) return 'destroyed';
  if (isProven) return 'dead';
  return deletedAt === undefined ? is : 'deleted';
}
