import { isCompleted, type InFlight, type Journal } from '../record/journal.ts';
import type { Untold } from '../record/outbox.ts';

/** A step that people are told of, with the rotation that took it as it was in its last phase. */
export interface StepToTell {
  readonly untold: Untold;
  readonly told: InFlight;
}

/** What people are told of when a journal goes from one state to the next; most steps are nobody's business. */
export function stepToTell(before: Journal, after: Journal): StepToTell | undefined {
  const told = after.phase === 'resting' ? before : after;
  if (told.phase === 'resting') return undefined;
  const step = stepOf(before, after, told);
  return step === undefined ? undefined : { untold: { step, id: told.id }, told };
}

function stepOf(before: Journal, after: Journal, told: InFlight): Untold['step'] | undefined {
  if (before.phase === 'resting') return 'opened';
  if (after.phase === 'resting') return isCompleted(told) ? 'completed' : isOldNews(told) ? undefined : 'abandoned';
  if (after.held && !before.held) return 'held';
  return after.phase === 'promoted' && before.phase !== 'promoted' ? 'promoted' : undefined;
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
