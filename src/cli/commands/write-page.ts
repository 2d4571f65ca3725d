import { Stop, type Terminal } from '../show/terminal.ts';
import { writeWhole } from './write-whole.ts';

/** Puts a page where somebody asked for it: `-` is standard output. */
export function writePage(terminal: Terminal, path: string, html: string): void {
  if (path === '-') return terminal.out(html);
  const trouble = writeWhole(path, html);
  if (trouble !== undefined) throw new Stop(4, `the page could not be written to ${path} (${trouble})`);
  terminal.err(`the page is in ${path}\n`);
}
