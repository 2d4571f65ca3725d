import { crc32c } from '../../core/values/crc32c.ts';
import type { IssuedKey, SecretName } from '../ports/ports.ts';

/** Annotations on a minted key, by which the sweep finds keys whose rotation died. */
export const ROTATION_MARK = 'key-warden-rotation';
export const SECRET_MARK = 'key-warden-secret';
/** On a key that an emergency of the secret has replaced: it goes whoever makes it current again. */
export const LEAK_MARK = 'key-warden-leaked';

/**
 * On a key that a rotation made: versions of its secret that hold it and that nobody was to read any more. No list of old keys knows
 * of them, and by this mark the purge does.
 */
const LEFT_MARK = 'key-warden-left';

type Marked = Pick<IssuedKey, 'annotations'>;
type Mark = typeof SECRET_MARK | typeof LEAK_MARK;

/** Whether a key bears our mark for a secret, be it the first one or one of several that served it (I16). */
export function isMarkedFor({ annotations }: Marked, secret: SecretName, mark: Mark = SECRET_MARK): boolean {
  const names = [mark, furtherMark(mark, secret)];
  return Object.entries(annotations).some(([name, value]) => value === secret && names.includes(name));
}

/** What to write on a key that was proven to be a secret's; nothing where it bears that mark. The marks of others stay. */
export function markFor(
  key: Marked,
  secret: SecretName,
  mark: Mark = SECRET_MARK,
): Readonly<Record<string, string>> | undefined {
  if (isMarkedFor(key, secret, mark)) return undefined;
  return { [Object.hasOwn(key.annotations, mark) ? furtherMark(mark, secret) : mark]: secret };
}

/** A name of its own for each further secret. */
function furtherMark(mark: Mark, secret: SecretName): string {
  const checksum = crc32c(new TextEncoder().encode(secret));
  return `${mark}-${checksum.toString(16).padStart(8, '0')}`;
}

/** The versions that a key's mark says were left with it, in ascending order; what is not understood says none. */
export function leftVersionsOf({ annotations }: Marked): readonly number[] {
  const { [LEFT_MARK]: text = '' } = annotations;
  return /^[1-9]\d{0,8}( [1-9]\d{0,8})*$/.test(text) ? text.split(' ').map(Number) : [];
}

/** What to write on a key so that these versions of its secret are known as left with it, beside those that are. */
export function leftMarkFor(key: Marked, versions: readonly number[]): Readonly<Record<string, string>> {
  const all = new Set([...leftVersionsOf(key), ...versions]);
  return {
    [LEFT_MARK]: [...all]
      .toSorted((a, b) => a - b)
      .slice(-LEFT_MAX)
      .join(' '),
  };
}

/** An annotation of a key is short; of more versions the newest are remembered. */
const LEFT_MAX = 20;
