import { readFile } from 'node:fs/promises';
import { inventory as takeInventory, type Inventory } from '../../app/inventory/inventory.ts';
import { inventoryJson } from '../../app/inventory/inventory-json.ts';
import { earlierFindings, newsIn, type EarlierFindings } from '../../app/inventory/news.ts';
import { keyProjectsFor } from '../../app/keys/key-projects.ts';
import { LISTS_A_MINUTE } from '../../app/listing/pace.ts';
import { inventoryPage } from '../../app/page/inventory-page.ts';
import { parseScope, type Scope } from '../../core/google/scope.ts';
import { needsPerson } from '../../core/inventory/findings.ts';
import { readSettings } from '../../core/settings/read-settings.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import { plural } from '../../core/values/plural.ts';
import type { Wire, Wired } from '../../wire.ts';
import { aside } from '../show/detail.ts';
import { costText, inventoryCsv, showInventory } from '../show/inventory.ts';
import { Stop, systemCodeOf, type Terminal } from '../show/terminal.ts';
import { lookingAround, settingsFor, type Target } from './ask.ts';
import { withListingShown } from './shown-progress.ts';
import { writePage } from './write-page.ts';

export interface InventoryOptions extends Omit<Target, 'secret'> {
  readonly json: boolean;
  readonly csv: boolean;
  readonly html?: string | undefined;
  /** What an earlier run printed as JSON: only what is new is told, and counts for the exit code. */
  readonly since?: string | undefined;
  /** An organisation or a folder: all of its projects that hold keys. */
  readonly organization?: string | undefined;
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
  const earlier = options.since === undefined ? undefined : await earlierIn(options.since);
  const scope = scopeOf(options);
  const own = settingsFor(terminal, options);
  const settings = lookingAround(terminal, own);
  await using wired = wire(settings);
  const vault = withListingShown(terminal, wired.ports.vault);
  const where = await projectsOf(wired, own, options.project, scope);
  const taken = await takeInventory(
    { ...wired.ports, vault, reader: wired.reader },
    {
      projects: where.projects,
      keyProjects: keyProjectsOf(terminal, own),
      scopes: scopesOf(settings),
      concurrency: settings.concurrency,
      serviceAccount: own.secretPolicy.mint.keyServiceAccount,
    },
    (keys, secrets) => aside(terminal, aheadText(keys, secrets)),
  );
  const seen = {
    ...taken,
    notLooked: [...where.notLooked, ...taken.notLooked],
    barred: where.barred || taken.barred,
  };
  const told = earlier === undefined ? seen : { ...seen, lines: newsIn(seen.lines, earlier) };
  if (json)
    terminal.out(`${JSON.stringify(inventoryJson(seen, earlier === undefined ? undefined : told.lines), null, 2)}\n`);
  else if (csv) terminal.out(inventoryCsv(told));
  else if (html !== undefined) writePage(terminal, html, inventoryPage(told));
  else showInventory(terminal, told, earlier === undefined ? 'all' : 'news');
  if (csv || html === '-') for (const why of seen.notLooked) terminal.err(`not looked at  ${why}\n`);
  aside(terminal, `  asked for: ${costText(seen)}; nothing was written\n`);
  if (told.lines.some(({ findings }) => needsPerson(findings))) return 5;
  if (seen.notLooked.length > 0) return seen.barred ? 4 : 3;
  return 0;
}

async function earlierIn(path: string): Promise<EarlierFindings> {
  const text = await readFile(path, 'utf8').catch((trouble: unknown) => {
    throw new Stop(2, `--since ${path} cannot be read (${systemCodeOf(trouble)})`);
  });
  const earlier = earlierFindings(text);
  if (earlier !== undefined) return earlier;
  throw new Stop(2, `--since ${path}: that is not what inventory --json printed`);
}

function scopeOf({ organization, project }: InventoryOptions): Scope | undefined {
  if (organization === undefined) return undefined;
  if (project !== undefined) throw new Stop(2, '--organization or --project: the one names the other');
  const scope = parseScope(/^\d+$/.test(organization) ? `organizations/${organization}` : organization);
  if (scope !== undefined) return scope;
  throw new Stop(2, `--organization: a number, organizations/NUMBER or folders/NUMBER, not ${organization}`);
}

/** Cloud Asset Inventory knows the projects of an organisation as they were some hours ago: it says where to look, and proves nothing absent. */
async function projectsOf(
  { estate }: Wired,
  own: Settings,
  named: readonly string[] | undefined,
  scope: Scope | undefined,
): Promise<Pick<Inventory, 'projects' | 'notLooked' | 'barred'>> {
  const configured = keyProjectsFor(own.secretPolicy);
  const [chargedTo] = own.projects;
  if (scope === undefined || chargedTo === undefined)
    return { projects: named ?? configured, notLooked: [], barred: false };
  const found = await estate.projects({ scope, holding: ['apikeys.googleapis.com/Key'], chargedTo });
  const others = found.projects.map(({ id, number }) => (configured.includes(number) ? number : (id ?? number)));
  return { ...found, projects: [...new Set([...configured, ...others])] };
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
