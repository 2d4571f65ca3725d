import { plural } from '../../core/values/plural.ts';
import { spokenWatch } from '../on-record/spoken-watch.ts';
import { consumersList } from './consumers-list.ts';
import { documentOf } from './document.ts';
import { fleetList } from './fleet-list.ts';
import { flights } from './flights.ts';
import { heldBack } from './held-back.ts';
import { histories } from './histories.ts';
import { htmlOf, markup, type Markup, type Shown } from './markup.ts';
import { moment } from './moments.ts';
import type { OnPage } from './on-page.ts';
import { openOf } from './open-trouble.ts';
import { timeline } from './timeline.ts';
import { totals, verdictOf } from './totals.ts';

/**
 * The whole page in one text: no script, and nothing that is fetched from anywhere. Its own policy says so to the browser too, because
 * a file has no headers.
 */
export function pageOf(page: OnPage): string {
  const { fleet, shown, readers, waiting = [], now } = page;
  const held = heldBack(fleet.freezes, waiting);
  const watch = spokenWatch(fleet, now);
  const verdict = verdictOf(fleet, watch);
  const open = openOf(fleet, shown);
  const listed = new Set(shown.map(({ condition }) => condition));
  const rest = fleet.members.length - shown.length;
  const title = `${verdict.replace(/\.$/, '')} · Gemini keys`;
  const body = markup`<a class="skip" href="#fleet">To the list of secrets</a>
<header><h1>Gemini keys</h1><p class="lead">${verdict}</p><p class="quiet">As of ${moment(now)} UTC; ${watch.says}.</p></header>
<main>
<section aria-label="Totals">${fleet.members.length === 0 ? '' : totals(fleet, listed)}${notes(page)}</section>
${section('open', 'Open', open.length === 0 ? markup`<p class="quiet">Nothing is open.</p>` : timeline(open, now))}
${held === undefined ? '' : section('held-back', 'Held back', held)}${section('rotations', 'Rotations', flights(fleet.members, shown, now))}
${section('fleet', 'Secrets', markup`${rest === 0 ? '' : markup`<p class="quiet">${plural(rest, 'more secret')} not asked for.</p>`}${shown.length === 0 ? markup`<p class="quiet">None.</p>` : fleetList(page)}`)}
${readers === undefined ? '' : section('consumers', 'Consumers', consumersList(shown, readers, now))}${section('history', 'History', histories(shown))}
</main>
<footer><p>What is on record about each secret, as <code>key-warden status</code> shows it. No key was read for this page. All moments are UTC.</p></footer>`;
  return htmlOf(documentOf(title, body));
}

function section(id: string, title: string, body: Shown): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;
}

/** What makes the page say less than there is, and what keeps rotations from beginning. */
function notes({ fleet, stops }: OnPage): Markup | undefined {
  const { problems, notLooked } = fleet;
  const said = [
    ...stops.map(
      ({ project, why }) =>
        markup`<li class="bad">No rotation is begun in project ${project} because of a key’s age: ${why}</li>`,
    ),
    ...problems.map((problem) => markup`<li class="doubt">Not seen: ${problem}</li>`),
    ...(notLooked === 0 ? [] : [markup`<li>The age of ${plural(notLooked, 'key')} was not looked up.</li>`]),
  ];
  return said.length === 0 ? undefined : markup`<ul class="notes">${said}</ul>`;
}
