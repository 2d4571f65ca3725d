import { readFile } from 'node:fs/promises';
import { gather, gatherListed, type Gathered } from '../../app/listing/gather.ts';
import type { SecretName, Vault } from '../../app/ports/ports.ts';
import { parseSecretName, secretNameOf } from '../../core/google/resource-names.ts';
import { scopesOf, type Settings } from '../../core/settings/settings.ts';
import { Stop, systemCodeOf, type Terminal } from '../show/terminal.ts';
import { secretsOf, type Target } from './ask.ts';

/** The ways to say which secrets a command is to change; exactly one of them is taken. */
export interface Choice extends Target {
  /** As Secret Manager filters a list, such as `labels.team=search`. */
  readonly filter?: string | undefined;
  /** A file with a name a line; `-` is standard input. */
  readonly fromFile?: string | undefined;
  /** All that are under care. */
  readonly all?: boolean | undefined;
}

/** Which secrets that comes to. */
export interface Chosen {
  readonly secrets: readonly SecretName[];
  /** Nobody named them. */
  readonly found: boolean;
  /** What could not be listed. */
  readonly problems: readonly string[];
  readonly barred: boolean;
}

/** The secrets to change. Stops where none is chosen, with `hint`, or in two ways at once, so that nothing is changed by mistake. */
export async function chosenSecrets(
  terminal: Terminal,
  vault: Vault,
  settings: Settings,
  { hint, ...choice }: Choice & { readonly hint: string },
): Promise<Chosen> {
  const { secret, filter, fromFile, all = false } = choice;
  const ways = [secret, filter, fromFile].filter((way) => way !== undefined).length + (all ? 1 : 0);
  if (ways === 0) throw new Stop(2, `which secret? ${hint}`);
  if (ways > 1) throw new Stop(2, 'name the secrets in one way: --secret, --filter, --from-file or --all');
  const scopes = scopesOf(settings);
  if (filter !== undefined) return chosenOf(await gatherListed(vault, scopes, filter));
  if (all) return chosenOf(await gather(vault, { scopes, concurrency: settings.concurrency }));
  const names = fromFile === undefined ? secret : await namesIn(terminal, fromFile);
  return { secrets: [...new Set(secretsOf(settings, { secret: names }))], found: false, problems: [], barred: false };
}

/** By the project's id, as it was asked for: Secret Manager answers its number. */
function chosenOf({ found, problems, barred }: Gathered): Chosen {
  const secrets = found.map(({ sighting: { name }, project }) => {
    const id = parseSecretName(name);
    return id === undefined ? name : secretNameOf({ ...id, project });
  });
  return { secrets, found: true, problems, barred };
}

/** Without empty lines and what stands behind a `#`. */
async function namesIn(terminal: Terminal, path: string): Promise<readonly string[]> {
  const text = path === '-' ? await terminal.input() : await fileText(path);
  const names = (text ?? '')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  if (names.length === 0) throw new Stop(2, `--from-file ${path}: no name stands there; it takes one a line`);
  return names;
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (trouble) {
    throw new Stop(2, `--from-file ${path} cannot be read (${systemCodeOf(trouble)})`);
  }
}
