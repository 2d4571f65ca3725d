import { createHash } from 'node:crypto';
import { isWholeShape } from '../../core/key/key-shape.ts';
import type { KeyText } from '../../core/key/key-text.ts';
import type { SecretName } from '../ports/ports.ts';

const BYTES = 12;

/**
 * What is remembered of a key that a secret retires: 96 bits of a hash over the secret's name and the key. Only of what has the shape of
 * a whole key, whose more than 200 random bits nobody guesses; a short value could be found by trying. `undefined` for any other.
 */
export function tombstoneOf(secret: SecretName, key: KeyText): string | undefined {
  const characters = key.reveal();
  if (!isWholeShape(characters)) return undefined;
  const text = `key-warden tombstone\n${secret}\n${characters}`;
  return createHash('sha256').update(text).digest().subarray(0, BYTES).toString('base64url');
}
