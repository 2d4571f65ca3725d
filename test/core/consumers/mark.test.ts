import { expect, test } from '@jest/globals';
import { markIn, markOf, withMark } from '../../../src/core/consumers/mark.ts';

const A = 'projects/1/secrets/a';
const B = 'projects/1/secrets/b';

test('a mark says which version, and whose move it was', () => {
  expect(markOf(7, 'kw-1-abc')).toBe('7@kw-1-abc');
  expect(withMark(undefined, A, '7@kw-1-abc')).toBe('projects/1/secrets/a=7@kw-1-abc');
});

test('a consumer of two secrets keeps what is said of the other one', () => {
  const both = withMark(withMark(undefined, A, '7@x'), B, '2@y');
  expect(markIn(both, A)).toBe('7@x');
  expect(withMark(both, A, '8@z')).toBe('projects/1/secrets/b=2@y projects/1/secrets/a=8@z');
  expect(withMark(both, A, undefined)).toBe('projects/1/secrets/b=2@y');
});

test('what is left of the last one is nothing, and so is what somebody else wrote there', () => {
  expect(withMark('projects/1/secrets/a=7@x', A, undefined)).toBeUndefined();
  expect(withMark('what=ever', A, undefined)).toBeUndefined();
  expect(markIn('what=ever', A)).toBeUndefined();
});
