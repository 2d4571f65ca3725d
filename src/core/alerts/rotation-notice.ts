import { CHECK, PURGE_PREVIEW, RESUME, ROLLBACK, STATUS } from '../causes/commands.ts';
import { valuesOfSecret } from '../causes/names.ts';
import { nextOf } from '../causes/next-step.ts';
import type { Instruction } from '../values/command.ts';
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
  const [why, next] = type === 'rotation.completed' ? endOf(told) : [whyOf(type, told), NEXT[type]];
  const ofRotation = { type, secret, project, rotation: id, from, to, reason, why, since, holds };
  return { ...ofRotation, ...nextOf(next, valuesOfSecret(secret)) };
}

/** A promotion waits for its drain, which is no news; in an emergency nobody is promised that the old key stays. */
function whyOf(type: RotationNotice['type'], { why, emergency }: InFlight): string | undefined {
  if (type !== 'rotation.promoted') return why;
  return emergency
    ? 'consumers get the new key; the old one is disabled next, although some may still use it'
    : undefined;
}

/** What to do, and the command for it. */
type Next = Required<Instruction>;

const GO_BACK: Next = { do: 'Nothing. If consumers fail since then, go back', command: ROLLBACK };
const LOOK: Next = { do: 'Nothing. To see how consumers fare', command: CHECK };
const DELETED: Next = { do: 'See whether the old key is deleted', command: PURGE_PREVIEW };

/** What became of the old key, and what may follow: to a key that leaked nobody should go back. */
function endOf({ phase, emergency, from, fromKey, fromKeyUnknown }: InFlight): readonly [string | undefined, Next] {
  if (phase !== 'drained') return [`consumers read version ${from} again`, LOOK];
  const next = emergency ? LOOK : GO_BACK;
  if (fromKey === undefined) return [fromKeyUnknown && `the old key was disabled; ${fromKeyUnknown}`, next];
  if (!emergency) return [undefined, next];
  return ['the old key was disabled, and is deleted at its issuer next', DELETED];
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
  'rotation.opened': { do: 'Nothing. To see where it is', command: STATUS },
  'rotation.promoted': { do: 'See that consumers are well. If they are not, go back', command: ROLLBACK },
  'rotation.abandoned': { do: 'Mend what it says, then rotate again. To see how the old key is', command: CHECK },
  'rotation.held': { do: 'Mend what it says, then let it go on', command: RESUME },
} as const satisfies Record<Exclude<RotationNotice['type'], 'rotation.completed'>, Next>;
