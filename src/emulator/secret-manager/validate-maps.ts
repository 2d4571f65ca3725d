import { Buffer } from 'node:buffer';
import { ApiError } from '../wire/api-error.ts';
import type { SecretRecord } from './resource.ts';

type Texts = Readonly<Record<string, string>>;

const LABEL_KEY = '[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}';
const LABEL_VALUE = '[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}';
const LABELS_MAX = 64;
const ALIASES_MAX = 50;
const ANNOTATION_BYTES_MAX = 16_384;

/** At most 64; keys and values of lower-case letters, digits, `_` and `-`. */
export function requireLabels(labels: Texts): void {
  const found = Object.keys(labels).length;
  if (found > LABELS_MAX) throw invalid(`Invalid field "labels"; at most 64 entries allowed but found ${found}`);
  for (const [key, value] of Object.entries(labels)) {
    const keyFlaw = flawOf(key, LABEL_KEY, 'exceeds maximum character length 63');
    if (keyFlaw !== undefined) throw invalid(`Invalid field "labels"; key "${key}" ${keyFlaw}`);
    const valueFlaw = flawOf(value, LABEL_VALUE, 'exceeds maximum value length 63');
    if (valueFlaw !== undefined) throw invalid(`Invalid field "labels.${key}"; value "${value}" ${valueFlaw}`);
  }
}

function flawOf(part: string, pattern: string, tooLong: string): string | undefined {
  if (Array.from(part).length > 63) return tooLong;
  if (Buffer.byteLength(part) > 128) return 'exceeds maximum byte length 128';
  if (!new RegExp(`^${pattern}$`, 'u').test(part)) return `does not conform to regular expression "${pattern}"`;
  return undefined;
}

/** Keys of 1 to 64 ASCII characters (the proto says 63, production takes 64); 16 KiB over all keys and values. */
export function requireAnnotations(annotations: Texts): void {
  for (const key of Object.keys(annotations)) {
    if (key.length <= 64 && /^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/.test(key)) continue;
    throw invalid(
      `[${key}] must follow pattern [a-z0-9A-Z]+([_\\.\\-]*[a-z0-9A-Z]+)*), be less than 64 characters, and must ` +
        'have a UTF encoding of less than 128 bytes',
    );
  }
  const size = Object.entries(annotations)
    .flat()
    .reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  if (size > ANNOTATION_BYTES_MAX) throw invalid('Annotation map must not exceed 16kib.');
}

/** At most 50, of well-formed names, each at a version that exists in whatever state. */
export function requireAliases(aliases: SecretRecord['aliases'], versions: SecretRecord['versions']): void {
  const entries = Object.entries(aliases);
  if (entries.length > ALIASES_MAX) throw invalid('No more than 50 aliases can be assgined to any given secret');
  for (const [alias] of entries) {
    if (/^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/.test(alias) && alias !== 'latest' && alias !== 'NEW') continue;
    throw invalid(
      `[${alias}] must follow pattern [a-zA-Z][a-Aa-Z0-9_-]+, be less than 64 characters and cannot be "latest" or "NEW"`,
    );
  }
  const numbers = new Set(versions.map(({ number }) => number));
  if (entries.some(([, number]) => !numbers.has(number)))
    throw invalid("Aliases cannot be assigned to versions that don't exist");
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}
