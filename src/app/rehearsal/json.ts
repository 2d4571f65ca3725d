import { isoOf } from '../../core/time.ts';
import type { Rehearsal } from './rehearse.ts';

/** Name and version of the JSON form of a rehearsal. */
const REHEARSAL_SCHEMA = 'key-warden/rehearsal/v1';

/** A rehearsal as `rotate --dry-run --json` and the function `rotate` show it. */
export function rehearsalJson({ steps, ...rehearsal }: Rehearsal) {
  return { schema: REHEARSAL_SCHEMA, ...rehearsal, steps: steps.map((step) => ({ ...step, at: isoOf(step.at) })) };
}
