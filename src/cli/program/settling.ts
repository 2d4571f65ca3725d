import { EXAMPLES } from '../show/examples.ts';
import { HUSHED } from './kinds.ts';
import { exampleText, type Stage } from './stage.ts';
import { repeated } from './words.ts';

/** The settings of this command line, and of the deployment. */
export function addSettling({ program, terminal, wire, ended }: Stage): void {
  const config = program.command('config').description('the settings of this command line, and of the deployment');
  config
    .command('pull')
    .description('read the settings of a deployment from its functions into one file')
    .addHelpText('before', exampleText(EXAMPLES.configPull))
    .showHelpAfterError('(see key-warden config pull --help)')
    .option('--project <id>', 'the worker’s own project', repeated)
    .option('--region <region>', 'where its functions are')
    .option('--deployment <name>', 'the module’s `name`; key-warden when left out')
    .option('--dry-run', 'print the file and write nothing', false)
    .option('--json', 'print one JSON object', false)
    .option('-q, --quiet', HUSHED, false)
    .action(async (options) => {
      const { configPull } = await import('../commands/config.ts');
      ended(await configPull(terminal, await wire(), options));
    });
  config
    .command('show')
    .description('say each setting and where it comes from; no call is made')
    .addHelpText('before', exampleText(EXAMPLES.configShow))
    .showHelpAfterError('(see key-warden config show --help)')
    .option('--json', 'print one JSON object', false)
    .action(async (options) => {
      const { configShow } = await import('../commands/config.ts');
      ended(configShow(terminal, options));
    });
}
