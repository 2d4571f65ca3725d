import { text } from 'node:stream/consumers';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { structuredLog } from './edge/log.ts';
import { main } from './cli/main.ts';
import { plainLog } from './cli/plain-log.ts';
import type { Terminal } from './cli/terminal.ts';
import { wireTo } from './wire.ts';

/** The command line on the real process: streams, signals and the exit code; everything else is in `cli/`. */
const terminal: Terminal = {
  environment: process.env,
  out: (printed) => process.stdout.write(printed),
  err: (printed) => process.stderr.write(printed),
  input: () => (process.stdin.isTTY ? Promise.resolve(undefined) : text(process.stdin)),
  colour: process.stdout.isTTY && process.stdout.hasColors(),
  width: process.stdout.isTTY ? process.stdout.columns || undefined : undefined,
  ...(process.stdout.isTTY ? { pause: (milliseconds: number) => setTimeout(milliseconds) } : {}),
  interrupted: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    }),
};

// A reader that has seen enough (`| head -1`) closes the pipe: nothing is wrong and nobody is left to tell.
process.stdout.on('error', (trouble: NodeJS.ErrnoException) => {
  if (trouble.code === 'EPIPE') process.exit(0);
  throw trouble;
});

// whoever reads it: a person at the terminal, or a program behind it
const log = process.stderr.isTTY ? plainLog(terminal) : structuredLog(terminal.err);
process.exitCode = await main(process.argv.slice(2), terminal, wireTo(log));
