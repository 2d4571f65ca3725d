import type { Member } from '../../app/on-record/fleet.ts';
import { sinceOf } from '../../app/on-record/spoken-member.ts';
import { worstFirst } from '../../app/on-record/worst-first.ts';
import type { SortedBy } from './sorted-by.ts';

/** The members in the order asked for: the worst, the oldest, the nearest or the longest first; what is not known comes last. */
export function sorted(members: readonly Member[], by: SortedBy): readonly Member[] {
  const named = members.toSorted((a, b) => (a.secret < b.secret ? -1 : 1));
  switch (by) {
    case 'name':
      return named;
    case 'worst':
      return worstFirst(named);
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

/** What was never checked is the longest ago. */
function checkedOf({ checked }: Member): number {
  if (checked.is === 'at') return checked.at;
  return checked.is === 'unknown' ? Infinity : -Infinity;
}

function dueOf({ due }: Member): number {
  return due.is === 'at' ? due.at : Infinity;
}
