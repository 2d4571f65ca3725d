import { EXAMPLES } from '../show/examples.ts';
import { hushed, writes } from './kinds.ts';
import type { Stage } from './stage.ts';
import { repeated } from './words.ts';

/** What concerns all keys of projects, whether anybody looks after them or not. */
export function addTakingStock({ command, terminal, wire, ended }: Stage): void {
  hushed(
    command(
      'inventory',
      'show every key that reaches the Gemini API, who holds it, and what to mend',
      EXAMPLES.inventory,
    ),
  )
    .option(
      '--project <id>',
      'project whose keys to show, repeated for more; those of the settings when left out',
      repeated,
    )
    .option(
      '--location <region>',
      'region to look for secrets in, besides those of the settings, repeated for more',
      repeated,
    )
    .option('--organization <number>', 'all projects of an organisation, or of folders/NUMBER, that hold API keys')
    .option('--since <file>', 'only what is new since the run whose --json is in this file')
    .option('--json', 'print one JSON object', false)
    .option('--csv', 'print a table for spreadsheets', false)
    .option('--html <file>', 'write a page that any browser shows, without scripts; - for standard output')
    .action(async (options) => {
      const { inventory } = await import('../commands/inventory.ts');
      ended(await inventory(terminal, await wire(), options));
    });

  writes(
    command('migrate', 'plan the way of all legacy keys to auth keys, and begin its next wave', EXAMPLES.migrate),
    { verbose: 'list every secret of the plan, and tell what the worker would log' },
  )
    .option(
      '--project <id>',
      'project to look in, repeated for more; KEY_WARDEN_PROJECTS or GOOGLE_CLOUD_PROJECT when left out',
      repeated,
    )
    .option('--location <region>', 'region to look in, for regional secrets, repeated for more', repeated)
    .option('--begin', 'begin the next wave, once the one before is through; without it nothing is written', false)
    .option(
      '--wait',
      'with --begin: stay until each rotation of the wave is at its end, which takes as long as its drain',
      false,
    )
    .option('--service-account <email>', 'account that the new keys are bound to; that of the settings when left out')
    .option('--drop-targets', 'also replace keys that other APIs accept by keys for Gemini alone', false)
    .option('--json', 'print one JSON object', false)
    .action(async (options) => {
      const { migrate } = await import('../commands/migrate.ts');
      ended(await migrate(terminal, await wire(), options));
    });
}
