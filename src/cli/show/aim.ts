import { readConfigFile, type ConfigFile } from '../../core/settings/config-file.ts';
import { layered, type Layered } from '../../core/settings/layered.ts';
import { aside } from './detail.ts';
import { Stop, type Terminal } from './terminal.ts';

/** What this machine has besides variables: the file that `config pull` wrote, and the project that gcloud is set to. */
export interface OnDisk {
  readonly path: string;
  /** Absent where there is no file. */
  readonly text?: string | undefined;
  readonly gcloudProject?: string | undefined;
}

/** Where the settings of a command come from, for `config show`. */
export interface Aim extends Layered {
  readonly path: string;
  readonly config?: ConfigFile | undefined;
}

/** The settings of all sources; a file that cannot be used ends the command, for who set one up means it. */
export function aimOf({ environment }: Pick<Terminal, 'environment'>, disk: OnDisk): Aim {
  const { path, text, gcloudProject } = disk;
  if (text === undefined || text.trim() === '') return { path, ...layered(environment, {}, gcloudProject) };
  const reading = readConfigFile(text);
  if ('problem' in reading)
    throw new Stop(
      4,
      `the configuration ${path} cannot be used: ${reading.problem}`,
      'write it again with `key-warden config pull`, or leave it out: KEY_WARDEN_CONFIG=/dev/null',
    );
  const { config } = reading;
  return { path, config, ...layered(environment, config.settings, gcloudProject) };
}

/** A terminal whose settings are those of all sources. Where two of them differ, or a project is gcloud’s, that is said. */
export function aimed(terminal: Terminal): Terminal {
  const disk = terminal.onDisk?.();
  if (disk === undefined) return terminal;
  const aim = aimOf(terminal, disk);
  if (aim.overruled.length > 0)
    aside(terminal, `note: ${aim.overruled.join(', ')}: the variable goes before ${aim.path}, which says otherwise\n`);
  if (aim.origins['KEY_WARDEN_PROJECTS'] === 'gcloud')
    aside(terminal, `note: the project is gcloud’s: ${aim.environment['KEY_WARDEN_PROJECTS']}\n`);
  return { ...terminal, environment: aim.environment };
}
