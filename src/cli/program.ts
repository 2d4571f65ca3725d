import { Argument, Command, Help, type Option } from 'commander';
import { EXAMPLES } from './show/examples.ts';
import type { Terminal } from './show/terminal.ts';
import { versionOf } from './version.ts';
import { addAlerting } from './program/alerting.ts';
import { addCaring } from './program/caring.ts';
import { addExplaining } from './program/explaining.ts';
import { addLooking } from './program/looking.ts';
import { addPlaying } from './program/playing.ts';
import { addRotating } from './program/rotating.ts';
import { addSettling } from './program/settling.ts';
import { addTakingStock } from './program/taking-stock.ts';
import { addUsing } from './program/using.ts';
import { exampleText, type Code, type LazyWire, type Stage } from './program/stage.ts';

/** The commands and options, so that the papers can be tested against them; `ended` gets the exit code of what ran. */
export function programOf(terminal: Terminal, wire: LazyWire, ended: (code: Code) => void, isJson: boolean): Command {
  const program = new Command('key-warden')
    .description(
      'Keeps the Gemini API keys in Google Secret Manager alive: checks them, says why one fails, and replaces them.',
    )
    .version(versionOf())
    .configureHelp({ optionDescription: withoutFalse })
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: isJson ? () => undefined : terminal.err })
    .showHelpAfterError('(see key-warden --help)')
    .addHelpText('after', EPILOGUE);
  const command = (name: string, says: string, examples: readonly string[]) =>
    program
      .command(name)
      .description(says)
      .addHelpText('before', exampleText(examples))
      .showHelpAfterError(`(see key-warden ${name} --help)`);
  const stage: Stage = { program, terminal, wire, ended, command };
  for (const [title, add] of ROOMS) {
    program.commandsGroup(title);
    add(stage);
  }

  program.commandsGroup('More:').helpCommand(true);
  command('completion', 'print what makes a shell complete commands and options', EXAMPLES.completion)
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (shell) => {
      const { completion } = await import('./commands/completion.ts');
      ended(completion(terminal, program, shell));
    });

  program.command('version', { hidden: true }).action(() => terminal.out(`${versionOf()}\n`));
  return program;
}

/** The rooms in the order of the help, each under its title. */
const ROOMS = [
  ['Look:', addLooking],
  ['Take stock:', addTakingStock],
  ['Explain:', addExplaining],
  ['Use a key:', addUsing],
  ['Rotate:', addRotating],
  ['Keep in order:', addCaring],
  ['Alert:', addAlerting],
  ['Set up:', addSettling],
  ['Try without an account:', addPlaying],
] as const satisfies readonly (readonly [string, (stage: Stage) => void])[];

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** That a switch is off unless it is given goes without saying. */
function withoutFalse(option: Option): string {
  return option.defaultValue === false ? option.description : new Help().optionDescription(option);
}

const EPILOGUE = `
Exit codes: 0 fine · 1 a key is dead or blocked, or not found
            2 usage · 3 could not tell · 4 permission or configuration
            5 a rotation or leak needs a person
Data goes to standard output, everything else to standard error.
NO_COLOR is respected.`;
