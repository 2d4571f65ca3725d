import { headerRefusalIn } from '../header-refusals.ts';
import type { Hint, HintInput } from './hint.ts';

/** What a standard key has; auth keys are longer, as far as has been seen. */
const LONGEST_SEEN = 60;

/** A key that no header can carry: what is in it, where, and whether the rest can be the key at all. */
export const HEADERS: readonly Hint[] = [{ when: ({ cause }) => cause === 'stored_bytes_unclean', says: whatIsIn }];

function whatIsIn({ words }: HintInput): string | undefined {
  const refusal = headerRefusalIn(words);
  if (refusal === undefined) return undefined;
  const { stack, at, code } = refusal;
  const character =
    code === undefined ? 'a character' : `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const refused = `Nothing was sent: ${stack} refuses ${character}`;
  if (at === undefined) return `${refused} that no header can carry, mostly a newline behind the key. ${ALPHABET}`;
  const far = at >= LONGEST_SEEN ? '; no key is that long, so this is not the key alone' : '';
  const first = at === 0 ? '; a value that begins with it may not be the key at all' : '';
  return `${refused} at position ${at + 1} (counted with “Bearer ” where that stands before it)${far}${first}. ${ALPHABET}`;
}

const ALPHABET = 'A key holds ASCII letters, digits, “-”, “_” and, behind AQ, a dot.';
