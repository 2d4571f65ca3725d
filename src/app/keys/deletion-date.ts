import { DAY_MS, isoOf, parseInstant, plusMs, type Instant } from '../../core/values/time.ts';
import type { IssuedKey } from '../ports/ports.ts';

/**
 * Annotation of a leaked key at its issuer: from that moment on it is deleted although other secrets serve it. It stands there and
 * on no secret, because whoever may write a secret's annotations may not end the keys of others (I17).
 */
export const DELETION_MARK = 'key-warden-delete-by';

/** Nobody can ask for a later moment; and a date that passed longer ago was of another leak. */
const DELETION_MS_MAX = 7 * DAY_MS;

/** What to write on a key that must be gone by then. */
export function deletionMark(by: Instant): Readonly<Record<string, string>> {
  return { [DELETION_MARK]: isoOf(by) };
}

/** By when somebody wanted the key gone; `undefined` where nobody did, or no longer. */
export function deletionDateOf({ annotations }: Pick<IssuedKey, 'annotations'>, now: Instant): Instant | undefined {
  const { [DELETION_MARK]: text = '' } = annotations;
  const by = parseInstant(text);
  if (by === undefined) return undefined;
  return by < plusMs(now, -DELETION_MS_MAX) || by > plusMs(now, DELETION_MS_MAX) ? undefined : by;
}
