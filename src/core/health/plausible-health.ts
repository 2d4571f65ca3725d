import type { Health } from '../record/health-state.ts';
import type { Part } from '../record/part.ts';
import { isAhead, type Instant } from '../values/time.ts';

/**
 * The health that a secret remembers, as far as it can be: an episode that was announced in the year 9999 would never be
 * told of again, so such a record counts as none. `undefined` also for one that is not in a form that this release reads.
 */
export function healthAt(part: Part<Health>, now: Instant): Health | undefined {
  if (part.is === 'unreadable') return undefined;
  return momentsOf(part.value).some((at) => at !== undefined && isAhead(at, now)) ? undefined : part.value;
}

function momentsOf(health: Health): readonly (Instant | undefined)[] {
  const { since, lastGoodAt, episode, untold } = { ...NO_MOMENTS, ...health };
  const told = [episode, untold].flatMap((one) =>
    one === undefined ? [] : [one.openedAt, one.announcedAt, one.lastGoodAt],
  );
  return [since, lastGoodAt, ...told];
}

const NO_MOMENTS = { since: undefined, lastGoodAt: undefined, episode: undefined, untold: undefined };
