import { CONDITIONS, isGood, type Condition } from '../../core/fleet/condition.ts';
import { totalsOf } from '../on-record/fleet-json.ts';
import type { Fleet } from '../on-record/fleet.ts';
import type { Watch } from '../on-record/spoken-watch.ts';
import { markup, type Markup } from './markup.ts';
import { toneOf } from './tone.ts';

/** In one sentence, how the fleet is. What nobody looks at is not called well. */
export function verdictOf({ members }: Pick<Fleet, 'members'>, watch: Watch): string {
  const bad = members.filter(({ condition }) => !isGood(condition)).length;
  if (members.length === 0) return 'No managed secret was found.';
  const all = members.length === 1 ? 'The one secret' : `All ${members.length} secrets`;
  const is = members.length === 1 ? 'is' : 'are';
  if (bad === 0 && watch.is === 'run') return `${all} ${is} well.`;
  if (bad === 0) return `Nothing is wrong on record, and nobody can say here whether a check still looks.`;
  return bad === members.length
    ? `${all} ${is} not well.`
    : `${bad} of ${members.length} secrets ${bad === 1 ? 'is' : 'are'} not well.`;
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
