import { CONDITIONS, isGood, type Condition } from '../../core/fleet/condition.ts';
import { totalsOf } from '../on-record/fleet-json.ts';
import type { Fleet } from '../on-record/fleet.ts';
import type { Watch } from '../on-record/spoken-watch.ts';
import { markup, type Markup } from './markup.ts';
import { toneOf } from './tone.ts';

/** In one sentence, how the fleet is. What nobody looks at, and what could not be seen, is not called well. */
export function verdictOf({ members, problems }: Pick<Fleet, 'members' | 'problems'>, watch: Watch): string {
  const isWhole = problems.length === 0;
  const count = members.length;
  if (count === 0) return isWhole ? 'No managed secret was found.' : 'No secret could be seen.';
  const bad = members.filter(({ condition }) => !isGood(condition)).length;
  const seen = isWhole ? '' : ' that could be seen';
  if (members.every(({ condition }) => condition === 'unchecked'))
    return `No check has looked at ${count === 1 ? 'the one secret' : `any of the ${count} secrets`}${seen}.`;
  if (bad === 0 && watch.is !== 'run')
    return 'Nothing is wrong on record, and nobody can say here whether a check still looks.';
  if (count === 1) return `The one secret${seen} is ${bad === 0 ? '' : 'not '}well.`;
  if (bad === 0) return `All ${count} secrets${seen} are well.`;
  if (bad === count) return `None of the ${count} secrets${seen} is well.`;
  return `${bad} of ${count} secrets${seen} ${bad === 1 ? 'is' : 'are'} not well.`;
}

/** How many secrets stand how, the worst first: a bar of the whole, and a list that leads to each group. */
export function totals({ members }: Pick<Fleet, 'members'>, listed: ReadonlySet<Condition>): Markup {
  const counts = totalsOf(members);
  const there = CONDITIONS.filter((one) => counts[one] > 0);
  let from = 0;
  const stretches = there.map((condition) => {
    const width = (100 * counts[condition]) / members.length;
    const x = from;
    from += width;
    return markup`<rect class="${toneOf(condition)}" x="${x.toFixed(3)}%" width="${width.toFixed(3)}%" height="10"/>`;
  });
  const items = there.map((condition) => {
    const says = markup`<b>${counts[condition]}</b> ${condition}`;
    const shown = listed.has(condition) ? markup`<a href="#${condition}">${says}</a>` : says;
    return markup`<li class="${toneOf(condition)}">${shown}</li>`;
  });
  return markup`<svg class="share" aria-hidden="true" height="10">${stretches}</svg><ul class="totals">${items}</ul>`;
}
