import { EXAMPLES } from '../show/examples.ts';
import { hushed } from './kinds.ts';
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
    .option('--json', 'print one JSON object', false)
    .option('--csv', 'print a table for spreadsheets', false)
    .option('--html <file>', 'write a page that any browser shows, without scripts; - for standard output')
    .action(async (options) => {
      const { inventory } = await import('../commands/inventory.ts');
      ended(await inventory(terminal, await wire(), options));
    });
}
