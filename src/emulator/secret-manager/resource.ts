import type { Buffer } from 'node:buffer';
import type { Policy } from '../world/iam-policy.ts';
import type { Micros } from '../wire/rest/micros.ts';
import type { Trail } from './trail.ts';

/** Enum numbers of `SecretVersion.State` (resources.proto). */
export const STATE_NUMBERS = { ENABLED: 1, DISABLED: 2, DESTROYED: 3 } as const;

export type State = keyof typeof STATE_NUMBERS;

/** Enum numbers of `Secret.SecretType` (resources.proto). */
export const SECRET_TYPE_NUMBERS = {
  SECRET_TYPE_UNSPECIFIED: 0,
  CLOUD_SQL_DB_CREDENTIALS: 1,
  ACCESS_KEY: 2,
  CERTIFICATE: 3,
  OTHER_DB_CREDENTIALS: 4,
  OTHER: 50,
} as const;

export interface VersionRecord {
  readonly number: number;
  readonly createdAt: Micros;
  readonly state: State;
  readonly etag: string;
  readonly crc: number;
  /** Whether the writer sent a checksum. */
  readonly clientChecksum: boolean;
  /** Gone once no reader may see the version enabled any more. */
  readonly payload?: Buffer | undefined;
  /** Where it is kept and which keys of Cloud KMS encrypt it, as set when it was added; in protobuf's JSON form. */
  readonly kept: Readonly<Record<string, unknown>>;
  readonly destroyedAt?: Micros | undefined;
  readonly scheduledDestroyAt?: Micros | undefined;
  /** How `state` came about, for readers that lag behind. */
  readonly states: Trail<State>;
}

export interface Rotation {
  readonly nextAt: Micros;
  /** Seconds; absent for a single firing. */
  readonly periodSeconds?: number | undefined;
}

/** A secret with everything that hangs on it. Never changed in place: a call that is refused leaves no trace. */
export interface SecretRecord {
  /** Canonical: with the project number, and the location of a regional secret. */
  readonly name: string;
  readonly projectNumber: string;
  readonly location?: string | undefined;
  /** Also the order of lists: no two secrets share it. */
  readonly createdAt: Micros;
  readonly etag: string;
  /** As sent; absent on regional secrets. */
  readonly replication?: Readonly<Record<string, unknown>> | undefined;
  readonly secretType?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, number>>;
  /** Full topic names as sent. */
  readonly topics: readonly string[];
  readonly rotation?: Rotation | undefined;
  readonly expireAt?: Micros | undefined;
  readonly destroyDelaySeconds?: number | undefined;
  readonly encryption?: unknown;
  /** Ascending by number; numbers are never reused. */
  readonly versions: readonly VersionRecord[];
  readonly policy: Policy;
  /** How `aliases` came about, for readers that lag behind. */
  readonly aliasTrail: Trail<Readonly<Record<string, number>>>;
}

export function versionName(secret: SecretRecord, version: number | string): string {
  return `${secret.name}/versions/${version}`;
}

/** The same secret with one version put in place of the one of that number, or added at the end. */
export function withVersion(secret: SecretRecord, version: VersionRecord): SecretRecord {
  const others = secret.versions.filter(({ number }) => number < version.number);
  const newer = secret.versions.filter(({ number }) => number > version.number);
  return { ...secret, versions: [...others, version, ...newer] };
}
