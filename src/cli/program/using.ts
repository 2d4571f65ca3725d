import { Argument } from 'commander';
import { EXAMPLES } from '../show/examples.ts';
import { consumer, named } from './kinds.ts';
import type { Stage } from './stage.ts';
import { seconds, variable, signal } from './words.ts';

/** What gives a key to who asked for it by name. */
export function addUsing({ command, terminal, wire, ended }: Stage): void {
  named(
    consumer(command('get', 'print the key of a secret, for a helper that asks a command for one', EXAMPLES.get)),
    '[secret]',
  )
    .option('--show', 'print it on a screen too', false)
    .action(async (options) => {
      const { get } = await import('../commands/get.ts');
      ended(await get(terminal, await wire(), options));
    });

  consumer(command('exec', 'run a command with the key of a secret, and keep the key current', EXAMPLES.exec))
    .usage('[options] -- COMMAND [words...]')
    .addArgument(new Argument('<command...>', 'the command and its words, behind --'))
    .option('--env <name>', 'variable that the command finds the key in', variable, 'GEMINI_API_KEY')
    .option('--file <path>', 'put the key into this file; the variable, with _FILE behind its name, says where it is')
    .option('--signal <name>', 'sent when the file has another key, such as SIGHUP', signal)
    .option('--every <seconds>', 'about how often to look for another key', seconds, 300)
    .option('--grace <seconds>', 'how long a command has for its end before it is started anew', seconds, 30)
    .action(async (words, options) => {
      const { exec } = await import('../commands/exec.ts');
      ended(await exec(terminal, await wire(), words, options));
    });
}
