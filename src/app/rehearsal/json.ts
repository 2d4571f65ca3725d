import { ROTATION } from '../../core/rotation/rotation.ts';
import { instantOf, isoOf } from '../../core/values/time.ts';
import type { ReadersJson } from '../consumers/readers-json.ts';
import type { SharedKey } from '../listing/shared-key.ts';
import type { Rehearsal } from './rehearse.ts';

/** Name and version of the JSON form of a rehearsal. */
const REHEARSAL_SCHEMA = 'key-warden/rehearsal/v1' as const;

export type RehearsalJson = ReturnType<typeof rehearsalJson>;

/** A rehearsal as `rotate --dry-run --json` and the function `rotate` show it. */
export function rehearsalJson(
  { steps, ...rehearsal }: Rehearsal,
  { holders, notLooked }: SharedKey,
  consumers?: ReadersJson,
) {
  return {
    schema: REHEARSAL_SCHEMA,
    ...rehearsal,
    holders,
    holdersNotLooked: notLooked,
    ...(consumers === undefined ? {} : { consumers }),
    counts: countsOf(steps),
    steps: steps.map(({ phase, at, ...step }) => ({
      phase,
      ...(phase === undefined ? {} : { act: ROTATION[phase].act }),
      at: isoOf(at),
      ...step,
    })),
  };
}

/** The rehearsal that an answer tells of. */
export function rehearsalFrom({ steps, ...told }: RehearsalJson): Rehearsal {
  return { ...told, steps: steps.map((step) => ({ ...step, at: instantOf(Date.parse(step.at)) })) };
}

/** How much of each a rotation would do, and how many of its reads the rehearsal made. */
export function countsOf(steps: Rehearsal['steps']) {
  const calls = steps.flatMap((step) => step.calls);
  const count = (wanted: (typeof calls)[number]['kind']) => calls.filter(({ kind }) => kind === wanted).length;
  return {
    reads: count('read'),
    readsMade: calls.filter(({ made }) => made).length,
    writes: count('write'),
    announcements: count('announcement'),
  };
}
