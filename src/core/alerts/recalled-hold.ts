import { restOfMark, withMark } from '../record/unreadable-mark.ts';
import type { InFlight } from '../record/journal.ts';
import type { StepToTell } from '../rotation/step-to-tell.ts';
import { stableHash } from '../values/stable-shuffle.ts';
import { elapsedMs, HOUR_MS, type Instant } from '../values/time.ts';

/** Which hold of which rotation. */
type Hold = Pick<InFlight, 'id' | 'holds'>;

/** A hold is recalled once it has lasted for as long as makes an episode critical, and from then on every week. */
const AGAIN_HOURS = 168;
/** Two years of weeks. */
const RECALLS_MAX = 104;

/** How often people were reminded of a hold, as the marks of its secret say. */
export function recallsOf(marks: string | null | undefined, hold: Hold): number {
  const recalls = parseInt(restOfMark(marks, markOf(hold)) ?? '0', 36);
  return recalls > 0 && recalls <= RECALLS_MAX ? recalls : 0;
}

/** The marks with one reminder more; a hold that came before is forgotten. */
export function withRecall(marks: string | null | undefined, hold: Hold, recalls: number): string {
  return withMark(marks, `${markOf(hold)}${recalls.toString(36)}`);
}

/** Which reminder of a hold is due now; `undefined` for none. */
export function recallDue(
  journal: InFlight,
  marks: string | null | undefined,
  escalateAfterHours: number,
  now: Instant,
): number | undefined {
  const recalls = recallsOf(marks, journal);
  const hours = escalateAfterHours + recalls * AGAIN_HOURS;
  const isDue = journal.held && recalls < RECALLS_MAX && elapsedMs(heldSince(journal, now), now) >= hours * HOUR_MS;
  return isDue ? recalls + 1 : undefined;
}

/** A hold as it is told anew. */
export function recalledHold(told: InFlight): StepToTell {
  return { untold: { step: 'held', id: told.id }, told };
}

/** The latest moment on record of a held rotation: the attempt that held it came at that moment or in the next run. */
function heldSince({ since, notBefore, drain }: InFlight, now: Instant): Instant {
  const moments = [since, notBefore, drain?.at].filter((at) => at !== undefined).filter((at) => at <= now);
  return moments.reduce((latest, at) => (at > latest ? at : latest), since);
}

/** How a mark begins that ends with the number of reminders. */
function markOf({ id, holds = 0 }: Hold): string {
  return `held-${stableHash(`${id} ${holds}`).toString(36)}-`;
}
