import type { Part, Passage } from '../../core/values/passage.ts';
import { laidOut } from './layout.ts';
import type { Section } from './runbook-sections.ts';
import { painter, type Terminal } from './terminal.ts';

/** A paragraph, an item of a list, or a block of code. */
interface Block {
  /** In front of it: white space, and the item's number or dash. */
  readonly mark: string;
  readonly text: string;
  readonly isCode: boolean;
}

/** A section for people: the marks of Markdown taken off, words broken at the terminal's width, commands whole. */
export function laidOutSection({ title, text }: Section, terminal: Terminal): string {
  const paint = painter(terminal);
  const blocks = blocksIn(text).map(({ mark, text: words, isCode }) =>
    isCode ? words : `${mark}${laidOut(terminal, passageIn(words, terminal), mark.length).replaceAll(UNBROKEN, ' ')}`,
  );
  const named = [...new Set([...text.matchAll(LINK)].map(([, , anchor]) => anchor))];
  const further = named.length === 0 ? [] : [laidOut(terminal, `Sections named here: ${named.join(', ')}`, 0)];
  return `${[paint('bold', title), ...blocks, ...further].join('\n\n')}\n`;
}

const LINK = /\[([^\]]+)\]\(#([^)]+)\)/g;
/** Stands for a space inside a command that must not be broken. */
const UNBROKEN = '\u{1}';

function blocksIn(text: string): readonly Block[] {
  const parts = text.replaceAll(/^<!--.*-->\n?/gm, '').split(/^(```\w*\n[^]*?^```$)/m);
  return parts.flatMap((part): readonly Block[] =>
    part.startsWith('```')
      ? [
          {
            mark: '',
            text: part
              .replaceAll(/^```.*\n?/gm, '')
              .replaceAll(/^/gm, '  ')
              .trimEnd(),
            isCode: true,
          },
        ]
      : part
          .split(/\n\s*\n|\n(?=\s*(?:\d+\.|-) )/)
          .filter((block) => block.trim() !== '')
          .map((block) => {
            const [mark = ''] = /^\n*\s*(?:\d+\.|-) /.exec(block) ?? [];
            return { mark: mark.replaceAll('\n', ''), text: block.slice(mark.length), isCode: false };
          }),
  );
}

/** A command that is no part of a sentence. */
const ON_ITS_OWN = /(?<=[:.?] )(`(?:key-warden|gcloud|printf|curl) [^`]+`(?:[.,;]|$))/;

const BOLD = /\*\*(.+?)\*\*/g;
/** Before a heading that stands inside of a paragraph. Where nothing sets it apart, it begins a line. */
const RUN_IN = /(?<=[.?)] )(?=\*\*[^*]+[.:?]\*\*(?: |$))/;

/** Prose, and the commands that are to be typed on lines of their own; any other is not broken. */
function passageIn(words: string, terminal: Pick<Terminal, 'colour'>): Passage {
  const paint = painter(terminal);
  const prose = words
    .replaceAll(/\s+/g, ' ')
    .replaceAll(LINK, '$1')
    .replaceAll(/<(https:[^>]+)>/g, '$1')
    .replaceAll(/_(\([^)]+\))_/g, '$1');
  return prose.split(ON_ITS_OWN).flatMap((part): readonly Part[] => {
    const [, command] = /^`([^`]+)`[.,;]?$/.exec(part) ?? [];
    if (command?.includes(' ') === true) return [{ command }];
    const kept = part.replaceAll(/`[^`]+`/g, (code) => code.replaceAll(' ', UNBROKEN)).trim();
    if (kept === '') return [];
    const lines = terminal.colour ? [kept] : kept.split(RUN_IN);
    return lines.map((line) => line.replaceAll(BOLD, (_, marked: string) => paint('bold', marked)));
  });
}
