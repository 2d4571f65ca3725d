import { ACTOR_KNOWN, type Actor } from '../../core/record/actor.ts';
import { OLD_KEY_STEPS, type OldKeyStep } from '../../core/record/old-key-step.ts';
import { isRecord, type JsonRecord } from '../../core/values/json.ts';
import { instantOf, parseInstant, type Instant } from '../../core/values/time.ts';

/** Announcements that an auditor asks about; each is in the log with all its fields. */
export const AUDITED_NOTICES = [
  'rotation.opened',
  'rotation.promoted',
  'rotation.completed',
  'rotation.abandoned',
  'rotation.held',
  'leak.open',
  'leak.closed',
  'silence.set',
  'silence.ended',
  'freeze.set',
] as const;

/** An announcement as the log holds it; what a kind does not have is absent. */
export interface LoggedNotice {
  readonly type: (typeof AUDITED_NOTICES)[number];
  readonly secret: string;
  /** When the line was written. */
  readonly loggedAt: Instant;
  readonly rotation?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly version?: number | undefined;
  readonly key?: string | undefined;
  readonly reason?: string | undefined;
  readonly why?: string | undefined;
  readonly owner?: string | undefined;
  readonly about?: string | undefined;
  readonly by?: Actor | undefined;
  readonly openedAt?: Instant | undefined;
  readonly at?: Instant | undefined;
  readonly until?: Instant | undefined;
  readonly deadSince?: Instant | undefined;
}

/** A step of the purge that was taken. */
export interface LoggedStep {
  readonly did: OldKeyStep;
  readonly secret: string;
  readonly version: number;
  readonly key?: string | undefined;
  readonly loggedAt: Instant;
}

/** A rotation that began by an approval, and whose. */
export interface LoggedApproval {
  readonly secret: string;
  readonly rotation: string;
  readonly by: Actor;
}

/** An entry of the log as an announcement; `undefined` for what is none, whoever wrote it. */
export function noticeIn(entry: unknown): LoggedNotice | undefined {
  const [notice, loggedAt] = partOf(entry, 'notice');
  const type = AUDITED_NOTICES.find((one) => one === notice?.['type']);
  const secret = textIn(notice, 'secret');
  if (notice === undefined || loggedAt === undefined || type === undefined || secret === undefined) return undefined;
  return {
    type,
    secret,
    loggedAt,
    rotation: textIn(notice, 'rotation'),
    from: countIn(notice, 'from'),
    to: countIn(notice, 'to'),
    version: countIn(notice, 'version'),
    key: textIn(notice, 'key'),
    reason: textIn(notice, 'reason'),
    why: textIn(notice, 'why'),
    owner: textIn(notice, 'owner'),
    about: textIn(notice, 'about'),
    by: actorIn(notice['by']),
    openedAt: momentIn(notice, 'openedAt'),
    at: momentIn(notice, 'at'),
    until: momentIn(notice, 'until'),
    deadSince: momentIn(notice, 'deadSince'),
  };
}

/** An entry of the log as a step of the purge. */
export function stepIn(entry: unknown): LoggedStep | undefined {
  const [step, loggedAt] = partOf(entry, 'oldKey');
  const did = OLD_KEY_STEPS.find((one) => one === step?.['did']);
  const [secret, version] = [textIn(step, 'secret'), countIn(step, 'version')];
  if (loggedAt === undefined || did === undefined || secret === undefined || version === undefined) return undefined;
  return { did, secret, version, key: textIn(step, 'key'), loggedAt };
}

/** An entry of the log as an approval by a verified name; no other counts. */
export function approvalIn(entry: unknown): LoggedApproval | undefined {
  const [approval] = partOf(entry, 'approval');
  const [secret, rotation, by] = [textIn(approval, 'secret'), textIn(approval, 'rotation'), actorIn(approval?.['by'])];
  if (secret === undefined || rotation === undefined || by?.is !== 'verified') return undefined;
  return { secret, rotation, by };
}

function partOf(entry: unknown, part: string): readonly [JsonRecord | undefined, Instant | undefined] {
  if (!isRecord(entry)) return [undefined, undefined];
  const { timestamp, jsonPayload } = entry;
  const found = isRecord(jsonPayload) ? jsonPayload[part] : undefined;
  return [isRecord(found) ? found : undefined, typeof timestamp === 'string' ? parseInstant(timestamp) : undefined];
}

function actorIn(value: unknown): Actor | undefined {
  if (!isRecord(value)) return undefined;
  const [who, is] = [textIn(value, 'who'), ACTOR_KNOWN.find((one) => one === value['is'])];
  return who === undefined || is === undefined ? undefined : { who, is };
}

function textIn(value: JsonRecord | undefined, field: string): string | undefined {
  const found = value?.[field];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function countIn(value: JsonRecord | undefined, field: string): number | undefined {
  const found = value?.[field];
  return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : undefined;
}

/** Notices are logged as they are in memory: their moments are milliseconds. */
function momentIn(value: JsonRecord, field: string): Instant | undefined {
  const found = countIn(value, field);
  return found === undefined || found > 8.64e15 ? undefined : instantOf(found);
}
