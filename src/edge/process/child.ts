import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

/** A command that runs under ours, with our own input and output. */
export interface Child {
  /** The code that a shell would give: its own, 128 and more for a signal, 127 where there is no such command, 126 where it cannot be run. */
  readonly ended: Promise<number>;
  /** Does nothing once it ended. */
  signal(name: NodeJS.Signals): void;
}

/**
 * Starts one. `added` is laid over our own environment: that is where a key goes, and never among the words, which others can see.
 * Calls back with the reason where it cannot be started: nobody else would say why the end is 126 or 127.
 */
export function startChild(
  command: string,
  words: readonly string[],
  added: Readonly<Record<string, string>>,
  unstarted: (why: string) => void,
): Child {
  const child = spawn(command, words, { stdio: 'inherit', env: { ...process.env, ...added } });
  return {
    ended: new Promise((resolve) => {
      child.once('error', ({ code }: NodeJS.ErrnoException) => {
        const isMissing = code === 'ENOENT';
        unstarted(isMissing ? 'there is no such command' : `it cannot be run (${code})`);
        resolve(isMissing ? 127 : 126);
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    }),
    signal: (name) => void child.kill(name),
  };
}
