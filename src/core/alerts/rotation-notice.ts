import { CHECK, PURGE_PREVIEW, RESUME, ROLLBACK, ROTATE, ROTATE_AT_ONCE, STATUS } from '../causes/commands.ts';
import { valuesOfSecret } from '../causes/names.ts';
import { nextOf, type Next } from '../causes/next-step.ts';
import { spokenActor } from '../record/actor.ts';
import { isHeldBusy, spokenSteering, type Drain, type InFlight, type Journal } from '../record/journal.ts';
import { aliasesText, foreignAliasesOn } from '../rotation/foreign-alias.ts';
import { leavesLeak } from '../rotation/make-emergency.ts';
import { stepToTell, type StepToTell } from '../rotation/step-to-tell.ts';
import type { RotationNotice } from './notices/rotation-notices.ts';

/**
 * What the world is told when a journal goes from one state to the next; most steps are nobody's business. Aliases of other people
 * on the version that consumers leave are named.
 */
export function rotationNotice(
  secret: string,
  project: string,
  before: Journal,
  after: Journal,
  aliases: Readonly<Record<string, number>> = {},
): RotationNotice | undefined {
  const step = stepToTell(before, after);
  return step === undefined ? undefined : noticeOf(secret, project, step, aliases);
}

/** A step in words, be it just taken or on record since a run that could not tell it. */
export function noticeOf(
  secret: string,
  project: string,
  { untold: { step }, told }: StepToTell,
  aliases: Readonly<Record<string, number>> = {},
): RotationNotice {
  const type = `rotation.${step}` as const;
  const { id, from, to, note, by, steered, since, openedAt, holds } = told;
  const asked = note === undefined ? told.reason : `${told.reason}: ${note}`;
  const began = by === undefined ? asked : `${asked}, asked for by ${spokenActor(by)}`;
  const reason = steered === undefined ? began : `${began}; since then ${spokenSteering(steered)}`;
  const [because, next] = type === 'rotation.completed' ? endOf(told) : [whyOf(type, told), nextAfter(type, told)];
  const why =
    [because, leftReaders(type, told, aliases)].filter((words) => words !== undefined).join('; ') || undefined;
  const isOver = step === 'completed' || step === 'abandoned';
  const leak = isOver && leavesLeak(told) ? { leavesLeak: true } : {};
  const ofRotation = {
    type,
    secret,
    project,
    rotation: id,
    from,
    to,
    reason,
    by,
    steered,
    why,
    since,
    openedAt,
    holds,
    ...leak,
  };
  return { ...ofRotation, ...nextOf(next, valuesOfSecret(secret)) };
}

/** Who reads the version that is left by a name of their own, and what becomes of them. */
function leftReaders(
  type: RotationNotice['type'],
  { phase, from, to, emergency, promotedAt }: InFlight,
  aliases: Readonly<Record<string, number>>,
): string | undefined {
  if (type !== 'rotation.promoted' && type !== 'rotation.completed' && type !== 'rotation.abandoned') return undefined;
  const left = phase === 'abandoned' ? (promotedAt === undefined ? undefined : to) : from;
  const names = foreignAliasesOn(aliases, [left]);
  if (left === undefined || names.length === 0) return undefined;
  const then =
    type === 'rotation.promoted' && !emergency
      ? 'too, so that version is not disabled before somebody has moved it'
      : 'still: move it, or whoever reads it so is without a key';
  return `${aliasesText(names, left)} ${then}`;
}

/** A promotion waits for its drain, which is no news; in an emergency nobody is promised that the old key stays. */
function whyOf(
  type: RotationNotice['type'],
  { why, emergency, fromKey, fromKeyUnknown }: InFlight,
): string | undefined {
  if (type !== 'rotation.promoted') return why;
  if (emergency) return 'consumers get the new key; the old one is disabled next, although some may still use it';
  if (fromKey !== undefined)
    return 'consumers get the new key; the old one stays enabled until its use was measured to have ended';
  if (fromKeyUnknown === undefined) return undefined;
  return `consumers get the new key; the use of the old one cannot be measured, so it stays enabled for a set time (${fromKeyUnknown})`;
}

/** How the end of the old key's use was judged, after "the old key was disabled". */
function judgedBy({ use, requests, hours, pauseHours, why }: Drain, fromKeyUnknown?: string): string {
  if (use === 'idle' && hours !== undefined && pauseHours !== undefined)
    return ` after ${hours} hours in which no use of it was measured; before, it paused for up to ${pauseHours}`;
  if (use === 'busy')
    return ` although it was used ${requests ?? 'some'} times at the last look, because a person had its users cut off`;
  if (use === 'idle') return ' when no use of it was measured any more';
  const unknown = fromKeyUnknown ?? why;
  return `; whether it was still used was not measured${unknown === undefined ? '' : ` (${unknown})`}`;
}

/** Whoever pastes the command looks first: going back is for consumers that fail. */
const GO_BACK: Next = {
  otherwise: { do: 'Nothing. If consumers fail since then, go back', command: ROLLBACK },
  do: 'To see how they fare',
  command: CHECK,
};
const LOOK: Next = { do: 'Nothing. To see how consumers fare', command: CHECK };
const DELETE_IT: Next = {
  do: 'Delete the leaked key where it was made, or have the owner of that project do it: until then it is alive. To see how consumers fare',
  command: CHECK,
};
const MOVE_USERS: Next = {
  do: 'Find who still uses the old key and move them; nothing breaks while it waits. Then resume it. To see what was measured',
  command: STATUS,
};
const DELETED: Next = { do: 'See whether the old key is deleted', command: PURGE_PREVIEW };

const DELETED_NEXT = 'the old key was disabled, and is deleted at its issuer next';
const NEW_IS_DEAD = 'the new key is dead, so that consumers are without one until another is made, which begins now';
const LOOK_AT_NEW: Next = { do: 'See that the next rotation comes to a good key', command: STATUS };

/** What became of the old key, and what may follow: to a key that leaked nobody should go back. */
function endOf(journal: InFlight): readonly [string | undefined, Next] {
  const { phase, emergency, from, fromKey, fromKeyUnknown, drain } = journal;
  if (phase !== 'drained') return [`consumers read version ${from} again`, LOOK];
  const next = leavesLeak(journal) ? DELETE_IT : emergency ? LOOK : GO_BACK;
  const ofUnknown =
    fromKey === undefined && fromKeyUnknown !== undefined ? `the old key was disabled; ${fromKeyUnknown}` : undefined;
  const ended = emergency && fromKey !== undefined ? DELETED_NEXT : ofUnknown;
  if (emergency && drain?.deadSince !== undefined)
    return [ended === undefined ? NEW_IS_DEAD : `${ended}; ${NEW_IS_DEAD}`, LOOK_AT_NEW];
  if (ended === DELETED_NEXT) return [ended, DELETED];
  if (!emergency && drain !== undefined)
    return [`the old key was disabled${judgedBy(drain, fromKey === undefined ? fromKeyUnknown : undefined)}`, next];
  return [ended, next];
}

/** What to do where nothing ended well: a leaked key that consumers go on reading does not wait for somebody to look. */
function nextAfter(type: Exclude<RotationNotice['type'], 'rotation.completed'>, told: InFlight): Next {
  if (type === 'rotation.abandoned' && leavesLeak(told)) return REPLACE_IT;
  if (type === 'rotation.promoted' && told.emergency) return ANOTHER;
  return isHeldBusy(told) ? MOVE_USERS : NEXT[type];
}

/** To a key that leaked nobody goes back. */
const ANOTHER: Next = { do: 'See that consumers are well. If they are not, make another key', command: ROTATE };
const REPLACE_IT: Next = {
  do: 'The leaked key is alive. Mend what it says, then replace it',
  command: ROTATE_AT_ONCE,
};

const NEXT = {
  'rotation.opened': { do: 'Nothing. To see where it is', command: STATUS },
  'rotation.promoted': GO_BACK,
  'rotation.abandoned': { do: 'Mend what it says, then rotate again. To see how the old key is', command: CHECK },
  'rotation.held': {
    otherwise: { do: 'Nothing breaks while it waits. Mend what it says, then let it go on', command: RESUME },
    do: 'To see where it stands',
    command: STATUS,
  },
} as const satisfies Record<Exclude<RotationNotice['type'], 'rotation.completed'>, Next>;
