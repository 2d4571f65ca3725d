import { CAUSES } from '../../core/causes/causes.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import { plural } from '../../core/values/plural.ts';
import { elapsedMs, type Instant } from '../../core/values/time.ts';
import type { Member } from './fleet.ts';

/** Since when a secret is as it is. */
export function sinceOf({ health, leaks, rotation }: Member): Instant | undefined {
  const [leak] = leaks ?? [];
  if (leak !== undefined) return leak.at;
  if (health !== undefined && 'episode' in health) return health.episode.openedAt;
  if (rotation !== undefined && rotation.phase !== 'resting') return rotation.since;
  return health !== undefined && 'since' in health ? health.since : undefined;
}

/** Whether a key's rotation is due by then. */
export function isDueWithin({ due }: Pick<Member, 'due'>, now: Instant, dueMs: number): boolean {
  return due.is === 'at' && elapsedMs(now, due.at) <= dueMs;
}

/** Why it is not well, in a few words. */
export function whyOf({ condition, health, rotation, leaks }: Member): string {
  switch (condition) {
    case 'leaked':
      return `version ${(leaks ?? []).map(({ version }) => version).join(', ')}: the leaked key is not proven dead`;
    case 'failing':
    case 'mending':
      return health !== undefined && 'episode' in health
        ? `${CAUSES[health.episode.cause].title}${condition === 'mending' ? '; works again' : ''}`
        : '-';
    case 'suspect':
      return health?.is === 'suspect' ? `${CAUSES[health.cause].title}, ${plural(health.runs, 'run')}` : '-';
    case 'unreadable':
      return 'an annotation of the worker is in a form that this release does not read';
    case 'unwatched':
      return 'no complete check saw it lately';
    case 'unchecked':
      return 'no check of it is on record';
    case 'held':
    case 'rotating':
      return rotation !== undefined && rotation.phase !== 'resting'
        ? (rotation.why ?? `next: ${ROTATION[rotation.phase].act}`)
        : '-';
    case 'due':
    case 'well':
      return '-';
  }
}
