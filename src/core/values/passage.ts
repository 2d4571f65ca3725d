/** Words, or a command among them. */
export type Part = string | { readonly command: string };

/** Words for people, with whole commands among them where each should be shown on a line of its own and copied. */
export type Passage = string | readonly Part[];

export function partsOf(passage: Passage): readonly Part[] {
  return typeof passage === 'string' ? [passage] : passage;
}

/** On one line, for a log or a message: every command in backticks, and a full stop before words that follow one. */
export function proseOf(passage: Passage): string {
  const parts = partsOf(passage);
  const stop = (at: number) => (at === parts.length - 1 ? '' : '.');
  return parts.map((part, at) => (typeof part === 'string' ? part : `\`${part.command}\`${stop(at)}`)).join(' ');
}
