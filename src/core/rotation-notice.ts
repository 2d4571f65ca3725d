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
  const [step, command] = NEXT[type];
  const next = `key-warden ${command} --secret ${secret}`;
  return { type, secret, project, rotation: id, from, to, reason, why, since, holds, step, next };
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
  'rotation.opened': ['Nothing. To see where it is:', 'status'],
  'rotation.promoted': ['See that consumers are well. If they are not, go back:', 'rollback'],
  'rotation.completed': ['Nothing. If consumers fail since then, go back:', 'rollback'],
  'rotation.abandoned': ['Mend what it says, then rotate again. To see how the old key is:', 'check'],
  'rotation.held': ['Mend what it says, then let it go on:', 'resume'],
} as const satisfies Record<RotationNotice['type'], readonly [step: string, command: string]>;
