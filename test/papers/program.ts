import type { Command } from 'commander';
import { programOf } from '../../src/cli/main.ts';
import { structuredLog } from '../../src/edge/process/log.ts';
import { wireTo } from '../../src/wire.ts';

/** The real command line, which prints nowhere. What it would do is still in it: take that away before a call is parsed. */
export function silentProgram(): Command {
  const silent = { out: () => true, err: () => true, colour: false, environment: {} };
  const terminal = { ...silent, input: () => Promise.resolve(undefined), interrupted: () => Promise.resolve() };
  return programOf(terminal, wireTo(structuredLog(() => true)), () => undefined);
}
