import { columns } from './columns.ts';
import { painter, visible, type Paint, type Terminal } from './terminal.ts';

/** A column of a table for people. */
export interface Column<Row> {
  readonly title: string;
  cell(row: Row, paint: Paint): string;
  /** Where the terminal is too narrow, columns go in this order, the least first; those without it stay. */
  readonly goes?: number;
}

/**
 * A table that fits the terminal: columns that nobody needs go first, then the last one is broken between words. Into a pipe everything is
 * printed. A column that says `-` in every row is left out.
 */
export function fitted<Row>(
  terminal: Pick<Terminal, 'width' | 'colour'>,
  table: readonly Column<Row>[],
  rows: readonly Row[],
): string {
  const paint = painter(terminal);
  const filled = table
    .map((column) => ({ column, cells: rows.map((row) => column.cell(row, paint)) }))
    .filter(({ column, cells }) => column.goes === undefined || cells.some((cell) => cell !== '-'));
  const kept = [...filled];
  const width = terminal.width ?? Infinity;
  for (let most = kept.length; most > 0 && widthOf(kept) > width; most -= 1) {
    const next = kept.filter(({ column }) => column.goes !== undefined).toSorted((a, b) => goesOf(a) - goesOf(b))[0];
    if (next === undefined) break;
    kept.splice(kept.indexOf(next), 1);
  }
  const lines = rows.map((_, at) => kept.map((one) => one.cells[at] ?? ''));
  return columns({ width }, [kept.map(({ column }) => paint('dim', column.title)), ...lines]);
}

interface Filled<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
}

function goesOf<Row>({ column }: Filled<Row>): number {
  return column.goes ?? Infinity;
}

function widthOf<Row>(kept: readonly Filled<Row>[]): number {
  return kept.reduce((sum, one) => sum + broadest(one) + 2, -2);
}

function broadest<Row>({ column, cells }: Filled<Row>): number {
  return cells.reduce((most, cell) => Math.max(most, visible(cell).length), column.title.length);
}
