import { KEY_PREFIXES } from '../../../src/core/key/key-text.ts';

/** How a value of the model is made up: a key alone, in the field of a document that consumers parse, or neither. */
export type ModelForm = 'json' | 'other';

const PREFIX = KEY_PREFIXES.standard;
const KEY_CHARACTERS = 39;
const [HEAD, TAIL] = ['{\n  "gemini" : "', '",\n  "other": "sk-1"\n}\n'];

/** The characters of a key, which in the model is its id: a rotation begins only where something looks like a key (I12). */
export function charactersOf(id: string): string {
  return `${PREFIX}${id}`.padEnd(KEY_CHARACTERS, '_');
}

/** The id that was made into characters. */
export function keyIdOf(characters: string): string {
  return characters.slice(PREFIX.length).replace(/_+$/, '');
}

/** What a version holds, as its bytes. */
export function bytesOf(key: string, form: ModelForm | undefined): Uint8Array {
  const characters = charactersOf(key);
  return new TextEncoder().encode(form === 'json' ? `${HEAD}${characters}${TAIL}` : characters);
}

/** The key in some bytes, and how they are made up; every byte around the key counts (I11). */
export function valueIn(bytes: Uint8Array): { readonly key: string; readonly form?: ModelForm } {
  const text = new TextDecoder().decode(bytes);
  if (text.length === KEY_CHARACTERS) return { key: keyIdOf(text) };
  const within = text.slice(HEAD.length, -TAIL.length);
  const isWhole = text.startsWith(HEAD) && text.endsWith(TAIL) && within.length === KEY_CHARACTERS;
  return isWhole ? { key: keyIdOf(within), form: 'json' } : { key: text, form: 'other' };
}
