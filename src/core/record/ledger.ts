import { count, flag, isoFields, listOf, maybe, moment, oneOf, shaped, text, type Decoder } from '../values/decode.ts';
import { KEY, REASON } from './journal-text.ts';
import { parseRecord } from '../values/json.ts';
import type { InFlight, KeyHandle, Reason } from './journal.ts';
import type { Instant } from '../values/time.ts';

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
  readonly reason: Reason;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly from: number;
  readonly to?: number | undefined;
  /** The key that `to` holds, so that a later rollback knows what it leaves. */
  readonly toKey?: KeyHandle | undefined;
  readonly at: Instant;
  readonly why?: string | undefined;
}

/** More than this many keys awaiting deletion means that the purge does not run. */
export const RETIRED_MAX = 20;
const HISTORY_MAX = 5;
const WHY_CHARACTERS_MAX = 200;

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
  outcome: oneOf(OUTCOMES),
  from: count,
  to: maybe(count),
  toKey: maybe(KEY),
  at: moment,
  why: maybe(text),
});

/** The list an annotation holds; empty when absent, `undefined` when this release does not understand it. */
export function readRetired(annotation: string | undefined): readonly Retired[] | undefined {
  return readList(annotation, listOf(RETIRED));
}

export function readHistory(annotation: string | undefined): readonly Past[] | undefined {
  return readList(annotation, listOf(PAST));
}

function readList<T>(annotation: string | undefined, decoder: Decoder<readonly T[]>): readonly T[] | undefined {
  if (annotation === undefined) return [];
  const value = parseRecord(annotation);
  return value?.['v'] === 1 ? decoder(value['list'])?.value : undefined;
}

/** Lists as written; `null` removes an annotation whose list is empty. */
export function writeRetired(list: readonly Retired[]): string | null {
  return writeList(
    list.map((item) => ({
      ...item,
      ...isoFields({
        at: item.at,
        deletingUntil: item.deletingUntil,
        deletedAt: item.deletedAt,
        provenDeadAt: item.provenDeadAt,
      }),
    })),
  );
}

export function writeHistory(list: readonly Past[]): string | null {
  return writeList(list.slice(0, HISTORY_MAX).map((item) => ({ ...item, ...isoFields({ at: item.at }) })));
}

function writeList(list: readonly object[]): string | null {
  return list.length === 0 ? null : JSON.stringify({ v: 1, list });
}

/** What a rotation that ends at rest leaves behind in the history. */
export function pastOf(journal: InFlight, outcome: Past['outcome'], now: Instant): Past {
  const { id, requestId, reason, from, to, toKey, why } = journal;
  return { id, requestId, reason, outcome, from, to, toKey, at: now, why: why?.slice(0, WHY_CHARACTERS_MAX) };
}
