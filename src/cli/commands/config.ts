import { pulledFrom } from '../../app/doctor/deployment/pulled.ts';
import { configText, readConfigFile } from '../../core/settings/config-file.ts';
import { readSettings } from '../../core/settings/read-settings.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import { plural } from '../../core/values/plural.ts';
import { isoOf } from '../../core/values/time.ts';
import type { Wire } from '../../wire.ts';
import { aimOf, type Aim, type OnDisk } from '../show/aim.ts';
import { aside } from '../show/detail.ts';
import { columns } from '../show/columns.ts';
import { painter, Stop, type Terminal } from '../show/terminal.ts';
import { settingsFor, type Target } from './ask.ts';
import { writeWhole } from './write-whole.ts';
import { whichDeployment, type DeploymentOptions } from './which-deployment.ts';

/** Name and version of the JSON that `config show --json` prints. */
const SHOWN_SCHEMA = 'key-warden/settings/v1';
/** And `config pull --json`. */
const PULLED_SCHEMA = 'key-warden/pulled/v1';

export interface PullOptions extends Pick<Target, 'project'>, DeploymentOptions {
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Reads the settings of a deployment from its functions into the one file that command lines read. */
export async function configPull(terminal: Terminal, wire: Wire, options: PullOptions): Promise<0 | 4> {
  const disk = onDiskOf(terminal);
  // A file that is there is what this replaces, so it does not count.
  const { environment } = aimOf(terminal, { ...disk, text: undefined });
  const settings = settingsFor({ ...terminal, environment }, options);
  const deployment = whichDeployment(settings, { ...options, deployment: options.deployment ?? true });
  if (deployment === undefined || settings.pretend)
    throw new Stop(
      4,
      'a configuration is of a real deployment, and a pretend cloud is set',
      'unset KEY_WARDEN_EMULATOR',
    );
  await using wired = wire(settings);
  const pulled = await pulledFrom(wired.reader, deployment);
  const reading = readSettings(pulled.settings, { project: true, callers: false });
  if ('problems' in reading)
    throw new Stop(4, `what the deployment was told cannot be used here: ${reading.problems.join('; ')}`);
  const { name, project, region } = deployment;
  const from = `${name} in ${project}, ${region}`;
  const text = configText({ from, pulledAt: isoOf(wired.ports.clock.now()), settings: pulled.settings });
  const changes = differing(disk, pulled.settings);
  const { dryRun } = options;
  if (!dryRun) written(disk.path, text);
  if (options.json) {
    const { settings: told, unknown } = pulled;
    terminal.out(
      `${JSON.stringify({ schema: PULLED_SCHEMA, dryRun, path: disk.path, from, settings: told, changes, unknown }, null, 2)}\n`,
    );
    return 0;
  }
  terminal.out(dryRun ? text : `${disk.path}: ${plural(Object.keys(pulled.settings).length, 'setting')} of ${from}\n`);
  for (const line of changes) aside(terminal, `  ${line}\n`);
  for (const unknown of pulled.unknown)
    terminal.err(`note: ${unknown} is of another release than this command and is left out\n`);
  return 0;
}

/** What a file that is there said otherwise, or with nothing of it, nothing. */
function differing({ text = '' }: OnDisk, settings: Readonly<Record<string, string>>): readonly string[] {
  const reading = readConfigFile(text);
  if ('problem' in reading) return [];
  const { settings: before } = reading.config;
  return [...new Set([...Object.keys(before), ...Object.keys(settings)])]
    .filter((name) => before[name] !== settings[name])
    .map((name) => `${name}: ${before[name] ?? 'not set'} → ${settings[name] ?? 'not set'}`);
}

function written(path: string, text: string): void {
  const trouble = writeWhole(path, text);
  if (trouble !== undefined)
    throw new Stop(4, `${path} cannot be written (${trouble})`, 'name another one in KEY_WARDEN_CONFIG');
}

/** Says each setting and where it comes from. Ends with 4 where they cannot be used together. */
export function configShow(terminal: Terminal, { json }: { readonly json: boolean }): 0 | 4 {
  const aim = aimOf(terminal, onDiskOf(terminal));
  const rows = rowsOf(aim);
  const reading = readSettings(aim.environment, { project: false, callers: false });
  const problems = 'problems' in reading ? reading.problems : [];
  const against = aim.environment['KEY_WARDEN_EMULATOR'] ?? 'Google';
  if (json) {
    const { path, config, overruled, unused } = aim;
    const file = { path, from: config?.from, pulledAt: config?.pulledAt, unused };
    terminal.out(
      `${JSON.stringify({ schema: SHOWN_SCHEMA, against, file, settings: rows, overruled, problems }, null, 2)}\n`,
    );
  } else showRows(terminal, aim, rows, problems);
  return problems.length === 0 ? 0 : 4;
}

interface Row {
  readonly name: string;
  readonly value: string;
  readonly from: 'variable' | 'file' | 'gcloud' | 'default';
}

function rowsOf({ environment, origins }: Aim): readonly Row[] {
  const names = ['GOOGLE_CLOUD_PROJECT', ...Object.keys(SETTINGS)];
  return names.flatMap((name): readonly Row[] => {
    const value = environment[name];
    if (value !== undefined) return [{ name, value, from: origins[name] ?? 'variable' }];
    const fallback = SETTINGS[name]?.fallback;
    return fallback === undefined ? [] : [{ name, value: fallback, from: 'default' }];
  });
}

function showRows(
  terminal: Terminal,
  { path, config, overruled, unused, environment }: Aim,
  rows: readonly Row[],
  problems: readonly string[],
): void {
  const paint = painter(terminal);
  const { KEY_WARDEN_EMULATOR: pretend } = environment;
  terminal.out(`against  ${pretend === undefined ? 'Google' : `a pretend cloud at ${pretend}`}\n`);
  const told = config === undefined ? 'none; key-warden config pull writes it' : `${config.from}, ${config.pulledAt}`;
  terminal.out(`file     ${path} (${told}${unused === undefined ? '' : `; not used: ${unused}`})\n\n`);
  terminal.out(
    columns(terminal, [
      ['SETTING', 'FROM', 'VALUE'].map((title) => paint('dim', title)),
      ...rows.map(({ name, value, from }) => [
        name,
        from === 'default' ? paint('dim', from) : paint('bold', from),
        value,
      ]),
    ]),
  );
  for (const name of overruled)
    terminal.out(
      `${paint('yellow', 'differs')}  ${name}: the variable goes before the file, which says ${config?.settings[name]}\n`,
    );
  for (const problem of problems) terminal.out(`${paint('red', 'problem')}  ${problem}\n`);
}

function onDiskOf({ onDisk }: Terminal): OnDisk {
  return onDisk?.() ?? { path: '/dev/null' };
}
