/** One character that is spelled by several, or a break that stands inside a word (`unit` is undefined). */
export interface Spelling {
  /** UTF-16 unit. */
  readonly unit: number | undefined;
  /** Where the next character begins. */
  readonly end: number;
}

const [TAB, NEWLINE, RETURN, SPACE, PERCENT, AMPERSAND, EQUALS, BACKSLASH] = [9, 10, 13, 32, 0x25, 0x26, 0x3d, 0x5c];

/**
 * The spelling at a position, if there is one: a line break with its indent, in mail after `=`; an escape of JSON or of a
 * script, however often it was escaped again (`\\\\u002d`); a percent code, also of a percent sign (`%252d`); markup
 * (`&#45;`, `&amp;#x2d;`); a character without width. What it looked at it has consumed, but for a bounded rest, so that
 * reading a text stays linear.
 */
export function spellingAt(text: string, at: number): Spelling | undefined {
  const unit = text.charCodeAt(at);
  switch (unit) {
    case NEWLINE:
    case RETURN:
      return breakUpTo(text, at + 1);
    case EQUALS:
      return isLineEnd(text, at + 1) ? breakUpTo(text, at + 1) : undefined;
    case BACKSLASH:
      return escapeAt(text, at);
    case PERCENT:
      return percentAt(text, at);
    case AMPERSAND:
      return markupAt(text, at);
    default:
      return isWithoutWidth(unit) ? { unit: undefined, end: at + 1 } : undefined;
  }
}

function isWithoutWidth(unit: number): boolean {
  return unit === 0xad || (unit >= 0x200b && unit <= 0x200d) || unit === 0x2060 || unit === 0xfeff;
}

function isLineEnd(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === NEWLINE || (unit === RETURN && text.charCodeAt(at + 1) === NEWLINE);
}

/** A break, with all line ends and the indent that follow. */
function breakUpTo(text: string, from: number): Spelling {
  let end = from;
  while ([NEWLINE, RETURN, SPACE, TAB].includes(text.charCodeAt(end))) end += 1;
  return { unit: undefined, end };
}

/** Any number of backslashes, and what they escape. */
function escapeAt(text: string, at: number): Spelling {
  const from = afterAll(text, at, '\\');
  const letter = text.charAt(from);
  if (letter === 'u' || letter === 'x') {
    const end = from + (letter === 'u' ? 5 : 3);
    const unit = numberIn(text.slice(from + 1, end), end - from - 1);
    if (unit !== undefined) return spelled(unit, end);
  }
  if (letter === 'r' || letter === 'n' || isLineEnd(text, from)) return breakUpTo(text, from + 1);
  if (letter === 'b' || letter === 'f' || letter === 't') return { unit: SPACE, end: from + 1 };
  return letter === '' ? { unit: BACKSLASH, end: from } : { unit: text.charCodeAt(from), end: from + 1 };
}

function percentAt(text: string, at: number): Spelling | undefined {
  const from = afterAll(text, at + 1, '25');
  const [unit, end] = [numberIn(text.slice(from, from + 2), 2), from + 2];
  if (unit !== undefined) return spelled(unit, end);
  return from === at + 1 ? undefined : { unit: PERCENT, end: from };
}

/** As long as the number of a character may be. */
const DIGITS_MAX = 7;
const MARKUP = /^#(?:[xX]([\da-fA-F]{1,6})|(\d{1,7}));/;

function markupAt(text: string, at: number): Spelling | undefined {
  const from = afterAll(text, at + 1, 'amp;');
  const [all = '', hex, decimal] = MARKUP.exec(text.slice(from, from + DIGITS_MAX + 3)) ?? [];
  if (all !== '') return spelled(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16), from + all.length);
  return from === at + 1 ? undefined : { unit: AMPERSAND, end: from };
}

function afterAll(text: string, from: number, part: string): number {
  let at = from;
  while (text.startsWith(part, at)) at += part.length;
  return at;
}

function numberIn(digits: string, length: number): number | undefined {
  return digits.length === length && /^[\da-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** A line end or a character without width is a break in any spelling. */
function spelled(unit: number, end: number): Spelling {
  const isBreak = unit === NEWLINE || unit === RETURN || isWithoutWidth(unit);
  return { unit: isBreak ? undefined : unit, end };
}
