import type { Actor } from '../../core/record/actor.ts';
import { parseSecretName, secretNameOf } from '../../core/google/resource-names.ts';
import { readSettings } from '../../core/settings/read-settings.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { aside } from '../show/detail.ts';
import { Stop, type Terminal } from '../show/terminal.ts';

/** The options that say what a command is about, the same for every command. */
export interface Target {
  readonly project?: readonly string[] | undefined;
  readonly location?: readonly string[] | undefined;
  readonly secret?: readonly string[] | undefined;
}

/** Who sits at the command line, as far as the shell says so: recorded as claimed, and trusted with nothing. */
export function claimedBy({ environment }: Terminal): Actor {
  const { USER, LOGNAME, USERNAME } = environment;
  return { who: USER ?? LOGNAME ?? USERNAME ?? 'somebody at a command line', is: 'claimed' };
}

/** Settings from the environment with the command line laid over them. Ends with code 4 and every problem at once. */
export function settingsFor(terminal: Terminal, target: Target, needs = { project: true, callers: false }): Settings {
  const named =
    target.project ?? target.secret?.flatMap((secret) => /^projects\/([^/]+)\//.exec(secret)?.[1] ?? []) ?? [];
  const reading = readSettings(
    {
      ...terminal.environment,
      ...(named.length > 0 ? { KEY_WARDEN_PROJECTS: [...new Set(named)].join(',') } : {}),
      ...(target.location === undefined ? {} : { KEY_WARDEN_LOCATIONS: target.location.join(',') }),
    },
    needs,
  );
  if ('settings' in reading) {
    sayOutside(terminal, named);
    return reading.settings;
  }
  throw new Stop(
    4,
    ['the settings cannot be used:', ...reading.problems.map((problem) => `  - ${problem}`)].join('\n'),
  );
}

/**
 * The same settings, looking wherever the environment says besides where the command line does: what else serves a key is to
 * be found, however few projects a command names.
 */
export function lookingAround({ environment }: Terminal, settings: Settings): Settings {
  const reading = readSettings(environment, { project: false, callers: false });
  if (!('settings' in reading)) return settings;
  const { projects, consumerProjects, consumerScope, locations } = reading.settings;
  return {
    ...settings,
    projects: [...new Set([...settings.projects, ...projects])],
    consumerProjects: [...new Set([...settings.projects, ...consumerProjects])],
    consumerScope: settings.consumerScope ?? consumerScope,
    locations: [...new Set([...settings.locations, ...locations])],
  };
}

/**
 * A person may look wherever their own grants reach, and is told where the worker does not. A number may be one of the
 * projects that the settings name by id, so nothing is said of it.
 */
function sayOutside(terminal: Terminal, named: readonly string[]): void {
  const { KEY_WARDEN_PROJECTS: configured } = terminal.environment;
  if (configured === undefined) return;
  const known = configured.split(',').map((project) => project.trim());
  const outside = named.filter((project) => !known.includes(project) && !/^\d+$/.test(project));
  if (outside.length > 0)
    aside(
      terminal,
      `note: ${[...new Set(outside)].join(', ')}: none of KEY_WARDEN_PROJECTS, so the worker does nothing there\n`,
    );
}

/** Full names of the secrets that `--secret` names; `undefined` when it names none. A bare id needs one project. */
export function secretsOf({ projects, locations }: Settings, { secret }: Target): readonly string[] | undefined {
  const [project = '', ...others] = projects;
  const [location = 'global'] = locations;
  return secret?.map((given) => {
    if (parseSecretName(given) !== undefined) return given;
    const name = secretNameOf({ project, location, secret: given });
    if (parseSecretName(name) === undefined) {
      throw new Stop(
        2,
        `${JSON.stringify(given)} is not a secret: give its id, or projects/PROJECT/secrets/ID as Secret Manager writes it`,
      );
    }
    if (others.length === 0) return name;
    throw new Stop(2, `${given} could be in any of ${projects.join(', ')}`, 'name the project with --project');
  });
}

/** What a command says that is about one secret and was given none, or several. */
export const NAME_ONE_SECRET = 'name one secret: --secret SECRET_ID --project PROJECT_ID';

/** The settings and the one secret that a command is about. */
export function oneSecret(
  terminal: Terminal,
  options: Target,
): { readonly settings: Settings; readonly secret: string } {
  const settings = settingsFor(terminal, options);
  const [secret, ...others] = secretsOf(settings, options) ?? [];
  if (secret === undefined || others.length > 0) throw new Stop(2, NAME_ONE_SECRET);
  return { settings, secret };
}
