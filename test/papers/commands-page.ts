import type { Command } from 'commander';
import { EXAMPLES } from '../../src/cli/show/examples.ts';
import { table } from './generated.ts';
import { silentProgram } from './program.ts';

/** Columns of the printed help, wherever it is printed. */
const WIDTH = 110;

/** A command that does something, by its whole name such as `alert test`. */
interface Named {
  readonly name: string;
  readonly command: Command;
}

/** The commands that a person may type, in the order of the help. */
function namedCommands(program = silentProgram()): readonly Named[] {
  const visible = program.createHelp().visibleCommands(program);
  return visible
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const under = command.commands.map((one) => ({ name: `${command.name()} ${one.name()}`, command: one }));
      return under.length > 0 ? under : [{ name: command.name(), command }];
    });
}

/** The table of the README: each command and what it does. */
export function commandsTable(): string {
  const rows = namedCommands().map(({ name, command }) => [
    `[\`${name}\`](docs/reference/commands.md#${name.replace(' ', '-')})`,
    command.description(),
  ]);
  return table(['command', 'what it does'], rows);
}

/** Blocks of docs/reference/commands.md: one per command, with its examples and its help. */
export const COMMAND_BLOCKS: Readonly<Record<string, () => string>> = Object.fromEntries(
  namedCommands().map(({ name, command }) => [name, () => reference(name, command)]),
);

function reference(name: string, command: Command): string {
  const examples: Readonly<Record<string, readonly string[]>> = EXAMPLES;
  command.configureHelp({ ...command.configureHelp(), helpWidth: WIDTH });
  return [
    '```sh',
    ...(examples[name.split(' ')[0] ?? ''] ?? []),
    '```',
    '',
    '```text',
    command.helpInformation().trimEnd(),
    '```',
  ].join('\n');
}
