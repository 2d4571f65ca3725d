import { crc32c } from '../../core/values/crc32c.ts';
import type { IssuedKey, SecretName } from '../ports/ports.ts';

/** Annotations on a minted key, by which the sweep finds keys whose rotation died. */
export const ROTATION_MARK = 'key-warden-rotation';
export const SECRET_MARK = 'key-warden-secret';

type Marked = Pick<IssuedKey, 'annotations'>;

/** Whether a key bears our mark for a secret, be it the first one or one of several that served it (I16). */
export function isMarkedFor({ annotations }: Marked, secret: SecretName): boolean {
  const names = [SECRET_MARK, furtherMark(secret)];
  return Object.entries(annotations).some(([name, value]) => value === secret && names.includes(name));
}

/** What to write on a key that was proven to be a secret's; nothing where it bears that mark. The marks of others stay. */
export function markFor(key: Marked, secret: SecretName): Readonly<Record<string, string>> | undefined {
  if (isMarkedFor(key, secret)) return undefined;
  return { [key.annotations[SECRET_MARK] === undefined ? SECRET_MARK : furtherMark(secret)]: secret };
}

/** A name of its own for each further secret. */
function furtherMark(secret: SecretName): string {
  const checksum = crc32c(new TextEncoder().encode(secret));
  return `${SECRET_MARK}-${checksum.toString(16).padStart(8, '0')}`;
}
