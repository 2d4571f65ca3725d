import type { Answer, NoAnswer } from '../core/answer.ts';
import type { KeyText } from '../core/key-text.ts';
import type { Notice } from '../core/notice.ts';
import type { Instant } from '../core/time.ts';

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
  readonly annotations: Readonly<Record<string, string>>;
  /** Alias to version number. */
  readonly aliases: Readonly<Record<string, number>>;
  readonly createdAt: Instant;
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

/** Time. */
export interface Clock {
  now(): Instant;
  sleep(milliseconds: number): Promise<void>;
}

export type LogSeverity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Where announcements go: for now a log line each, later the alert pipeline. Rejects with `Fault` when not delivered. */
export interface Announcer {
  announce(notice: Notice): Promise<void>;
}

/** One structured line in Cloud Logging's form. `fields` hold no key byte; the writer redacts once more all the same. */
export interface Log {
  write(severity: LogSeverity, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
