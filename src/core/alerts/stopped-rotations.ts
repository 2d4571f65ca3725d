import { STATUS_OF_ALL } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import { DAY_MS, instantOf, isoOf, type Instant } from '../values/time.ts';
import type { SecretWarning } from './notices/secret-notices.ts';

/** A project of keys in which no rotation is begun, and why. */
export interface StoppedProject {
  readonly project: string;
  readonly why: string;
  /** Its other secrets. */
  readonly others: number;
  readonly now: Instant;
}

/** The one warning about a cause that the rotations of a project share, with its cure; `keeper` remembers that it was told. */
export function stoppedWarning(
  keeper: { readonly secret: string; readonly project: string },
  { project, why, others, now }: StoppedProject,
): SecretWarning {
  return {
    type: 'secret.warning',
    ...keeper,
    because: 'rotations_stopped',
    why: `no rotation is begun because of a key’s age in project ${project}: ${why}`,
    others,
    day: instantOf(Math.floor(now / DAY_MS) * DAY_MS),
    ...nextOf(
      { do: 'Mend what it says; the next day or run begins them. To see where they stand', command: STATUS_OF_ALL },
      {},
    ),
  };
}

/** Tells that it was told on this day. */
export function stopMark(now: Instant): string {
  return `stop-${isoOf(now).slice(0, 10).replaceAll('-', '')}`;
}
