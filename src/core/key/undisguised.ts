import { spellingAt } from './spelling.ts';

/** A text as it would be read: every character as itself, and where in the original each one is spelled. */
export interface Undisguised {
  readonly plain: string;
  /** Character `at` of `plain` is spelled from `starts[at]` up to `ends[at]`. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 1 at the positions in `plain` that a line break, or a character without width, stands before. */
  readonly broken: Uint8Array;
}

/** Without one of these a text spells every character as it is. */
const MARKS = /[%\\&\r\n\u00ad\u200b-\u200d\u2060\ufeff]/;

/** Whether a text may spell a character otherwise than as it is, or break a word; most texts do not, and are spared the work. */
export function isDisguised(text: string): boolean {
  return MARKS.test(text);
}

/** What spells a character otherwise, or has no width. */
const SPELLED = /\\|%[\da-fA-F]{2}|&(?:#|amp;)|[\u00ad\u200b-\u200d\u2060\ufeff]/;
/** A line break with its indent; in mail after `=`. */
const BREAK = /=?[\r\n][\r\n\t ]*/g;

/** Whether one of `parts` may stand in a text, in whatever spelling; of most texts that is told without reading every character. */
export function mayHold(text: string, parts: readonly string[]): boolean {
  if (SPELLED.test(text)) return true;
  const joined = text.replaceAll(BREAK, '');
  return parts.some((part) => joined.includes(part));
}

/** Reads a text so that a key in it is found by its characters, in whatever spelling it stands there. Linear in its length. */
export function undisguised(text: string): Undisguised {
  const units = new Uint16Array(text.length);
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  const broken = new Uint8Array(text.length + 1);
  let count = 0;
  let at = 0;
  while (at < text.length) {
    const spelling = spellingAt(text, at);
    const end = spelling?.end ?? at + 1;
    const unit = spelling === undefined ? text.charCodeAt(at) : spelling.unit;
    if (unit === undefined) broken[count] = 1;
    else {
      units[count] = unit;
      starts[count] = at;
      ends[count] = end;
      count += 1;
    }
    at = end;
  }
  const plain = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units.subarray(0, count));
  return { plain, starts, ends, broken };
}
