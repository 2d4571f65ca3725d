import type { Instant } from '../values/time.ts';
import type { Consumer, SecretRead } from './consumer.ts';

/** When a consumer has a new version of a secret without anybody’s doing, but for `next deploy`. */
export type Sees = 'at once' | 'next instance' | 'next deploy' | 'never';

/** The alias that a rotation moves. */
const MOVED = 'current';

/** One way in which a consumer reads a secret now, and when it will have a new version. */
export interface Reading {
  readonly consumer: Consumer;
  readonly read: SecretRead;
  readonly sees: Sees;
  /** The revision or execution that reads so; absent where only the template does. */
  readonly running?: string | undefined;
  readonly since?: Instant | undefined;
  readonly share?: number | undefined;
  readonly tag?: string | undefined;
}

/**
 * Every way in which a consumer reads what `isMeant` says: of what serves and, where nothing that serves reads the same, of its
 * template. No deploy reaches a revision that somebody named for the traffic, or one that only a tag names.
 */
export function readingsOf(consumer: Consumer, isMeant: (read: SecretRead) => boolean): readonly Reading[] {
  const { running, template, follows, deployedBy } = consumer;
  const isFirebase = deployedBy === 'firebase';
  const serving = running.flatMap((one) =>
    one.reads.filter(isMeant).map((read): Reading => ({
      consumer,
      read,
      sees: seesOf(read, isFirebase && follows && one.share > 0),
      running: one.name,
      since: one.since,
      share: one.share,
      tag: one.tag,
    })),
  );
  const next = template
    .filter((read) => isMeant(read) && !serving.some((one) => isSameRead(one.read, read)))
    .map((read): Reading => ({ consumer, read, sees: seesOf(read, isFirebase) }));
  return [...serving, ...next];
}

/** Whether it is a version’s number, and neither `latest` nor an alias. */
function isNumber(version: string): boolean {
  return /^[0-9]+$/.test(version);
}

/** A number stays what it is until somebody changes it, and Firebase’s deploy does: it writes the newest one. */
function seesOf({ version, by }: SecretRead, isDeployedAnew: boolean): Sees {
  if (isNumber(version)) return isDeployedAnew ? 'next deploy' : 'never';
  if (version !== MOVED && version !== 'latest') return 'never';
  return by === 'file' ? 'at once' : 'next instance';
}

function isSameRead(one: SecretRead, other: SecretRead): boolean {
  return one.by === other.by && one.at === other.at && one.version === other.version;
}

/** Whether it goes on with the old version however long a rotation waits: named before one begins. */
export function isLeftBehind({ sees }: Reading): boolean {
  return sees === 'next deploy' || sees === 'never';
}
