import type { ModelConsumer } from './consumer-calls.ts';
import type { ModelForm } from './stored.ts';

/** A secret, its issuer and two workers, small enough to write down: one JSON value is one reachable situation. */
export interface World {
  readonly now: number;
  readonly secret: ModelSecret;
  readonly versions: readonly ModelVersion[];
  readonly keys: readonly ModelKey[];
  readonly workers: readonly ModelWorker[];
  readonly left: Budget;
  /** Source of etags; renamed by rank when situations are compared. */
  readonly etags: number;
  /** Versions that were read back, and those whose key passed a deep probe after that (I2). */
  readonly readBack: readonly number[];
  readonly proven: readonly number[];
  /** Keys that passed a deep probe at all (I3). */
  readonly provenKeys: readonly string[];
  /** Whether Google refuses every key that is minted here. */
  readonly badMints: boolean;
  /** What `current` was set to by a person, until a rotation opens after that (I7). */
  readonly personMoved: boolean;
  /** What another secret under care serves, where there is one (I13). */
  readonly ads?: ModelHolder;
  /** Who reads `current` when it starts, where there is one (I19). */
  readonly consumer?: ModelConsumer;
  /** Whether somebody reads the old version by its number, all the time. */
  readonly isPinned?: boolean;
  /** How long a deleted key goes on working. */
  readonly lingerMs?: number;
  /** Since when everybody who asked for the old key was refused (I18). */
  readonly refusedSince?: number;
}

export interface ModelSecret {
  readonly etag: number;
  readonly aliases: Readonly<Record<string, number>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The key that a secret serves as `latest`, and one in an enabled version before it that no name leads to. */
export interface ModelHolder {
  readonly latest: string;
  readonly before?: string;
}

export interface ModelVersion {
  readonly number: number;
  readonly state: 'enabled' | 'disabled';
  readonly etag: number;
  readonly key: string;
  /** How the key is stored; alone where it is not told. */
  readonly form?: ModelForm | undefined;
  readonly by: 'before' | 'worker' | 'person';
}

export interface ModelKey {
  readonly id: string;
  readonly uid: string;
  readonly deletedAt?: number;
  /** Annotations that were written on it; what a rotation minted bears the secret's mark from its beginning. */
  readonly marks?: Readonly<Record<string, string>>;
  /** Rotation that minted it; none for the key that was there before. */
  readonly rotation?: string;
}

/** What a worker does: a step of the rotation, a purge of the old keys, a look at the open leaks, or at the consumers. */
export type Job = 'tick' | 'purge' | 'watch' | 'reach';

/** A worker between two calls of its job: what it has been answered so far. `epoch` counts its restarts. */
export interface ModelWorker {
  readonly epoch: number;
  readonly log?: readonly Logged[];
  readonly startedAt: number;
  /** A tick unless told. */
  readonly job?: Job;
  /** Whether this tick was asked to begin a rotation. */
  readonly asks?: boolean;
}

/** One answer, or the code of the fault it was answered with, and the time at which it came. */
export interface Logged {
  readonly answer?: unknown;
  readonly fault?: string;
  readonly now: number;
}

/** How often each kind of trouble may still happen; the product of these is the size of the search. */
export interface Budget {
  readonly rotations: number;
  readonly crashes: number;
  readonly lost: number;
  readonly persons: number;
  readonly time: number;
}

/** An earlier version, of which nothing is wanted any more but that its alias survives. */
const ELDER = 1;
const FROM = 2;
export const OLD_KEY = 'old';
export const PERSON_KEY = 'by-hand';

/** One version that is current above an earlier one, and things of other people that must survive (I10). */
export function firstWorld(left: Budget, workers: number, aliased: boolean): World {
  return {
    now: 1_800_000_000_000,
    secret: {
      etag: 1,
      aliases: aliased ? { current: FROM, theirs: ELDER } : { theirs: ELDER },
      annotations: { 'example.com/owner': 'search' },
    },
    versions: [
      { number: ELDER, state: 'disabled', etag: 3, key: 'elder', by: 'before' },
      { number: FROM, state: 'enabled', etag: 2, key: OLD_KEY, by: 'before' },
    ],
    keys: [{ id: OLD_KEY, uid: OLD_KEY }],
    workers: Array.from({ length: workers }, () => ({ epoch: 0, startedAt: 0 })),
    left,
    etags: 3,
    readBack: [],
    proven: [],
    provenKeys: [],
    badMints: false,
    personMoved: false,
  };
}

/** The same situation under the same name: etags count only by their order. */
export function canonical(world: World): string {
  const text = JSON.stringify({ ...world, etags: 0 });
  const seen = [...new Set([...text.matchAll(/"etag":"?(\d+)/g)].map((found) => Number(found[1])))].toSorted(
    (a, b) => a - b,
  );
  const rank = new Map(seen.map((etag, at) => [String(etag), at]));
  return text.replaceAll(/("etag":"?)(\d+)/g, (_, head: string, etag: string) => `${head}${rank.get(etag)}`);
}
