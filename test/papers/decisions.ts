import { readdirSync, readFileSync } from 'node:fs';
import { table } from './generated.ts';

const FOLDER = new URL('../../docs/decisions/', import.meta.url);

/** A decision as its file states it. */
export interface Decision {
  readonly file: string;
  readonly title: string;
  readonly date: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** What a decision must say, in this order. */
const PARTS = ['Choice', 'Reason', 'Price'] as const;

/** Reads a decision: a title, a date, and paragraphs that begin with what they are in bold. */
export function decisionIn(file: string, text: string): Decision {
  const [title = '', date = '', ...paragraphs] = text.trim().split(/\n\n+/);
  const parts = paragraphs.flatMap((paragraph) => {
    const [, name, says] = /^\*\*(\w+)\.\*\* ([\s\S]+)$/.exec(paragraph) ?? [];
    return name === undefined || says === undefined ? [] : [[name, says.replaceAll('\n', ' ')] as const];
  });
  return {
    file,
    title: title.replace(/^# /, ''),
    date: date.replace(/^Date: /, ''),
    parts: Object.fromEntries(parts),
  };
}

/** What is missing from a decision, in words. */
export function missingFrom({ file, title, date, parts }: Decision): readonly string[] {
  return [
    ...(title === '' ? [`${file}: no title`] : []),
    ...(/^\d{4}-\d\d-\d\d$/.test(date) && file.startsWith(`${date}-`)
      ? []
      : [`${file}: its name does not begin with its date, “${date}”`]),
    ...PARTS.filter((part) => parts[part] === undefined).map((part) => `${file}: no paragraph **${part}.**`),
  ];
}

/** Every decision, oldest first. */
export function allDecisions(): readonly Decision[] {
  return readdirSync(FOLDER)
    .filter((file) => file !== 'README.md')
    .toSorted()
    .map((file) => decisionIn(file, readFileSync(new URL(file, FOLDER), 'utf8')));
}

/** The block of docs/decisions/README.md: one row per file. */
export function decisionsTable(): string {
  return table(
    ['date', 'decision', 'price'],
    allDecisions().map(({ date, title, file, parts }) => [date, `[${title}](${file})`, parts['Price'] ?? '']),
  );
}
