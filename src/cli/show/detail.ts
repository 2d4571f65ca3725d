import type { Terminal } from './terminal.ts';

/**
 * How much a person wants to read. `quiet`: what was asked for, warnings and what went wrong; `usual`: what is done on the way,
 * too; `verbose`: also what else there is to tell, such as what the worker would log.
 */
export type Detail = 'quiet' | 'usual' | 'verbose';

/** As the words of a command line say; told before they are parsed, for the log is there before. */
export function detailOf(words: readonly string[]): Detail {
  if (words.includes('--quiet') || words.includes('-q')) return 'quiet';
  return words.includes('--verbose') || words.includes('-v') ? 'verbose' : 'usual';
}

/** Says on standard error what can be left out: who acts, what is done on the way. Warnings and errors go there by themselves. */
export function aside({ detail, err }: Pick<Terminal, 'detail' | 'err'>, text: string): void {
  if (detail !== 'quiet') err(text);
}
