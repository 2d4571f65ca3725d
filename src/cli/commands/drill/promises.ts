import { elapsedMs, isoOf, type Instant } from '../../../core/values/time.ts';
import { plural } from '../../../core/values/plural.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A version of the secret at the end, with its key as the issuer has it. */
export interface LivedVersion {
  readonly number: number;
  readonly state: string;
  readonly isKeyDeleted: boolean;
  /** When it was first seen to be enabled no more. */
  readonly disabledAt?: Instant | undefined;
}

/** What was seen of a drill, for its promises to be held against. */
export interface Lived {
  readonly leakedAt?: Instant | undefined;
  /** When a consumer looked and got no key that works. */
  readonly refused: readonly {
    readonly at: Instant;
    readonly consumer: string;
    readonly version: string;
  }[];
  /** What channels took. */
  readonly delivered: readonly {
    readonly at: Instant;
    readonly channel: string;
  }[];
  readonly notices: readonly { readonly at: Instant; readonly type: string }[];
  readonly moves: readonly { readonly at: Instant; readonly to: string }[];
  readonly versions: readonly LivedVersion[];
  /** The rotations that the issuer's keys were made for, one for each key. */
  readonly mintedFor: readonly string[];
  /** Keys that were made, live, and stand in no version. */
  readonly orphans: number;
  /** The last phase of a rotation that did not end; `undefined` when all is at rest. */
  readonly underWay?: string | undefined;
  readonly openLeaks: number;
  /** Texts that were sent or logged and held a key. */
  readonly exposed: number;
  readonly drainHoursMin: number;
  /** Within so many minutes somebody has to hear of a leak. */
  readonly toldMinutes: number;
}

/** Something that has to be true of a drill, with the invariants that it rests on. */
export interface Promised {
  readonly says: string;
  readonly invariants: readonly string[];
  /** What broke it, or `undefined`. */
  broken(lived: Lived): string | undefined;
}

/** Within so many minutes of a leak nobody may read the leaked key any more. */
const REPLACED_MINUTES = 120;

/** What drills hold a deployment to. */
export const PROMISES = {
  readers: {
    says: 'whoever reads the secret has a key that works, at every moment',
    invariants: ['I1', 'I3'],
    broken: ({ refused: [first] }) =>
      first && `${first.consumer} was refused with ${first.version} at ${timeOf(first.at)}`,
  },
  told: {
    says: 'somebody hears of the leak in time',
    invariants: ['I15'],
    broken({ leakedAt, delivered, toldMinutes }) {
      const first = delivered.find(({ at }) => leakedAt !== undefined && at >= leakedAt);
      if (first === undefined || leakedAt === undefined)
        return 'nobody was told: no channel of the settings takes it (KEY_WARDEN_CHANNELS)';
      const minutes = elapsedMs(leakedAt, first.at) / MINUTE_MS;
      return minutes > toldMinutes ? `it took ${Math.round(minutes)} minutes` : undefined;
    },
  },
  replaced: {
    says: 'consumers have another key within two hours of the leak',
    invariants: ['I1', 'I2'],
    broken({ leakedAt, moves }) {
      const moved = moves.find(({ at }) => leakedAt !== undefined && at >= leakedAt);
      if (moved === undefined || leakedAt === undefined) return 'consumers still read the leaked key';
      const minutes = elapsedMs(leakedAt, moved.at) / MINUTE_MS;
      return minutes > REPLACED_MINUTES ? `it took ${Math.round(minutes)} minutes` : undefined;
    },
  },
  dead: {
    says: 'the leaked key is deleted, and the leak is open until that is proven',
    invariants: ['I18'],
    broken({ versions: [leaked], openLeaks }) {
      if (leaked?.isKeyDeleted !== true) return 'the leaked key is alive at the issuer';
      return openLeaks === 0 ? undefined : 'the leak was not proven over';
    },
  },
  'one-key': {
    says: 'a rotation makes one key, and none is left over that nobody reads',
    invariants: ['I5'],
    broken({ mintedFor, orphans }) {
      if (new Set(mintedFor).size < mintedFor.length) return `${mintedFor.length} keys were made by fewer rotations`;
      return orphans === 0 ? undefined : `${plural(orphans, 'key')} left over at the issuer`;
    },
  },
  drain: {
    says: 'the old version is disabled once its drain is over, and not before',
    invariants: ['I4'],
    broken({ versions: [old], moves: [promoted], drainHoursMin }) {
      if (promoted === undefined) return 'no new key was ever current';
      if (old?.disabledAt === undefined) return 'the old version is still enabled';
      const hours = elapsedMs(promoted.at, old.disabledAt) / HOUR_MS;
      return hours < drainHoursMin ? `it was disabled after ${hours.toFixed(1)} hours of ${drainHoursMin}` : undefined;
    },
  },
  'done-or-told': {
    says: 'what was asked for is done in the end, or somebody is told that it was given up',
    invariants: ['I6', 'I15'],
    broken({ notices, delivered }) {
      if (notices.some(({ type }) => type === 'rotation.completed')) return undefined;
      const gaveUp = notices.findLast(({ type }) => type === 'rotation.abandoned' || type === 'rotation.held');
      if (gaveUp === undefined) return 'it was neither done nor given up';
      return delivered.some(({ at }) => at >= gaveUp.at)
        ? undefined
        : 'it was given up, and no channel of the settings was told';
    },
  },
  back: {
    says: 'consumers have the old key again, and keep it',
    invariants: ['I1', 'I7'],
    broken: ({ moves, versions: [old] }) => {
      if (moves.at(-1)?.to !== 'version 1' || moves.length !== 2)
        return `the alias went ${moves.map(({ to }) => to).join(', then ') || 'nowhere'}`;
      return old?.state === 'ENABLED' && !old.isKeyDeleted ? undefined : 'the old key was taken away';
    },
  },
  'kept-for-users': {
    says: 'a key that is in use is kept, and a person is told who has to decide',
    invariants: ['I4', 'I13'],
    broken({ versions: [old], notices, delivered }) {
      if (old?.state !== 'ENABLED') return 'the version was disabled under its reader';
      const held = notices.find(({ type }) => type === 'rotation.held');
      if (held === undefined) return 'the drain was not held';
      return delivered.some(({ at }) => at >= held.at)
        ? undefined
        : 'no channel of the settings was told that it is held';
    },
  },
  ends: {
    says: 'what was begun is over at the end',
    invariants: ['I6'],
    broken: ({ underWay }) => underWay && `a rotation is still ${underWay}`,
  },
  secrecy: {
    says: 'no key stands in anything that was logged or sent',
    invariants: ['I9'],
    broken: ({ exposed }) => (exposed === 0 ? undefined : `${plural(exposed, 'text')} held a key`),
  },
} as const satisfies Readonly<Record<string, Promised>>;

export type PromiseName = keyof typeof PROMISES;

function timeOf(at: Instant): string {
  return isoOf(at).slice(11, 16);
}
