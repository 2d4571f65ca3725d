import { isRecord } from '../../src/core/values/json.ts';
import { MONO_WIDTH, SANS_WIDTH, type Picture, type Run } from './svg.ts';

const WIDTH = 780;
const LEFT = 76;
const RIGHT = WIDTH - 24;
const SIZE = 15;
const LINE = 22;
const INK = '#1d1c1d';
const GREY = '#616061';

/** A message to Slack, from its blocks, about as Slack draws it. A block of a kind that it does not know throws. */
export function slackPicture(body: Readonly<Record<string, unknown>>): Picture {
  const runs: Run[] = [
    { x: 30, y: 43, text: 'kw', fill: '#ffffff', size: 18, bold: true },
    { x: LEFT, y: 32, text: 'key-warden', fill: INK, size: SIZE, bold: true },
    { x: LEFT + 92, y: 32, text: 'APP', fill: GREY, size: 10 },
  ];
  const shapes = ['<rect x="24" y="18" width="38" height="38" rx="6" fill="#4a154b"/>'];
  let y = 32;
  const blocks = Array.isArray(body['blocks']) ? body['blocks'] : [];
  for (const block of blocks.filter(isRecord)) {
    y += 10;
    switch (block['type']) {
      case 'header':
        y += LINE + 4;
        runs.push({ x: LEFT, y, text: textIn(block), fill: INK, size: 18, bold: true });
        break;
      case 'section':
        for (const [code, part] of partsOf(textIn(block))) {
          const size = code ? 12 : SIZE;
          const lines = part.split('\n').flatMap((line) => wrapped(line, size, code));
          if (code) shapes.push(box(y + 8, lines.length));
          for (const line of lines) {
            y += LINE;
            runs.push(...lineOf(line, y, code));
          }
          if (code) y += 10;
        }
        break;
      case 'context':
        for (const element of listOf(block['elements']))
          for (const line of wrapped(plain(textIn({ text: element })), 12, false)) {
            y += LINE - 3;
            runs.push({ x: LEFT, y, text: line, fill: GREY, size: 12 });
          }
        break;
      default:
        throw new Error(`the picture of a message cannot draw a block of type ${String(block['type'])}`);
    }
  }
  const title = `A message to Slack: ${String(body['text'])}`;
  return { width: WIDTH, height: y + 24, title, background: '#ffffff', shapes, runs };
}

function textIn(block: Readonly<Record<string, unknown>>): string {
  const { text } = block;
  return isRecord(text) ? String(text['text']) : '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text between and inside of the marks of code. */
function partsOf(text: string): readonly (readonly [code: boolean, part: string])[] {
  return text
    .split('```')
    .map((part, at) => [at % 2 === 1, part.trim()] as const)
    .filter(([, part]) => part !== '');
}

/** Lines that fit, broken between words. */
function wrapped(text: string, size: number, code: boolean): readonly string[] {
  const fits = Math.floor((RIGHT - LEFT) / (size * (code ? MONO_WIDTH : SANS_WIDTH)));
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (`${last} ${word}`.length <= fits) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A line with its words in bold, which stand between asterisks at its beginning. */
function lineOf(line: string, y: number, code: boolean): readonly Run[] {
  if (code) return [{ x: LEFT + 10, y: y + 3, text: line, fill: INK, size: 12, mono: true }];
  const [, bold, rest = ''] = /^\*([^*]+)\* *(.*)$/.exec(line) ?? [undefined, undefined, line];
  if (bold === undefined) return [{ x: LEFT, y, text: plain(line), fill: INK, size: SIZE }];
  return [{ x: LEFT, y, lead: plain(bold), text: plain(rest), fill: INK, size: SIZE }];
}

function box(y: number, lines: number): string {
  return `<rect x="${LEFT}" y="${y}" width="${RIGHT - LEFT}" height="${lines * LINE + 8}" rx="4" fill="#f6f6f6" stroke="#dddddd"/>`;
}

/** What is read of a link, and of what Slack wants escaped. */
function plain(text: string): string {
  return text
    .replace(/<[^|>]+\|([^>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
