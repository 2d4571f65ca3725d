import type { Command } from 'commander';
import type { Wire } from '../../wire.ts';
import type { Terminal } from '../show/terminal.ts';

/** Made when a command needs the cloud: the help, `explain` and the version load none of Google's libraries. */
export type LazyWire = () => Promise<Wire>;

/** 0 to 5; of a command that runs another one, whatever that ended with. */
export type Code = number;

/** What every room of commands is given, to add its own to the program. */
export interface Stage {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly wire: LazyWire;
  /** Gets the exit code of the command that ran. */
  readonly ended: (code: Code) => void;
  /** A command with its sentence and with examples above its help. */
  readonly command: (name: string, says: string, examples: readonly string[]) => Command;
}

/** The lines that stand above a command's help. */
export function exampleText(examples: readonly string[]): string {
  return `Examples:\n${examples.map((example) => `  ${example}\n`).join('')}`;
}
