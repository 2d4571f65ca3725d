import { isCompleted, type Journal } from './journal.ts';
import type { RotationNotice } from './notice.ts';

/** What the world is told when a journal goes from one state to the next; most steps are nobody's business. */
export function rotationNotice(
  secret: string,
  project: string,
  before: Journal,
  after: Journal,
): RotationNotice | undefined {
  const type = typeOf(before, after);
  const told = after.phase === 'resting' ? before : after;
  if (type === undefined || told.phase === 'resting') return undefined;
  const { id, from, to, note, since, holds } = told;
  const why = type === 'rotation.promoted' ? (told.emergency ? NO_DRAIN : undefined) : told.why;
  const reason = note === undefined ? told.reason : `${told.reason}: ${note}`;
  return { type, secret, project, rotation: id, from, to, reason, why, since, holds, next: NEXT[type](secret) };
}

/** In an emergency nobody is promised that the old key stays. */
const NO_DRAIN = 'consumers get the new key; the old one is disabled next, although some may still use it';

function typeOf(before: Journal, after: Journal): RotationNotice['type'] | undefined {
  if (before.phase === 'resting') return after.phase === 'resting' ? undefined : 'rotation.opened';
  if (after.phase === 'resting') return isCompleted(before) ? 'rotation.completed' : 'rotation.abandoned';
  if (after.held && !before.held) return 'rotation.held';
  return after.phase === 'promoted' && before.phase !== 'promoted' ? 'rotation.promoted' : undefined;
}

const NEXT = {
  'rotation.opened': (secret) => `key-warden status --secret ${secret}`,
  'rotation.promoted': (secret) => `key-warden rollback --secret ${secret}`,
  'rotation.completed': (secret) => `key-warden rollback --secret ${secret}`,
  'rotation.abandoned': (secret) => `key-warden check --secret ${secret}`,
  'rotation.held': (secret) => `key-warden resume --secret ${secret}`,
} as const satisfies Record<RotationNotice['type'], (secret: string) => string>;
