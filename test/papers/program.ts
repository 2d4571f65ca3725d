import type { Command } from 'commander';
import { programOf } from '../../src/cli/program.ts';

/** The real command line, which prints nowhere. What it would do is still in it: take that away before a call is parsed. */
export function silentProgram(): Command {
  const silent = { out: () => true, err: () => true, colour: false, environment: {} };
  const terminal = { ...silent, input: () => Promise.resolve(undefined), interrupted: () => Promise.resolve() };
  return programOf(
    terminal,
    () => Promise.reject(new Error('no command is run here')),
    () => undefined,
    false,
  );
}
