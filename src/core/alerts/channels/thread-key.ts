import { crc32c } from '../../values/crc32c.ts';

/**
 * A key of at most `charactersMax` for something with a longer name, the same for the same name: PagerDuty takes 255, a
 * secret's full name alone can have more. Resource names are ASCII, so that characters are bytes.
 */
export function boundedKey(name: string, charactersMax: number): string {
  if (name.length <= charactersMax) return name;
  return `${name.slice(0, charactersMax - 9)}~${sumOf(name)}`;
}

/** A key that is one segment of a path as it stands: other characters become `_`, and a sum keeps two names apart. */
export function wordKey(name: string, charactersMax: number): string {
  return `${name.replace(/[^\w.-]/g, '_').slice(0, charactersMax - 9)}.${sumOf(name)}`;
}

function sumOf(name: string): string {
  const sum = crc32c(Uint8Array.from(name, (character) => character.charCodeAt(0)));
  return sum.toString(16).padStart(8, '0');
}
