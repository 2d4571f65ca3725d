/** A line as a shell takes it apart. */
export interface Typed {
  readonly words: readonly string[];
  /** What `printf` in front of it pipes in. */
  readonly input?: string | undefined;
  /** How many lines `head` behind it lets through. */
  readonly pipe?: number | undefined;
  /** Standard error goes nowhere. */
  readonly outOnly: boolean;
}

/** Takes a line apart: words, quotes, `printf %s '…' |` in front of it, and `2> /dev/null` or `| head -N` behind. */
export function typed(line: string): Typed {
  const [, input, rest = line] = /^printf %s '([^']*)' \| (.*)$/.exec(line) ?? [];
  const [, plain = rest, lines] = /^(.*) \| head -(\d+)$/.exec(rest) ?? [];
  const outOnly = plain.endsWith(' 2> /dev/null');
  const words = [...plain.replace(/ 2> \/dev\/null$/, '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, ...groups]) =>
    groups.join(''),
  );
  return { words, input, outOnly, pipe: lines === undefined ? undefined : Number(lines) };
}
