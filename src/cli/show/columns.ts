import { folded } from './layout.ts';
import { visible, type Terminal } from './terminal.ts';

/** In a narrower last column words would stand alone. */
const LAST_MIN = 16;

/**
 * Left-aligned columns, two spaces apart, without white space at line ends. In a terminal that is too narrow the last column is
 * broken between words; where not even that has room, each cell of a row gets a line of its own. Nothing is cut off.
 */
export function columns({ width = Infinity }: Pick<Terminal, 'width'>, rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    rows.reduce((most, row) => Math.max(most, visible(row[at] ?? '').length), 0),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const last = widths.at(-1) ?? 0;
  const room = Math.max(width - before, 0);
  if (last > room && room < LAST_MIN) return rows.map((row) => stacked(row, width)).join('');
  const padded = (cell: string, at: number) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - visible(cell).length));
  return rows
    .map((row) => {
      const cells = row.map((cell, at) => (at === row.length - 1 ? brokenAt(cell, room, before) : padded(cell, at)));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** A cell of the last column; one that must be broken loses its colour. */
function brokenAt(cell: string, room: number, indent: number): string {
  const text = visible(cell);
  return text.length <= room ? cell : folded(text, room).join(`\n${' '.repeat(indent)}`);
}

function stacked([first = '', ...cells]: readonly string[], width: number): string {
  const lines = cells.flatMap((cell) => brokenAt(cell, width - 2, 0).split('\n'));
  return [first, ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}
