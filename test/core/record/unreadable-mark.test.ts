import { expect, test } from '@jest/globals';
import { isMarked, withMark } from '../../../src/core/record/unreadable-mark.ts';

test('what a person was told of is marked once for each kind, beside the others', () => {
  const first = withMark(null, '1k2j3h');
  const second = withMark(first, 'policy-aaa');
  expect(second).toBe('1k2j3h policy-aaa');
  expect(withMark(second, 'policy-bbb')).toBe('1k2j3h policy-bbb');
  expect(withMark(second, '7')).toBe('policy-aaa 7');
  expect(['1k2j3h', 'policy-aaa', 'policy-a', ''].map((mark) => isMarked(second, mark))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isMarked(undefined, 'x')).toBe(false);
});
