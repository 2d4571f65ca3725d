import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { tombstoneOf } from '../../../src/app/keys/tombstone.ts';
import { KeyText } from '../../../src/core/key/key-text.ts';
import { GOOD_KEY, STANDARD_KEY } from '../../support/stage.ts';

const SECRET = 'projects/1/secrets/gemini';
const of = (characters: string, secret = SECRET) => tombstoneOf(secret, new KeyText(characters));

test('a tombstone is 96 bits of a hash over the secret and the key, of both shapes', () => {
  for (const key of [GOOD_KEY, STANDARD_KEY]) {
    const digest = createHash('sha256').update(`key-warden tombstone\n${SECRET}\n${key}`).digest();
    expect(of(key)).toBe(digest.subarray(0, 12).toString('base64url'));
  }
  expect(of(GOOD_KEY, 'projects/1/secrets/other')).not.toBe(of(GOOD_KEY));
});

test('a value that could be guessed gets none (I9)', () => {
  for (const value of ['', 'hunter2', 'AIza', `AI${'za'}${'x'.repeat(34)}`, `AQ.${'x'.repeat(40)}`, 'sk-x'])
    expect(of(value)).toBeUndefined();
});

test('it holds no part of the key (I9)', () => {
  const stone = of(STANDARD_KEY) ?? '';
  for (let at = 0; at + 6 <= STANDARD_KEY.length; at += 1) expect(stone).not.toContain(STANDARD_KEY.slice(at, at + 6));
});
