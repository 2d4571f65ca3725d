import type { Command } from 'commander';
import { redact } from '../../core/key/redact.ts';
import { Stop } from '../show/terminal.ts';
import { repeated } from './words.ts';

/** How a secret is named by an option. */
export const NAMED = 'secret, as id or as projects/PROJECT/secrets/ID; repeated for more';

const ALL_MANAGED = `${NAMED}, all managed ones when left out`;

/** What quiet means wherever nothing more is said of it. */
export const HUSHED = 'on standard error only warnings and what went wrong';

const LOCAL = 'by hand, with your own grants, although a deployment is known (KEY_WARDEN_FUNCTIONS)';

export function targeted(command: Command, secrets = ALL_MANAGED): Command {
  return named(command, '[secret...]')
    .option('--secret <name>', secrets, repeated)
    .option(
      '--project <id>',
      'project to look in, repeated for more; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out',
      repeated,
    )
    .option('--location <region>', 'region to look in, for regional secrets, repeated for more', repeated)
    .option('--json', 'print one JSON object', false);
}

/** Secrets may stand without `--secret`: `key-warden check app-key`. A key in their place would end in an address (I9). */
export function named(command: Command, names: string): Command {
  return command
    .usage(`${names} [options]`)
    .allowExcessArguments()
    .hook('preAction', (self) => {
      const { secret = [] }: { secret?: readonly string[] } = self.opts();
      const given = [...secret, ...self.args];
      if (given.some((name) => redact(name) !== name))
        throw new Stop(2, 'a key was given where the name of a secret belongs, and it went nowhere; find takes keys');
      if (given.length > 0) self.setOptionValue('secret', given);
    });
}

/** What reads one secret as its consumer does. */
export function consumer(command: Command): Command {
  return command
    .option('--secret <name>', 'the secret, as id or as projects/PROJECT/secrets/ID', repeated)
    .option('--project <id>', 'its project; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out', repeated)
    .option('--location <region>', 'its region, for a regional secret', repeated)
    .option('--at <version>', 'an alias, latest, or a number', 'current')
    .option(
      '--field <name>',
      'where the key stands in a document that holds several: a JSON pointer, or a variable; a value that is the key alone is taken as it is',
    );
}

export function rotation(command: Command): Command {
  return named(command, '[secret]')
    .option('--secret <name>', 'the secret, as id or as projects/PROJECT/secrets/ID', repeated)
    .option('--project <id>', 'its project; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out', repeated)
    .option('--location <region>', 'its region, for a regional secret', repeated)
    .option('--json', 'print one JSON object', false);
}

/** What it writes, the deployed worker does where one is known. */
export function writes(command: Command, says: Partial<Record<'quiet' | 'verbose', string>> = {}): Command {
  const { quiet = HUSHED, verbose = 'tell also what the worker would log' } = says;
  return hushed(command, quiet).option('-v, --verbose', verbose, false).option('--local', LOCAL, false);
}

export function hushed(command: Command, says = HUSHED): Command {
  return command.option('-q, --quiet', says, false);
}
