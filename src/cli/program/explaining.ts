import { Argument, Option } from 'commander';
import { WAYS_OF_SENDING } from '../../core/classify/answer.ts';
import { KEY_KINDS } from '../../core/key/key-text.ts';
import { EXAMPLES } from '../show/examples.ts';
import type { Stage } from './stage.ts';
import { statusCode } from './words.ts';

/** What needs no cloud: an answer of Google explained, and the runbook. */
export function addExplaining({ command, terminal, ended }: Stage): void {
  command('explain', 'say what an answer from the Gemini API means and what to do', EXAMPLES.explain)
    .addArgument(new Argument('[text...]', 'the error text or body; read from standard input when left out'))
    .option('--status <code>', 'HTTP status of the answer; looked for in the text when left out', statusCode)
    .addOption(new Option('--key-kind <kind>', 'type of the key').choices(KEY_KINDS).default('unknown'))
    .addOption(new Option('--sent-as <way>', 'how the key was sent').choices(WAYS_OF_SENDING).default('unknown'))
    .option('--secret <name>', 'secret it is about, to be put into the commands')
    .option('--project <id>', 'its project, to be put into the commands')
    .option('--json', 'print one JSON object', false)
    .action(async (words, options) => {
      const { explain } = await import('../commands/explain.ts');
      ended(await explain(terminal, words, options));
    });

  command('runbook', 'print a section of the runbook of this release; needs no network', EXAMPLES.runbook)
    .addArgument(
      new Argument('[section...]', 'a cause, the title of an alarm, or its address; where to start when left out'),
    )
    .option('--json', 'print one JSON object', false)
    .action(async (words, options) => {
      const { runbook } = await import('../commands/runbook.ts');
      ended(runbook(terminal, words, options));
    });
}
