/** The type Google issued a key as, told by its prefix. A prefix may inform a diagnosis; it never condemns a key. */
export const KEY_KINDS = ['standard', 'auth', 'unknown'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** How the keys of each known type begin. */
export const KEY_PREFIXES = { standard: 'AIza', auth: 'AQ.' } as const;

const REDACTED = '[redacted key]';
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A Gemini API key in memory (I9). Every way a value is usually printed shows a placeholder instead;
 * only `reveal` gives the characters, and only what sends them to Google or Secret Manager, or makes a tombstone, may call it.
 */
export class KeyText {
  readonly #characters: string;

  constructor(characters: string) {
    this.#characters = characters;
  }

  reveal(): string {
    return this.#characters;
  }

  equals(other: KeyText): boolean {
    return this.#characters === other.#characters;
  }

  get kind(): KeyKind {
    return keyKindOf(this.#characters);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [INSPECT](): string {
    return REDACTED;
  }
}

/** `AIza…` is a standard key, `AQ.…` an authorization key bound to a service account; lengths are not documented. */
export function keyKindOf(characters: string): KeyKind {
  if (characters.startsWith(KEY_PREFIXES.standard)) return 'standard';
  if (characters.startsWith(KEY_PREFIXES.auth)) return 'auth';
  return 'unknown';
}
