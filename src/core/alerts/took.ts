import { elapsedSeconds, type Instant } from '../values/time.ts';
import type { Notice } from './notice.ts';

/**
 * How long a thing took until it is told at `now`: trouble from its first sign to its telling, and to its end; a rotation from its
 * beginning until consumers have the new key, and to its end; a leak from when it was found until the key was refused. `undefined` for what
 * has no such stretch.
 */
export function tookSeconds(notice: Notice, now: Instant): number | undefined {
  const from = beginningOf(notice);
  const to = notice.type === 'leak.closed' ? (notice.deadSince ?? now) : now;
  return from === undefined ? undefined : elapsedSeconds(from, to);
}

function beginningOf(notice: Notice): Instant | undefined {
  if (notice.type === 'leak.closed') return notice.at;
  if (notice.type === 'rotation.promoted' || notice.type === 'rotation.completed') return notice.openedAt;
  if (notice.type === 'key.unhealthy' || notice.type === 'key.unclear')
    return notice.again === true ? undefined : notice.episode.openedAt;
  return notice.type === 'key.recovered' || notice.type === 'fleet.recovered' ? notice.episode.openedAt : undefined;
}
