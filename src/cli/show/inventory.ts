import { countsOf, ageDaysOf } from '../../app/inventory/inventory-json.ts';
import type { Inventory, InventoryLine } from '../../app/inventory/inventory.ts';
import { heldText, kindText, lastUseText, nothingText, titleOf } from '../../app/inventory/spoken-key.ts';
import type { FindingSeverity } from '../../core/inventory/findings.ts';
import { passageOf } from '../../core/values/command.ts';
import { partsOf } from '../../core/values/passage.ts';
import { plural } from '../../core/values/plural.ts';
import { isoOf } from '../../core/values/time.ts';
import { csv } from './csv.ts';
import { laidOut, saidBehind } from './layout.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

const COLOUR = { high: 'red', medium: 'yellow', low: 'dim' } as const satisfies Record<
  FindingSeverity,
  Parameters<Paint>[0]
>;
/** Width of the words in front of each line. */
const TITLE = 11;

/** An inventory for people: each key that shows something with its cures, then how many there are and what that cost. */
export function showInventory(terminal: Terminal, inventory: Inventory, what: 'all' | 'news'): void {
  const { lines, notLooked, at } = inventory;
  const paint = painter(terminal);
  const shown = lines.filter(({ findings }) => findings.length > 0);
  for (const line of shown) showLine(terminal, line, inventory);
  const counts = Object.entries(countsOf(lines)).map(([kind, count]) => `${count} ${kind}`);
  terminal.out(
    `${plural(lines.length, 'key')} can reach the Gemini API${counts.length === 0 ? nothingText(inventory, what) : `${what === 'news' ? ', new are' : ''}: ${counts.join(', ')}`} (${isoOf(at).slice(0, 10)})\n`,
  );
  for (const why of notLooked) terminal.out(saidBehind(terminal, paint('yellow', 'not looked at'), why));
}

/** What the looking cost, for whoever pays for it or shares a quota with it. */
export function costText({ calls }: Inventory): string {
  const { keyLists, keyStrings, useCounts, accounts, secrets, versions } = calls;
  return [
    `the keys of ${plural(keyLists, 'project')} and ${plural(keyStrings, 'key string')} from their issuer`,
    `${plural(useCounts, 'count')} of use`,
    plural(accounts, 'account'),
    `${plural(secrets, 'secret')} with ${plural(versions, 'version')} read`,
  ].join(', ');
}

function showLine(terminal: Terminal, { key, findings }: InventoryLine, { at }: Inventory): void {
  const paint = painter(terminal);
  const line = (title: string, text: Parameters<typeof laidOut>[1]) =>
    terminal.out(`  ${title.padEnd(TITLE - 2)}${laidOut(terminal, text, TITLE)}\n`);
  terminal.out(saidBehind(terminal, paint('bold', titleOf(key)), `${kindText(key)}; ${key.name}`));
  line('age', `${plural(ageDaysOf(key, at), 'day')}, ${lastUseText(key)}`);
  line('held by', heldText(key));
  for (const { kind, severity, says, cure } of findings)
    line(paint(COLOUR[severity], severity.padEnd(TITLE - 2)), [`${kind}: ${says}.`, ...partsOf(passageOf(cure))]);
  terminal.out('\n');
}

const CSV_TITLES = [
  'key',
  'name',
  'project',
  'type',
  'reach',
  'account',
  'account_state',
  'created_at',
  'age_days',
  'last_use',
  'last_used_at',
  'held',
  'holders',
  'findings',
  'severity',
];

/** A row for each key, for spreadsheets. */
export function inventoryCsv({ lines, at }: Inventory): string {
  return csv([CSV_TITLES, ...lines.map((line) => csvRow(line, at))]);
}

function csvRow({ key, findings }: InventoryLine, at: Inventory['at']): readonly string[] {
  const { name, project, kind, reach, account, createdAt, lastUse, held } = key;
  const holders = held.is === 'held' ? [...new Set(held.places.map(({ secret }) => secret))] : [];
  return [
    titleOf(key),
    name,
    project,
    kind,
    reach,
    account?.email ?? '',
    account?.state ?? '',
    isoOf(createdAt),
    String(ageDaysOf(key, at)),
    lastUse.is,
    lastUse.is === 'used' ? isoOf(lastUse.at) : '',
    held.is,
    holders.join(' '),
    findings.map((one) => one.kind).join(' '),
    findings[0]?.severity ?? '',
  ];
}
