import { createHash } from 'node:crypto';
import { MARK_CHARACTERS } from '../../core/record/inventory-told.ts';

/** What a key is remembered by, from its uid at the issuer, or a project from its name: no byte of a key goes into it. */
export function markOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, MARK_CHARACTERS);
}

/** The same for the same marks in any order. */
export function digestOf(marks: readonly string[]): string {
  return createHash('sha256').update(marks.toSorted().join('\n')).digest('hex').slice(0, 16);
}
