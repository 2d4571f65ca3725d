import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { OnDisk } from './show/aim.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the configuration and gcloud's, both small; a file that is not there, or not to be read, is none. */
export function onDisk(variables: Variables, home = homedir()): OnDisk {
  const path = configPath(variables, home);
  return { path, text: textOf(path), gcloudProject: gcloudProject(variables, home) };
}

/** Where the configuration is. */
function configPath({ KEY_WARDEN_CONFIG, XDG_CONFIG_HOME }: Variables, home: string): string {
  return KEY_WARDEN_CONFIG ?? join(XDG_CONFIG_HOME ?? join(home, '.config'), 'key-warden', 'config.json');
}

/** The project of gcloud's active configuration, as gcloud itself finds it. */
function gcloudProject(variables: Variables, home: string): string | undefined {
  const { CLOUDSDK_CORE_PROJECT, CLOUDSDK_CONFIG, CLOUDSDK_ACTIVE_CONFIG_NAME } = variables;
  if (CLOUDSDK_CORE_PROJECT !== undefined && CLOUDSDK_CORE_PROJECT !== '') return CLOUDSDK_CORE_PROJECT;
  const folder = CLOUDSDK_CONFIG ?? join(home, '.config', 'gcloud');
  const active = CLOUDSDK_ACTIVE_CONFIG_NAME ?? textOf(join(folder, 'active_config'))?.trim() ?? 'default';
  if (!/^[\w-]+$/.test(active)) return undefined;
  const core = /^\[core\]\s*\n((?:(?!\[).*\n?)*)/m.exec(
    textOf(join(folder, 'configurations', `config_${active}`)) ?? '',
  )?.[1];
  return /^project\s*=\s*(\S+)\s*$/m.exec(core ?? '')?.[1];
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
