import { expect, test } from '@jest/globals';
import { clip } from '../../../src/core/values/clip.ts';

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['', 3, ''],
])('%j within %d is %j', (text, most, clipped) => {
  expect(clip(text, most)).toBe(clipped);
});

test('half a character is never left', () => {
  expect(clip('a😀b', 3).isWellFormed()).toBe(true);
});
