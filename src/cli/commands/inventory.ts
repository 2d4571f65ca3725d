import { inventory as takeInventory } from '../../app/inventory/inventory.ts';
import { inventoryJson } from '../../app/inventory/inventory-json.ts';
import { keyProjectsFor } from '../../app/keys/key-projects.ts';
import { LISTS_A_MINUTE } from '../../app/listing/pace.ts';
import { inventoryPage } from '../../app/page/inventory-page.ts';
import { needsPerson } from '../../core/inventory/findings.ts';
import { readSettings } from '../../core/settings/read-settings.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import { plural } from '../../core/values/plural.ts';
import type { Wire } from '../../wire.ts';
import { aside } from '../show/detail.ts';
import { costText, inventoryCsv, showInventory } from '../show/inventory.ts';
import { Stop, type Terminal } from '../show/terminal.ts';
import { lookingAround, settingsFor, type Target } from './ask.ts';
import { withListingShown } from './shown-progress.ts';
import { writePage } from './write-page.ts';

export interface InventoryOptions extends Omit<Target, 'secret'> {
  readonly json: boolean;
  readonly csv: boolean;
  readonly html?: string | undefined;
}

/**
 * Every key that can reach the Gemini API, who holds it, and what is to be mended. Nothing is written. 5 where a finding needs a
 * person, 4 or 3 where something was not looked at, 0 where all is well.
 */
export async function inventory(terminal: Terminal, wire: Wire, options: InventoryOptions): Promise<0 | 3 | 4 | 5> {
  const { json, csv, html } = options;
  if ([json, csv, html !== undefined].filter(Boolean).length > 1)
    throw new Stop(2, '--json, --csv or --html: one of them');
  if (html?.trim() === '') throw new Stop(2, '--html needs a file, or - for standard output');
  const own = settingsFor(terminal, options);
  const settings = lookingAround(terminal, own);
  await using wired = wire(settings);
  const vault = withListingShown(terminal, wired.ports.vault);
  const seen = await takeInventory(
    { ...wired.ports, vault, reader: wired.reader },
    {
      projects: options.project ?? keyProjectsFor(own.secretPolicy),
      keyProjects: keyProjectsOf(terminal, own),
      scopes: scopesOf(settings),
      concurrency: settings.concurrency,
      serviceAccount: own.secretPolicy.mint.keyServiceAccount,
    },
    (keys, secrets) => aside(terminal, aheadText(keys, secrets)),
  );
  if (json) terminal.out(`${JSON.stringify(inventoryJson(seen), null, 2)}\n`);
  else if (csv) terminal.out(inventoryCsv(seen));
  else if (html !== undefined) writePage(terminal, html, inventoryPage(seen));
  else showInventory(terminal, seen);
  if (csv || html === '-') for (const why of seen.notLooked) terminal.err(`not looked at  ${why}\n`);
  aside(terminal, `  asked for: ${costText(seen)}; nothing was written\n`);
  if (seen.lines.some(({ findings }) => needsPerson(findings))) return 5;
  if (seen.notLooked.length > 0) return seen.barred ? 4 : 3;
  return 0;
}

/**
 * The projects whose key strings may be read: those that the environment names. Where it names none, there is no deployment to
 * keep within, and those of the command line are all that there is.
 */
export function keyProjectsOf({ environment }: Terminal, own: Settings): readonly string[] {
  const reading = readSettings(environment, { project: false, callers: false });
  const named = 'settings' in reading ? keyProjectsFor(reading.settings.secretPolicy) : [];
  return named.length > 0 ? named : keyProjectsFor(own.secretPolicy);
}

function aheadText(keys: number, secrets: number): string {
  const minutes = Math.ceil(secrets / LISTS_A_MINUTE);
  return `  ${plural(keys, 'key')} and ${plural(secrets, 'secret')}: a count of use for each key, a list of versions for each secret and an access for each version that is enabled; about ${plural(minutes, 'minute')}\n`;
}
