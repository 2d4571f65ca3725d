import type { EventData } from './event/event-shape.ts';
import type { NoticeType } from './notice.ts';

/**
 * Whether a silence of its secret holds an event back. Never what ends something, or an incident that was opened before
 * would stay open, nor the first word of a rotation that waits, nor that a key is reported as leaked or used as never before, a name is not proven, a silence or a freeze begins or
 * somebody’s approval is waited for; the heartbeat, outages and tests are about no secret.
 */
export function canBeSilenced({ notice, secret, again }: Pick<EventData, 'notice' | 'secret' | 'again'>): boolean {
  if (notice === 'rotation.held' && again === true) return secret !== undefined;
  return secret !== undefined && !NEVER.includes(notice);
}

const NEVER: readonly NoticeType[] = [
  'key.recovered',
  'key.unwatched',
  'key.unusual',
  'name.unproven',
  'silence.set',
  'silence.ended',
  'freeze.set',
  'freeze.ended',
  'rotation.proposed',
  'rotation.completed',
  'rotation.abandoned',
  'rotation.held',
  'leak.closed',
  'leak.reported',
];
