import type { Rehearsal } from '../app/rehearsal/rehearse.ts';
import { isoOf } from '../core/time.ts';
import { painter, type Terminal } from './terminal.ts';

/** One line per call, by step, and what it comes to. */
export function showRehearsal(terminal: Terminal, { secret, outcome, why, steps, missing, problems }: Rehearsal): void {
  const paint = painter(terminal);
  for (const { phase, step, at, calls } of steps) {
    terminal.out(`${paint('dim', isoOf(at))}  ${paint('bold', phase)}  ${step}\n`);
    for (const { kind, call, on } of calls)
      terminal.out(`    ${kind === 'write' ? paint('yellow', 'WRITE') : 'read '}  ${call}  ${on}\n`);
  }
  const calls = steps.flatMap((step) => step.calls);
  const writes = calls.filter(({ kind }) => kind === 'write').length;
  const style = outcome === 'completed' ? 'green' : 'red';
  terminal.out(`${paint(style, outcome)}  ${secret}: ${why}\n`);
  for (const { permission, role } of missing)
    terminal.out(`${paint('red', 'missing')}  ${permission}: grant ${role} on the secret\n`);
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
  terminal.out(`nothing was written: ${calls.length - writes} reads, ${writes} writes would be made\n`);
}
