import type { Cause } from '../../causes/causes.ts';
import type { SentAs } from '../answer.ts';
import type { KeyKind } from '../../key/key-text.ts';

/** What a hint may look at: the words of an answer, what it was read as, and what the person told. */
export interface HintInput {
  /** As `plainWords`. */
  readonly words: string;
  readonly cause: Cause;
  readonly sentAs: SentAs;
  readonly keyKind: KeyKind;
}

/** One sentence about the very text at hand; `says` may take a part of it that is no key. */
export interface Hint {
  readonly when: (input: HintInput) => boolean;
  readonly says: string | ((input: HintInput) => string | undefined);
}

/** Secret Manager speaks, or is spoken of: what is said of keys and their projects is not about it. */
export const STORE_NAMED = /secret_?manager|secret manager api/;

/** A hint for whoever says so, in words. */
export function hint(words: RegExp, says: string, causes?: readonly Cause[]): Hint {
  return { when: (input) => (causes === undefined || causes.includes(input.cause)) && words.test(input.words), says };
}
