import { countsOf } from '../../app/rehearsal/json.ts';
import { sharedKeyText, type SharedKey } from '../../app/listing/shared-key.ts';
import type { Rehearsal } from '../../app/rehearsal/rehearse.ts';
import type { ToldCall } from '../../app/rehearsal/told.ts';
import { ROTATION } from '../../core/rotation/rotation.ts';
import type { Phase } from '../../core/record/phases.ts';
import { isoOf } from '../../core/values/time.ts';
import { plural } from '../../core/values/plural.ts';
import { painter, type Paint, type Terminal } from './terminal.ts';

/** One line per call, in order, under the phase and the step that make it; then what it all comes to. */
export function showRehearsal(terminal: Terminal, rehearsal: Rehearsal, shared: SharedKey): void {
  const { secret, outcome, why, steps, missing, problems } = rehearsal;
  const paint = painter(terminal);
  const shown = new Set<Phase>();
  let last: Phase | undefined;
  for (const { phase, step, at, calls } of steps) {
    if (phase !== undefined && phase !== last) terminal.out(heading(paint, phase, shown.has(phase)));
    if (phase !== undefined) shown.add(phase);
    last = phase;
    terminal.out(`  ${paint('dim', isoOf(at))}  ${step}\n`);
    for (const call of calls) terminal.out(`    ${wordFor(paint, call)}  ${call.call}  ${call.on}\n`);
  }
  const { reads, readsMade, writes, announcements } = countsOf(steps);
  terminal.out(`\n${paint(outcome === 'completed' ? 'green' : 'red', outcome)}  ${secret}: ${why}\n`);
  for (const line of sharedKeyText(shared)) terminal.out(`${paint('yellow', 'shared')}  ${line}\n`);
  for (const { permission, role } of missing)
    terminal.out(`${paint('red', 'missing')}  ${permission}: grant ${role} on the secret\n`);
  for (const problem of problems) terminal.out(`${paint('yellow', 'problem')}  ${problem}\n`);
  terminal.out(
    `nothing was written: ${readsMade} of ${plural(reads, 'read')} were made; ${plural(writes, 'write')} and ${plural(announcements, 'announcement')} would be\n`,
  );
}

/** A phase with its row of the table, once: what its act does, and why it may be done again after a crash. */
function heading(paint: Paint, phase: Phase, known: boolean): string {
  const { act, effect, because } = ROTATION[phase];
  const name = paint('bold', phase);
  return known ? `${name}\n` : `${name}  ${act} (${effect})\n${paint('dim', `  may be done twice: ${because}`)}\n`;
}

/** `later`: a read of what is not there yet. */
function wordFor(paint: Paint, { kind, made }: ToldCall): string {
  if (kind === 'write') return paint('yellow', 'WRITE');
  if (kind === 'announcement') return paint('cyan', 'TELL ');
  return made ? 'read ' : paint('dim', 'later');
}
