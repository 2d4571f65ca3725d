import { partsOf, type Passage } from '../../core/values/passage.ts';
import type { Terminal } from './terminal.ts';

/** Narrower than this, words would stand alone. */
const ROOM_MIN = 30;
/**
 * A passage for people, whose lines after the first begin at column `indent`. A command gets a line of its own, so that it
 * can be copied whole; only prose is broken at the terminal's width.
 */
export function laidOut({ width }: Pick<Terminal, 'width'>, passage: Passage, indent: number): string {
  const room = Math.max((width ?? Infinity) - indent, ROOM_MIN);
  return partsOf(passage)
    .flatMap((part) => (typeof part === 'string' ? folded(part.trim(), room) : [`  ${part.command}`]))
    .join(`\n${' '.repeat(indent)}`);
}

/** Breaks at spaces; a word that is too long stands over the edge. */
function folded(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || longer.length <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
