import { crc32c } from '../../values/crc32c.ts';

/**
 * A key of at most `charactersMax` for something with a longer name, the same for the same name: PagerDuty takes 255, a
 * secret's full name alone can have more. Resource names are ASCII, so that characters are bytes.
 */
export function boundedKey(name: string, charactersMax: number): string {
  if (name.length <= charactersMax) return name;
  const sum = crc32c(Uint8Array.from(name, (character) => character.charCodeAt(0)));
  return `${name.slice(0, charactersMax - 9)}~${sum.toString(16).padStart(8, '0')}`;
}
