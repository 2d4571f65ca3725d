import { compareSeverity } from '../../core/causes/causes.ts';
import { CONDITIONS } from '../../core/fleet/condition.ts';
import type { Member } from './fleet.ts';

/** The members by condition, the worst first, and within one by severity; what is alike stays in its order. */
export function worstFirst(members: readonly Member[]): readonly Member[] {
  return members.toSorted((a, b) => rankOf(a) - rankOf(b) || worse(a, b));
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
