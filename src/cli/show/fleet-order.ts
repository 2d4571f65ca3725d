import type { Member } from '../../app/on-record/fleet.ts';
import { compareSeverity } from '../../core/causes/causes.ts';
import { CONDITIONS } from '../../core/fleet/condition.ts';
import type { SortedBy } from './sorted-by.ts';
import { sinceOf } from './fleet.ts';

/** The members in the order asked for: the worst, the oldest, the nearest or the longest first; what is not known comes last. */
export function sorted(members: readonly Member[], by: SortedBy): readonly Member[] {
  const named = members.toSorted((a, b) => (a.secret < b.secret ? -1 : 1));
  switch (by) {
    case 'name':
      return named;
    case 'worst':
      return named.toSorted((a, b) => rankOf(a) - rankOf(b) || worse(a, b));
    case 'age':
      return named.toSorted((a, b) => (a.key.madeAt ?? Infinity) - (b.key.madeAt ?? Infinity));
    case 'due':
      return named.toSorted((a, b) => dueOf(a) - dueOf(b));
    case 'checked':
      return named.toSorted((a, b) => checkedOf(a) - checkedOf(b));
    case 'since':
      return named.toSorted((a, b) => (sinceOf(a) ?? Infinity) - (sinceOf(b) ?? Infinity));
  }
}

function rankOf({ condition }: Member): number {
  return CONDITIONS.indexOf(condition);
}

function worse(a: Member, b: Member): number {
  const [one, other] = [a, b].map(({ health }) =>
    health !== undefined && 'episode' in health ? health.episode.severity : undefined,
  );
  return one === undefined || other === undefined ? 0 : compareSeverity(other, one);
}

/** What was never checked is the longest ago. */
function checkedOf({ checked }: Member): number {
  if (checked.is === 'at') return checked.at;
  return checked.is === 'unknown' ? Infinity : -Infinity;
}

function dueOf({ due }: Member): number {
  return due.is === 'at' ? due.at : Infinity;
}
