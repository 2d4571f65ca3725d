import { count, flag, isoFields, maybe, moment, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { ACTOR, actorJson, type Actor } from './actor.ts';
import { KEY, REASON } from './journal-text.ts';
import type { JsonRecord } from '../values/json.ts';
import type { Form } from './form.ts';
import { spokenSteering, type InFlight, type KeyHandle, type RotationReason } from './journal.ts';
import { listForm } from './list-form.ts';
import { LEDGER_BYTES_MAX, LEDGER_ENTRY_BYTES } from './space.ts';
import type { Instant } from '../values/time.ts';
import { clipBytes, utf8Bytes } from '../values/utf8.ts';

/** Annotation that lists old keys awaiting deletion: what the purge works from, and what a rollback can bring back. */
export const RETIRED_ANNOTATION = 'key-warden.retired';
/** Annotation that lists the last rotations, newest first. */
export const HISTORY_ANNOTATION = 'key-warden.history';

/** An old key: its version is disabled, its issuer's key still there until the purge. */
export interface Retired {
  readonly version: number;
  readonly key?: KeyHandle | undefined;
  /** Why `key` is not known, with what a person is to do then. */
  readonly keyUnknown?: string | undefined;
  readonly at: Instant;
  readonly rotation: string;
  /** It leaked: it is deleted at once instead of after the retention time. */
  readonly urgent?: boolean | undefined;
  /** Until then a purge may be deleting the key, and nobody may bring it back. */
  readonly deletingUntil?: Instant | undefined;
  /** Set once the key was deleted at the issuer. */
  readonly deletedAt?: Instant | undefined;
  /** Set once a probe was refused after the deletion: the proof that the key is dead. */
  readonly provenDeadAt?: Instant | undefined;
}

/** How a rotation ends. */
export const OUTCOMES = ['completed', 'abandoned'] as const;

/** A rotation that has ended. */
export interface Past {
  readonly id: string;
  readonly requestId?: string | undefined;
  readonly reason: RotationReason;
  /** Who asked for it. */
  readonly by?: Actor | undefined;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly from: number;
  readonly to?: number | undefined;
  /** The key that `to` holds, so that a later rollback knows what it leaves. */
  readonly toKey?: KeyHandle | undefined;
  /** When that key was made. */
  readonly toKeyMadeAt?: Instant | undefined;
  readonly at: Instant;
  readonly why?: string | undefined;
  /** Times it was held: whoever was called then is told of the end. */
  readonly holds?: number | undefined;
}

/** More than this many keys awaiting deletion means that the purge does not run. */
export const RETIRED_MAX = 20;

/** Whether one more old key may have no room: the annotations of a secret are 16 KiB in all. */
export function isLedgerFull(retired: readonly Retired[]): boolean {
  const bytes = utf8Bytes(RETIRED_FORM.write(retired) ?? '');
  return retired.length >= RETIRED_MAX || bytes + LEDGER_ENTRY_BYTES > LEDGER_BYTES_MAX;
}
/** A secret remembers so many rotations; older ones are in the log alone. */
export const HISTORY_MAX = 5;
/** An email of a usual length and what it asked for. */
const WHY_BYTES_MAX = 110;
const UNKNOWN_BYTES_MAX = 200;

const RETIRED: Decoder<Retired> = shaped<Retired>({
  version: count,
  key: maybe(KEY),
  keyUnknown: maybe(text),
  at: moment,
  rotation: text,
  urgent: maybe(flag),
  deletingUntil: maybe(moment),
  deletedAt: maybe(moment),
  provenDeadAt: maybe(moment),
});
const PAST: Decoder<Past> = shaped<Past>({
  id: text,
  requestId: maybe(text),
  reason: REASON,
  by: maybe(ACTOR),
  outcome: oneOf(OUTCOMES),
  from: count,
  to: maybe(count),
  toKey: maybe(KEY),
  toKeyMadeAt: maybe(moment),
  at: moment,
  why: maybe(text),
  holds: maybe(count),
});

function retiredJson(item: Retired): JsonRecord {
  const { at, deletingUntil, deletedAt, provenDeadAt, keyUnknown } = item;
  const unknown = keyUnknown === undefined ? {} : { keyUnknown: clipBytes(keyUnknown, UNKNOWN_BYTES_MAX) };
  return { ...item, ...unknown, ...isoFields({ at, deletingUntil, deletedAt, provenDeadAt }) };
}

function pastJson(item: Past): JsonRecord {
  return { ...item, by: actorJson(item.by), ...isoFields({ at: item.at, toKeyMadeAt: item.toKeyMadeAt }) };
}

export const RETIRED_FORM: Form<readonly Retired[]> = {
  annotation: RETIRED_ANNOTATION,
  ...listForm(RETIRED, retiredJson, Infinity),
};

export const HISTORY_FORM: Form<readonly Past[]> = {
  annotation: HISTORY_ANNOTATION,
  ...listForm(PAST, pastJson, HISTORY_MAX),
};

/** When a rotation last put another key in place of the one that consumers read, as far as the history goes back. */
export function replacedAt(history: readonly Past[] = []): Instant | undefined {
  return history.find(({ outcome }) => outcome === 'completed')?.at;
}

/** What a rotation that ends at rest leaves behind in the history. */
export function pastOf(journal: InFlight, outcome: Past['outcome'], now: Instant): Past {
  const { id, requestId, reason, by, from, to, toKey, toKeyMadeAt, steered, why, holds } = journal;
  const words = [...(steered === undefined ? [] : [spokenSteering(steered)]), ...(why === undefined ? [] : [why])];
  return {
    id,
    requestId,
    reason,
    by,
    outcome,
    from,
    to,
    toKey,
    toKeyMadeAt,
    at: now,
    why: words.length === 0 ? undefined : clipBytes(words.join('; '), WHY_BYTES_MAX),
    holds,
  };
}
