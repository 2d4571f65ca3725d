import { ageDaysOf } from '../inventory/inventory-json.ts';
import type { Inventory, InventoryLine } from '../inventory/inventory.ts';
import { heldText, kindText, lastUseText, nothingText, titleOf } from '../inventory/spoken-key.ts';
import type { FindingSeverity } from '../../core/inventory/findings.ts';
import { plural } from '../../core/values/plural.ts';
import { documentOf } from './document.ts';
import { htmlOf, markup, type Markup } from './markup.ts';
import { moment } from './moments.ts';

const TONE: Readonly<Record<FindingSeverity, string>> = { high: 'bad', medium: 'doubt', low: 'quiet' };

const TITLES = ['Key', 'Type', 'Age', 'Last use', 'Held by', 'Findings'];

/** An inventory as one page, like that of `status`: one text, no script, nothing that is fetched. */
export function inventoryPage({ at, projects, lines, notLooked }: Inventory): string {
  const bad = lines.filter(({ findings }) => findings.length > 0).length;
  const keys = `${plural(lines.length, 'key')} can reach the Gemini API`;
  const verdict = bad === 0 ? `${keys}${nothingText({ notLooked }, 'all')}.` : `${keys}; ${bad} of them to be mended.`;
  const gaps = notLooked.map((why) => markup`<li class="doubt">Not looked at: ${why}</li>`);
  const titles = TITLES.map((title) => markup`<th role="columnheader" scope="col">${title}</th>`);
  const body = markup`<header><h1>Gemini keys</h1><p class="lead">${verdict}</p><p class="quiet">As of ${moment(at)} UTC, in ${projects.join(', ')}.</p></header>
<main>
<section aria-label="Totals">${gaps.length === 0 ? undefined : markup`<ul class="notes">${gaps}</ul>`}</section>
<section id="fleet" aria-labelledby="fleet-title"><h2 id="fleet-title">Keys</h2><table role="table" aria-labelledby="fleet-title"><thead role="rowgroup"><tr role="row">${titles}</tr></thead><tbody role="rowgroup">${lines.map((line) => row(line, at))}</tbody></table></section>
</main>
<footer><p>What <code>key-warden inventory</code> saw. No key stands in this page. All moments are UTC.</p></footer>`;
  return htmlOf(documentOf('Inventory · Gemini keys', body));
}

function row({ key, findings }: InventoryLine, at: Inventory['at']): Markup {
  const found = findings.map(
    ({ kind, severity, says, cure }) =>
      markup`<p class="${TONE[severity]}"><span class="state">${kind}</span> ${says}</p><p class="why">${cure.do}: <code>${cure.command}</code></p>`,
  );
  const name = markup`<th role="rowheader" scope="row">${titleOf(key)}<p class="why">${key.name}</p></th>`;
  const cells = [kindText(key), plural(ageDaysOf(key, at), 'day'), lastUseText(key), heldText(key)].map(
    (text) => markup`<td role="cell">${text}</td>`,
  );
  return markup`<tr role="row">${name}${cells}<td role="cell">${found}</td></tr>`;
}
