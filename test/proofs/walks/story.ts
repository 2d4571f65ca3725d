/** A part of a walk: prose for the reader, or a command with what came of it. */
export interface Passage {
  readonly prose: string;
  /** What somebody did, without the mark; `undefined` after the last command. */
  readonly command?: string | undefined;
}

/** `$` is a command line that a person types, `>` is what happens besides. */
const COMMAND = /^[$>] /;

/**
 * Takes a walk apart. Prose begins at the margin, a command begins with `$` or `>`, and what is indented is what
 * happened, which is left out here because it is told anew.
 */
export function passagesOf(text: string): readonly Passage[] {
  const passages: Passage[] = [];
  let prose: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    if (COMMAND.test(line)) {
      passages.push({ prose: tidy(prose), command: line });
      prose = [];
    } else if (!line.startsWith(' ')) prose.push(line);
  }
  return [...passages, { prose: tidy(prose) }];
}

/** One passage as it stands in the file. */
export function passageText({ prose, command }: Passage, happened: readonly string[]): string {
  const parts = [prose, command ?? '', happened.map((line) => `  ${line}`.trimEnd()).join('\n')];
  return parts
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function tidy(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const WIDTH = 114;

/** A long line as several; the rest stands where its text began. */
export function wrapped(line: string): readonly string[] {
  const begins = /^(?: +\| *(?:[a-z ]+ {2,}|\d\. )*| +[a-z]+ {2,}|[ \d:]+)/.exec(line)?.[0] ?? '';
  const margin = begins.replace(/[^|]/g, ' ');
  const told = [''];
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    const last = told.at(-1) ?? '';
    if (last.trim() !== '' && last.length + word.length > WIDTH) told.push(`${margin}${word}`);
    else told[told.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return told;
}
