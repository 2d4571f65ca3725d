import { finding, type LintFinding } from './lint-finding.ts';
import { plural } from '../values/plural.ts';

/** What no key and no wrapping of one holds: control characters, and all that is not ASCII. */
const STRAY = /[^\x20-\x7e\t\r\n]/gu;
/** What colours a text on a terminal, and was copied with it. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const COLOUR = /\u001b\[[0-9;]{0,20}m/g;
/** Without width, a space of another kind, or a quote of a word processor: none of them is seen for what it is. */
const UNSEEN =
  /[\u00a0\u00ad\u061c\u115f\u1160\u180e\u2000-\u200f\u2018-\u201f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/u;
const NAMED_MAX = 3;

/**
 * Names the characters of `part` that no header can carry, by code point and by position in the whole value, from 1.
 * No character of a key is among them.
 */
export function strayFindings(part: string, value: string): readonly LintFinding[] {
  const strays = [...new Set(part.match(STRAY))];
  const unseen = strays.filter((stray) => UNSEEN.test(stray));
  const others = strays.filter((stray) => !UNSEEN.test(stray));
  return [
    ...(unseen.length === 0
      ? []
      : [
          finding(
            'invisible_characters',
            `the value holds characters that do not show, or typographic quotes: ${named(unseen, value)}`,
            'it was pasted from a web page or a document; copy it from AI Studio again and ',
          ),
        ]),
    ...(others.length === 0
      ? []
      : [
          finding(
            'stray_character',
            `the value holds ${others.length === 1 ? 'a character' : plural(others.length, 'kind') + ' of characters'} that no request header can carry: ${named(others, value)}`,
            'a slip of the keyboard or a copy of more than the key; without it, ',
          ),
        ]),
  ];
}

/** A text in which each colour is its first character alone, so that the letter at its end is not taken for a key’s. */
export function withoutColours(text: string): string {
  return text.replace(COLOUR, '\u001b');
}

/** A text without what strays in it, as far as a key may stand around it. */
export function withoutStrays(text: string): string {
  return text.replace(STRAY, '');
}

function named(strays: readonly string[], value: string): string {
  const shown = strays.slice(0, NAMED_MAX).map((stray) => `${codeOf(stray)} at position ${positionOf(stray, value)}`);
  const more = strays.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function codeOf(character: string): string {
  return `U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Counted in characters, as editors do. */
function positionOf(character: string, value: string): number {
  return Array.from(value.slice(0, value.indexOf(character))).length + 1;
}
