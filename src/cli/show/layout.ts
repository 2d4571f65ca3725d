import type { Terminal } from './terminal.ts';

/** Narrower than this, words would stand alone. */
const ROOM_MIN = 30;
/** Words in backticks that are worth a line of their own: those that a shell runs. */
const COMMAND = /^`(?:(?:gcloud|key-warden) [^`]+|(?:printf|read) [^`]+[|;][^`]+)`$/;

/**
 * Prose for people, whose lines after the first begin at column `indent`. A command in backticks gets a line of its own,
 * without them, so that it can be copied whole; only prose is broken at the terminal's width.
 */
export function laidOut({ width }: Pick<Terminal, 'width'>, text: string, indent: number): string {
  const room = Math.max((width ?? Infinity) - indent, ROOM_MIN);
  const lines: string[] = [];
  let prose = '';
  const endProse = () => {
    if (prose.trim() !== '') lines.push(...folded(prose.trim(), room));
    prose = '';
  };
  for (const part of text.split(/(`[^`]+`)/)) {
    if (!COMMAND.test(part)) {
      // what followed the command in its sentence: its full stop, or how the sentence goes on
      prose += prose === '' && lines.length > 0 ? part.replace(/^[.,;]\s*/, '') : part;
      continue;
    }
    endProse();
    lines.push(`  ${part.slice(1, -1)}`);
  }
  endProse();
  return lines.join(`\n${' '.repeat(indent)}`);
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
