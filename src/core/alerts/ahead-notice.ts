import { ROTATE, ROTATE_PREVIEW } from '../causes/commands.ts';
import { nextOf } from '../causes/next-step.ts';
import type { Ahead } from '../fleet/ahead.ts';
import { valuesAbout } from '../health/finding.ts';
import { DAY_MS, elapsedMs, HOUR_MS, instantOf, type Instant } from '../values/time.ts';
import type { AheadNotice } from './notice.ts';

interface AboutAhead {
  readonly secret: string;
  readonly project: string;
  readonly ageDaysMax: number;
  /** Why its rotation does not begin by itself; absent where it does. */
  readonly why?: string | undefined;
  /** For how many hours a second person may agree before one begins; absent where nobody is asked. */
  readonly approvalHours?: number | undefined;
}

/** What the owners of a key are told some days before it reaches its greatest age: that it is replaced, or that nobody replaces it. */
export function aheadNotice(
  { version, madeAt, dueAt, startsAt }: Ahead,
  { secret, project, ageDaysMax, why, approvalHours }: AboutAhead,
  now: Instant,
): AheadNotice {
  const values = valuesAbout({ secret, project });
  const about = { secret, project, version, createdAt: madeAt, ageDaysMax };
  if (why === undefined)
    return {
      type: 'rotation.planned',
      ...about,
      startsAt,
      asksFrom:
        approvalHours === undefined ? undefined : instantOf(Math.max(dueAt, startsAt - approvalHours * HOUR_MS)),
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
