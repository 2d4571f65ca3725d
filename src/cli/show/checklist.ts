import type { Check } from '../../app/doctor/checklist.ts';
import { columns } from './columns.ts';
import { painter, type Terminal } from './terminal.ts';

const MARKS = {
  yes: ['✓', 'green'],
  no: ['✗', 'red'],
  not_looked: ['–', 'yellow'],
} as const satisfies Record<Check['state'], readonly [string, string]>;

/** What is so, what is not, and what nobody looked at. */
export function showChecks(terminal: Terminal, checks: readonly Check[]): void {
  const paint = painter(terminal);
  const rows = checks.map(({ state, title, says }) => {
    const [mark, colour] = MARKS[state];
    return [paint(colour, mark), title, state === 'not_looked' ? `not looked: ${says}` : says];
  });
  terminal.out(`${columns(terminal, rows)}\n`);
}
