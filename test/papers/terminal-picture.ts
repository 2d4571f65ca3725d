import { MONO_WIDTH, pixels, type Picture, type Run } from './svg.ts';

const SIZE = 13;
const LINE = 20;
const EDGE = 18;
/** What a terminal takes as the beginning of a mark of colour. */
const MARK = '\u001B[';
const INK = '#d0d7de';
const DIM = '#7d8590';
const COLOURS: Readonly<Record<string, string>> = {
  2: DIM,
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  36: '#79c0ff',
};

/** A command and what it printed, as a terminal shows it. */
export function terminalPicture(command: string, printed: string): Picture {
  const lines = [`\u001B[2m$\u001B[22m ${command}`, ...printed.trimEnd().split('\n')];
  const runs = lines.flatMap((line, at) => runsOf(line, EDGE + LINE * (at + 0.7)));
  const right = Math.max(...runs.map(({ x, text }) => x + text.length * SIZE * MONO_WIDTH));
  return {
    width: Math.ceil(right + EDGE),
    height: 2 * EDGE + LINE * lines.length,
    title: `What ${command} prints`,
    background: '#0d1117',
    shapes: [],
    runs,
  };
}

/** The pieces of a line between its marks of colour; white space around them is left out. */
function runsOf(line: string, y: number): readonly Run[] {
  const runs: Run[] = [];
  let column = 0;
  for (const piece of line.split(MARK)) {
    const [, code = '', part = ''] = /^(?:(\d+)m)?(.*)$/.exec(piece) ?? [];
    const text = part.trim();
    const x = pixels(EDGE + (column + part.length - part.trimStart().length) * SIZE * MONO_WIDTH);
    if (text !== '') runs.push({ x, y, text, fill: COLOURS[code] ?? INK, size: SIZE, mono: true });
    column += part.length;
  }
  return runs;
}
