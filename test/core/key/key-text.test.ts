import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { keyKindOf, KeyText } from '../../../src/core/key/key-text.ts';

const SECRET = `AI${'za'}${'S'.repeat(35)}`;

describe('I9: a key in memory', () => {
  const key = new KeyText(SECRET);

  test.each([
    ['string conversion', String(key)],
    ['JSON', JSON.stringify({ key })],
    ['inspection', inspect({ key }, { depth: 9, showHidden: true })],
    ['own properties', JSON.stringify(Object.entries(key))],
  ])('is not shown by %s', (_, shown) => {
    expect(shown).not.toContain('SSSS');
  });

  test.each([
    ['string conversion', String(key)],
    ['JSON', JSON.parse(JSON.stringify(key))],
    ['inspection', inspect(key)],
  ])('says by %s that something was left out', (_, shown) => {
    expect(shown).toBe('[redacted key]');
  });

  test('gives its characters to who asks for them', () => {
    expect(key.reveal()).toBe(SECRET);
  });

  test('is compared by its characters', () => {
    expect(key.equals(new KeyText(SECRET))).toBe(true);
    expect(key.equals(new KeyText(`${SECRET}-`))).toBe(false);
  });

  test('knows its kind', () => {
    expect(key.kind).toBe('standard');
  });
});

test.each([
  ['AI' + 'za', 'standard'],
  ['AQ' + '.x', 'auth'],
  ['ya29.x', 'unknown'],
  ['', 'unknown'],
])('the kind of %j is %s', (characters, kind) => {
  expect(keyKindOf(characters)).toBe(kind);
});
