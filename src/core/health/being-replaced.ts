import { CAUSES } from '../causes/causes.ts';
import type { Finding } from './finding.ts';
import type { Journal } from '../record/journal.ts';
import { isBeforePromotion } from '../rotation/rotation.ts';
import { elapsedMs, spokenMinute, type Instant } from '../values/time.ts';

/** A rotation that takes longer than this to promote its key is no reason for silence any more. */
const SILENT_MS_MAX = 2 * 3_600_000;

/**
 * Why a finding is nobody's business for now: its key is just being replaced, which is the cure. `undefined` when there
 * is no such reason. A rotation that waits for a person, or takes too long, cures nothing; nor does a new key end a
 * lack of credit, and a leak calls for an emergency, which leaves out the drain. There is no `journal` where it is unreadable.
 */
export function beingReplaced(
  journal: Journal | undefined,
  { version, diagnosis }: Pick<Finding, 'version' | 'diagnosis'>,
  now: Instant,
): string | undefined {
  if (!CAUSES[diagnosis.cause].newKeyHelps || journal === undefined || journal.phase === 'resting') return undefined;
  const { phase, held, from, id, openedAt, emergency } = journal;
  if (!isBeforePromotion(phase) || held || version !== from) return undefined;
  if (diagnosis.cause === 'key_leaked' && !emergency) return undefined;
  if (elapsedMs(openedAt, now) >= SILENT_MS_MAX) return undefined;
  return `alerts are held back: rotation ${id} is replacing this key since ${spokenMinute(openedAt)}`;
}
