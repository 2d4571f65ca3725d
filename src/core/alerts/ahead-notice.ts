import { ROTATE, ROTATE_PREVIEW } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import type { Ahead } from '../fleet/ahead.ts';
import { valuesAbout } from '../health/finding.ts';
import { DAY_MS, elapsedMs, type Instant } from '../values/time.ts';
import type { AheadNotice } from './notice.ts';

interface AboutAhead {
  readonly secret: string;
  readonly project: string;
  readonly ageDaysMax: number;
  /** Why its rotation does not begin by itself; absent where it does. */
  readonly why?: string | undefined;
}

/** What the owners of a key are told some days before it reaches its greatest age: that it is replaced, or that nobody replaces it. */
export function aheadNotice(
  { version, madeAt, startsAt }: Ahead,
  { secret, project, ageDaysMax, why }: AboutAhead,
  now: Instant,
): AheadNotice {
  const values = valuesAbout({ secret, project });
  const about = { secret, project, version, createdAt: madeAt, ageDaysMax };
  if (why === undefined)
    return {
      type: 'rotation.planned',
      ...about,
      startsAt,
      ...nextOf({ do: 'Nothing, if the day suits you. To see what it will do', command: ROTATE_PREVIEW }, values),
    };
  return {
    type: 'key.aging',
    ...about,
    ageDays: Math.floor(elapsedMs(madeAt, now) / DAY_MS),
    why,
    ...nextOf({ do: 'Rotate it on a day that suits you', command: ROTATE }, values),
  };
}
