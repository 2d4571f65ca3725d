import { elapsedSeconds, type Instant } from '../values/time.ts';
import type { Notice } from './notice.ts';

/**
 * How long a thing took until it is told at `now`: trouble from its first sign to its telling, and to its end; a leak from when it was
 * found to the proof that the key is dead. `undefined` for what has no such stretch.
 */
export function tookSeconds(notice: Notice, now: Instant): number | undefined {
  const from = beginningOf(notice);
  return from === undefined ? undefined : elapsedSeconds(from, now);
}

function beginningOf(notice: Notice): Instant | undefined {
  if (notice.type === 'leak.closed') return notice.at;
  if (notice.type === 'key.unhealthy' || notice.type === 'key.unclear')
    return notice.again === true ? undefined : notice.episode.openedAt;
  return notice.type === 'key.recovered' || notice.type === 'fleet.recovered' ? notice.episode.openedAt : undefined;
}
