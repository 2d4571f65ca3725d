import { isCompleted, type InFlight, type Journal } from '../record/journal.ts';
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
  if (type === undefined || told.phase === 'resting' || (type === 'rotation.abandoned' && isOldNews(told)))
    return undefined;
  const { id, from, to, note, since, holds } = told;
  const reason = note === undefined ? told.reason : `${told.reason}: ${note}`;
  const [why, step, command] = type === 'rotation.completed' ? endOf(told) : [whyOf(type, told), ...NEXT[type]];
  const next = `key-warden ${command} --secret ${secret}`;
  return { type, secret, project, rotation: id, from, to, reason, why, since, holds, step, next };
}

/** A promotion waits for its drain, which is no news; in an emergency nobody is promised that the old key stays. */
function whyOf(type: RotationNotice['type'], { why, emergency }: InFlight): string | undefined {
  if (type !== 'rotation.promoted') return why;
  return emergency
    ? 'consumers get the new key; the old one is disabled next, although some may still use it'
    : undefined;
}

/** What to do, and the command for it. */
type Next = readonly [step: string, command: string];

const GO_BACK: Next = ['Nothing. If consumers fail since then, go back:', 'rollback'];
const LOOK: Next = ['Nothing. To see how consumers fare:', 'check'];
const DELETED: Next = ['See whether the old key is deleted:', 'purge --dry-run'];

/** What became of the old key, and what may follow: to a key that leaked nobody should go back. */
function endOf({ phase, emergency, from, fromKey, fromKeyUnknown }: InFlight): readonly [string | undefined, ...Next] {
  if (phase !== 'drained') return [`consumers read version ${from} again`, ...LOOK];
  const next = emergency ? LOOK : GO_BACK;
  if (fromKey === undefined) return [fromKeyUnknown && `the old key was disabled; ${fromKeyUnknown}`, ...next];
  if (!emergency) return [undefined, ...next];
  return ['the old key was disabled, and is deleted at its issuer next', ...DELETED];
}

/** A rotation because of age that comes to nothing is tried again; so often in a row it needs a person. */
const FAILURES_IN_NEWS = 4;

/**
 * What the worker begins of its own accord and gives up again and again is told the first time, the second, the fourth, the
 * eighth…, and where only age is the reason from the fourth on: consumers have a good key, and a bad day of Google's would
 * call a person about every secret that came due on it. Whoever was called hears the end.
 */
function isOldNews({ reason, emergency, holds, rest }: InFlight): boolean {
  if (reason === 'request' || reason === 'rollback' || emergency || holds !== undefined) return false;
  const failures = rest.failures + 1;
  const isRepeat = (failures & (failures - 1)) !== 0;
  return isRepeat || (reason === 'age' && failures < FAILURES_IN_NEWS);
}

function typeOf(before: Journal, after: Journal): RotationNotice['type'] | undefined {
  if (before.phase === 'resting') return after.phase === 'resting' ? undefined : 'rotation.opened';
  if (after.phase === 'resting') return isCompleted(before) ? 'rotation.completed' : 'rotation.abandoned';
  if (after.held && !before.held) return 'rotation.held';
  return after.phase === 'promoted' && before.phase !== 'promoted' ? 'rotation.promoted' : undefined;
}

const NEXT = {
  'rotation.opened': ['Nothing. To see where it is:', 'status'],
  'rotation.promoted': ['See that consumers are well. If they are not, go back:', 'rollback'],
  'rotation.abandoned': ['Mend what it says, then rotate again. To see how the old key is:', 'check'],
  'rotation.held': ['Mend what it says, then let it go on:', 'resume'],
} as const satisfies Record<Exclude<RotationNotice['type'], 'rotation.completed'>, Next>;
