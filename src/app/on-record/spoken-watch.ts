import { spokenDuration } from '../../core/values/duration.ts';
import { elapsedMs, isoOf, type Instant } from '../../core/values/time.ts';
import { newestRun } from './fleet-json.ts';
import type { Fleet } from './fleet.ts';

/** Whether a check still looks at the fleet, in words: what is on record is worth no more than that. */
export interface Watch {
  readonly is: 'run' | 'no run' | 'not known';
  readonly says: string;
}

/** When somebody looked last at all. */
export function spokenWatch({ runs }: Pick<Fleet, 'runs'>, now: Instant): Watch {
  const newest = newestRun({ runs });
  if (newest !== undefined)
    return { is: 'run', says: `the last complete check ended ${spokenDuration(elapsedMs(newest, now))} ago` };
  const [unknown] = runs.unknown;
  if (unknown !== undefined) {
    const [project, why] = unknown;
    return {
      is: 'not known',
      says: `when a check ran last is not known: the log of ${project} could not be read (${why})`,
    };
  }
  const since = isoOf(runs.lookedBackTo).slice(0, 10);
  return {
    is: 'no run',
    says: `no complete check is in the log since ${since}: the worker does not run, or logs to another project`,
  };
}
