import type { Instant } from '../values/time.ts';
import type { Consumer, Running, SecretRead } from './consumer.ts';

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
}

/**
 * Every way in which a consumer reads what `isMeant` says: of what serves and, where nothing that serves reads the same, of its
 * template. A pinned version is moved by a deploy alone, and by no deploy where traffic stays with a revision that somebody named.
 */
export function readingsOf(consumer: Consumer, isMeant: (read: SecretRead) => boolean): readonly Reading[] {
  const { running, template } = consumer;
  const serving = running.flatMap((one) =>
    one.reads.filter(isMeant).map((read): Reading => ({
      consumer,
      read,
      sees: seesOf(read, { isReached: consumer.follows && one.share > 0 }),
      running: one.name,
      since: one.since,
    })),
  );
  const next = template
    .filter((read) => isMeant(read) && !serving.some((one) => isSameRead(one.read, read)))
    .map((read): Reading => ({ consumer, read, sees: seesOf(read, { isReached: true }) }));
  return [...serving, ...next];
}

/** Whether a number is written where an alias could be. */
export function isPinned({ version }: SecretRead): boolean {
  return /^[0-9]+$/.test(version);
}

function seesOf(read: SecretRead, { isReached }: { readonly isReached: boolean }): Sees {
  if (isPinned(read)) return isReached ? 'next deploy' : 'never';
  if (read.version !== MOVED && read.version !== 'latest') return 'never';
  return read.by === 'file' ? 'at once' : 'next instance';
}

function isSameRead(one: SecretRead, other: SecretRead): boolean {
  return one.by === other.by && one.at === other.at && one.version === other.version;
}

/** Whether any of what serves reads by a number or from a place that no rotation reaches: named before one begins. */
export function isLeftBehind({ sees }: Reading): boolean {
  return sees === 'next deploy' || sees === 'never';
}

export type { Running };
