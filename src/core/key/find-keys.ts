import { KEY_PREFIXES } from './key-text.ts';
import type { Undisguised } from './undisguised.ts';

/** A stretch of a text: from its first character up to the one that follows it. */
export type Stretch = readonly [from: number, to: number];

/** How a key looks behind its prefix. Lengths are not documented: these are the ones that were seen. */
interface Form {
  readonly inside: RegExp;
  /** As long as this, prefix included, a key may be whole: a line that follows is not its own. */
  readonly whole: number;
  /** So much behind the prefix is taken for a stump; `AIzaSy` alone is in every text about keys. */
  readonly stump: number;
  /** The same where the text was cut. */
  readonly stumpAtCut: number;
}

const FORMS: Readonly<Record<keyof typeof KEY_PREFIXES, Form>> = {
  standard: { inside: /[\w-]/, whole: 39, stump: 3, stumpAtCut: 3 },
  auth: { inside: /[\w.-]/, whole: 53, stump: 8, stumpAtCut: 1 },
};
const SHAPES = [
  { prefix: KEY_PREFIXES.standard, ...FORMS.standard },
  { prefix: KEY_PREFIXES.auth, ...FORMS.auth },
];
type Shape = (typeof SHAPES)[number];

/** Both prefixes begin with it, and most characters are another. */
const FIRST = 'A';

/** What follows `FAQ.` is a key only where so much stands on one line. */
const FAQ = /\bF$/;
const BEHIND_FAQ = 30;

/** A text that was cut ends here: at its end, its quote, or its dots. */
const CUT = /^(?:["'`’”…]|\.\.\.|$)/;

/**
 * Where keys stand in a text, told by their prefix at any position: whole, cut, broken over lines, one behind the other.
 * Every character is looked at once, however many prefixes there are.
 */
export function keysIn(text: Undisguised): readonly Stretch[] {
  const found: Stretch[] = [];
  let at = text.plain.indexOf(FIRST);
  while (at >= 0) {
    const shape = shapeAt(text.plain, at);
    if (shape === undefined) {
      at = text.plain.indexOf(FIRST, at + 1);
      continue;
    }
    const { end, isBroken } = runFrom(text, at, shape);
    const before = found.at(-1);
    // What looks like the beginning of another key inside one is a part of it.
    if (before?.[1] === at && text.broken[at] !== 1) found[found.length - 1] = [before[0], end];
    else if (isKey(text.plain, [at, end], shape, isBroken)) found.push([at, end]);
    at = text.plain.indexOf(FIRST, end);
  }
  return found;
}

/** How far a key goes on: to what cannot be in one, to the next prefix, or to the end of a line once it may be whole. */
function runFrom({ plain, broken }: Undisguised, from: number, { prefix, inside, whole }: Shape) {
  let [at, isBroken] = [from + prefix.length, false];
  while (at < plain.length && inside.test(plain.charAt(at)) && shapeAt(plain, at) === undefined) {
    if (broken[at] === 1) {
      if (at - from >= whole) break;
      isBroken = true;
    }
    at += 1;
  }
  return { end: at, isBroken };
}

function isKey(plain: string, [from, end]: Stretch, shape: Shape, isBroken: boolean): boolean {
  const length = end - from - shape.prefix.length;
  if (FAQ.test(plain.slice(Math.max(0, from - 2), from))) return length >= BEHIND_FAQ && !isBroken;
  const isCut = length < shape.stump && CUT.test(plain.slice(end, end + 3));
  return length >= (isCut ? shape.stumpAtCut : shape.stump);
}

function shapeAt(plain: string, at: number): Shape | undefined {
  if (plain.charAt(at) !== FIRST) return undefined;
  return SHAPES.find(({ prefix }) => plain.startsWith(prefix, at));
}
