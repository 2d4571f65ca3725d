import type { InFlight, Journal } from '../record/journal.ts';
import type { LastCurrent } from '../record/last-current.ts';
import { isBeforePromotion } from './rotation.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';

/** A person moves the alias once. Who moves it to the same version again within a day is a tool that knows no better. */
export function isContested(last: LastCurrent | undefined, current: number, now: Instant): boolean {
  if (last?.movedAt === undefined || last.movedTo !== current || last.version === current) return false;
  return elapsedMs(last.movedAt, now) < DAY_MS;
}

/**
 * What is remembered once somebody moved the alias to `to`. Of several moves within a day it is the first: a tool comes back to its
 * own version, whatever a person does in between.
 */
export function afterMove(last: LastCurrent | undefined, to: number, now: Instant): LastCurrent {
  const { movedTo = to, movedAt = now } = last ?? {};
  const isKept = movedTo !== to && elapsedMs(movedAt, now) < DAY_MS;
  return isKept ? { version: to, movedTo, movedAt } : { version: to, movedTo: to, movedAt: now };
}

/** What is remembered once a write was made that found `seen`, and set the alias to `set` if that is given. */
export function currentAfter(
  last: LastCurrent | undefined,
  seen: number | undefined,
  set: number | undefined,
  now: Instant,
): LastCurrent | undefined {
  const isMoved = last !== undefined && seen !== undefined && seen !== last.version;
  const found = isMoved ? afterMove(last, seen, now) : last;
  if (set !== undefined) return { version: set, movedTo: found?.movedTo, movedAt: found?.movedAt };
  return found ?? (seen === undefined ? undefined : { version: seen });
}

/** What to do about an alias `current` that is not where it was left. */
export type CurrentTrouble =
  /** Somebody took it away: it comes back once, to a version that is enabled and proven. */
  | { readonly do: 'put back'; readonly version: number }
  /** A person meant it: the version that was left is no candidate any more. */
  | { readonly do: 'follow'; readonly current: number; readonly left: number }
  /** From now on nothing is done about the secret by itself. */
  | { readonly do: 'stop'; readonly is: 'missing' | 'contested'; readonly version: number }
  | { readonly do: 'held'; readonly why: string };

/** One look at the alias, and what is remembered of it. */
export interface CurrentView {
  readonly journal: Journal;
  readonly current: number | undefined;
  readonly last: LastCurrent | undefined;
  readonly now: Instant;
}

/**
 * Asked before anything is begun, and in flight where the alias is gone: what a rotation in flight does about one that was moved
 * is a rule of its own. Nothing is brought back that leaked, nor while a rotation is about to move the alias anyway.
 */
export function currentTrouble({ journal, current, last, now }: CurrentView): CurrentTrouble | undefined {
  if (last === undefined) return undefined;
  if (journal.phase !== 'resting') return current === undefined ? goneInFlight(journal, last, now) : undefined;
  if (current === undefined) {
    return last.is === 'missing' ? { do: 'held', why: missingText(last.version) } : gone(last);
  }
  if (isContested(last, current, now)) return { do: 'stop', is: 'contested', version: current };
  if (current !== last.version) return { do: 'follow', current, left: last.version };
  if (last.is === 'leaked') return { do: 'held', why: leakedText(current) };
  return last.is === 'contested' ? { do: 'held', why: contestedText(current) } : undefined;
}

function gone({ is, version }: LastCurrent): CurrentTrouble {
  return is === undefined ? { do: 'put back', version } : { do: 'stop', is: 'missing', version };
}

function goneInFlight(
  { phase, emergency, held, lease }: InFlight,
  last: LastCurrent,
  now: Instant,
): CurrentTrouble | undefined {
  const isBusy = phase === 'reverting' || (lease !== undefined && lease.until > now);
  const isLeaked = emergency && phase !== 'promoted' && phase !== 'drained';
  return isBusy || isLeaked || held || last.is === 'missing' ? undefined : gone(last);
}

/**
 * Whether something is to be done at once because the alias is not where it was left. What we write ourselves leaves it where it
 * belongs, so that nothing follows from its own echo.
 */
export function isAstray(view: CurrentView): boolean {
  const trouble = currentTrouble(view);
  if (trouble !== undefined) return trouble.do !== 'held';
  return view.journal.phase !== 'resting' && isMovedInFlight(view.journal, view.current);
}

function isMovedInFlight({ phase, from, to, held }: InFlight, current: number | undefined): boolean {
  if (held || phase === 'abandoned' || phase === 'reverting' || current === undefined) return false;
  return current !== (isBeforePromotion(phase) ? from : to);
}

/** Whether people know that `current` is in hands that do not let it be where a rotation left it: then a leaked key goes all the same. */
export function isToldOfLeak(journal: Journal | undefined, last: LastCurrent | undefined): boolean {
  const isHeld = journal !== undefined && journal.phase !== 'resting' && journal.held;
  return isHeld || last?.is === 'leaked' || last?.is === 'missing';
}

/** Why nothing is begun by itself without the alias. */
export function missingText(version: number): string {
  return `its alias \`current\` was taken away from version ${version} and is not put back: it was once already, or the version does not work. Whoever reads it is without a key`;
}

/** What nobody can have meant. */
export function leakedText(version: number): string {
  return `somebody moved \`current\` to version ${version}, whose key was retired because it leaked, and is not followed. Its key is deleted at its issuer all the same, if that is not done yet: move the alias to a version that works`;
}

/** Who moves the alias, and what makes them stop. */
export function contestedText(version: number): string {
  return `something moved \`current\` to version ${version} twice within a day, as a tool does: Terraform needs ignore_changes = [version_aliases] on the secret, and External Secrets must not push to it`;
}
