import type { SecretRecord } from '../../core/record/secret-record.ts';
import type { Answer, NoAnswer } from '../../core/classify/answer.ts';
import type { JsonRecord } from '../../core/values/json.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { GroupedNotice, Notice } from '../../core/alerts/notice.ts';
import type { Usage } from '../../core/rotation/rhythm.ts';
import type { Instant } from '../../core/values/time.ts';

/**
 * The fixed points between what we decide and what we run on. Each is one role, named after what it is for;
 * `edge/` implements them for Google Cloud, tests for memory. Everything here that does I/O rejects with `Fault`.
 */

/** Full resource name, `projects/<id or number>/secrets/<id>` or `projects/…/locations/<region>/secrets/<id>`. */
export type SecretName = string;

/** Where secrets are listed: one project, in the global namespace or in one region. */
export interface SecretScope {
  readonly project: string;
  /** `global`, or a region such as `europe-west1`: regional secrets are a separate namespace with its own host. */
  readonly location: string;
}

/** A secret's metadata as read: everything the worker keeps its state in, and the etag that guards writing it. */
export interface SecretSighting {
  /** As Google answers it, with the project **number**. */
  readonly name: SecretName;
  readonly etag: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As they stand: what is written back with every change (I10). What they mean is the record. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What is remembered of the secret, read from its annotations. */
  readonly record: SecretRecord;
  /** Alias to version number. */
  readonly aliases: Readonly<Record<string, number>>;
  readonly createdAt: Instant;
  /** When Secret Manager deletes it with all its versions; most secrets have no end. */
  readonly expiresAt?: Instant | undefined;
}

export type VersionState = 'enabled' | 'disabled' | 'destroyed';

export interface VersionSighting {
  readonly number: number;
  readonly state: VersionState;
  readonly etag: string;
  readonly createdAt: Instant;
  readonly scheduledDestroyAt?: Instant | undefined;
}

/** A version's payload, its CRC-32C already verified. */
export interface VersionReading {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** `latest`, an alias, or a version number. */
export type VersionRef = 'latest' | (string & {}) | number;

/** What to change on a secret. `null` removes an entry; whatever is not named stays as it was read. */
export interface SecretChange {
  /** As `changeOf` makes it of the record. */
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly aliases?: Readonly<Record<string, number | null>>;
  readonly labels?: Readonly<Record<string, string | null>>;
}

/** Secret Manager. */
export interface Vault {
  /** Every secret of the scope that the filter matches, page by page, metadata only. */
  list(scope: SecretScope, filter: string): AsyncIterable<SecretSighting>;
  look(secret: SecretName): Promise<SecretSighting>;
  /** Reads bytes and verifies their CRC-32C; `corrupt` when they disagree, `disabled` or `destroyed` when it cannot be read. */
  read(secret: SecretName, version: VersionRef): Promise<VersionReading>;
  /** Newest first, sorted by number. */
  versions(secret: SecretName): Promise<readonly VersionSighting[]>;
  lookVersion(secret: SecretName, version: VersionRef): Promise<VersionSighting>;
  /**
   * One UpdateSecret under the etag of `read`: all of `change` or, with `stale`, nothing. Maps are replaced whole by
   * the API, so the write carries everything that was read plus the change (I10).
   */
  commit(read: SecretSighting, change: SecretChange): Promise<SecretSighting>;
  /** Adds a version with its CRC-32C. Not idempotent and never retried here: the caller looks before it repeats. */
  add(secret: SecretName, bytes: Uint8Array): Promise<VersionSighting>;
  enable(secret: SecretName, version: VersionSighting): Promise<VersionSighting>;
  disable(secret: SecretName, version: VersionSighting): Promise<VersionSighting>;
  destroy(secret: SecretName, version: VersionSighting): Promise<VersionSighting>;
  /** Which of these permissions the caller has on the secret. */
  permitted(secret: SecretName, permissions: readonly string[]): Promise<readonly string[]>;
}

/** The Gemini API, seen by somebody who only wants to know whether a key works. Never rejects. */
export interface Prober {
  /** Shallow: `GET v1beta/models`. Costs no tokens; sees authentication. A page of 1 is enough unless a model is wanted. */
  listModels(key: KeyText, pageSize: number): Promise<Answer | NoAnswer>;
  /** Deep: one token from `model`, a name as `models.list` gave it. Sees billing, quota and project bans. */
  generate(key: KeyText, model: string): Promise<Answer | NoAnswer>;
}

/** A key as its issuer, the API Keys API, knows it. The key string itself is asked for separately. */
export interface IssuedKey {
  /** `projects/<number>/locations/global/keys/<id>`. */
  readonly name: string;
  /** What Cloud Monitoring names the key by; not the id, except for keys that the server named. */
  readonly uid: string;
  readonly displayName: string;
  /** What the key may be used for, as the API writes it; copied to its successor unread. */
  readonly restrictions: JsonRecord;
  /** The account an auth key is bound to. */
  readonly serviceAccountEmail?: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  /** Set while the key is deleted and can still be undeleted, which is 30 days. */
  readonly deletedAt?: Instant | undefined;
}

/** What to mint. `keyId` comes from the rotation, so that asking twice gives the same key. */
export interface MintOrder {
  readonly project: string;
  readonly keyId: string;
  readonly displayName: string;
  readonly restrictions: JsonRecord;
  readonly serviceAccountEmail?: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The API Keys API. */
export interface Issuer {
  /**
   * Makes a key, or answers the one that an earlier call with the same order made. `exists` when the id belongs to a
   * key that is not ours or is deleted (ids are not free again for 30 days); `limited` at 300 keys a project.
   */
  mint(order: MintOrder): Promise<IssuedKey>;
  look(name: string): Promise<IssuedKey>;
  keyString(name: string): Promise<KeyText>;
  /**
   * Soft delete, done also when it was deleted already. With `unlessUsed`, `wrong_state` when the key was used in the
   * last 7 days. `not_found` when nothing of it is left.
   */
  delete(name: string, unlessUsed: boolean): Promise<void>;
  undelete(name: string): Promise<IssuedKey>;
  /** Adds annotations to a key; those that it has stay. Doing it twice is doing it once. */
  mark(name: string, annotations: Readonly<Record<string, string>>): Promise<IssuedKey>;
  /** Every key of a project, the deleted ones too when asked for, page by page. */
  list(project: string, withDeleted: boolean): AsyncIterable<IssuedKey>;
}

/** Cloud Monitoring's count of requests per key. Never rejects: trouble is `known: false`. */
export interface Meter {
  /**
   * Requests to any API with the key of this uid, by hours that are counted back from `until` to `from` and may reach a little
   * before it. Points are up to 30 minutes late.
   */
  usage(project: string, uid: string, from: Instant, until: Instant): Promise<Usage>;
}

/** Time. */
export interface Clock {
  now(): Instant;
  /** How far ahead of Google's it is, in milliseconds; `undefined` where that is not known, or where it is Google's own. */
  aheadMs?(): Promise<number | undefined>;
  sleep(milliseconds: number): Promise<void>;
}

/** Whether this process was asked to end: what is in hand is finished and committed, and nothing more is begun. */
export type Leaving = () => boolean;

export type LogSeverity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Where announcements go: for now a log line each, later the alert pipeline. Rejects with `Fault` when not delivered. */
export interface Announcer {
  /** `together`: all that a run tells at this moment, this notice among it, where there are several. */
  announce(notice: Notice, together?: readonly GroupedNotice[]): Promise<void>;
}

/** One structured line in Cloud Logging's form. `fields` hold no key byte; the writer redacts once more all the same. */
export interface Log {
  write(severity: LogSeverity, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
