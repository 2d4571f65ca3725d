import { partsOf, type Passage } from '../../core/values/passage.ts';
import { visible, type Terminal } from './terminal.ts';

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

/** What is said behind a word that stands at the beginning of a line: its further lines begin where it begins. */
export function saidBehind(terminal: Pick<Terminal, 'width'>, head: string, text: Passage): string {
  return `${head}  ${laidOut(terminal, text, visible(head).length + 2)}\n`;
}

/** Words that are one thing, for somebody to copy: code with the marks around it, a command with its options, and else what stands between spaces. */
const PIECES =
  /[^\s`]*`[^`]+`\S*|(?:key-warden|gcloud)(?: [a-z][a-z-]*)+(?: --?[a-z][\w-]*(?:[= ](?:projects\/\S+|[A-Z][A-Z_]+|"[^"]*"))?)*\S*|\S+/g;

/** Breaks at spaces, and in no command; what is too long stands over the edge. */
export function folded(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(PIECES)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || visible(longer).length <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
