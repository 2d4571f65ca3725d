import { expect, test } from '@jest/globals';
import { parseScope } from '../../../src/core/google/scope.ts';

test('a scope is an organisation or a folder by number, because it becomes part of a path', () => {
  expect(parseScope('organizations/123456789012')).toBe('organizations/123456789012');
  expect(parseScope('folders/7')).toBe('folders/7');
  for (const odd of ['projects/7', 'organizations/acme', 'folders/7:x', '7', 'organizations/7/x'])
    expect(parseScope(odd)).toBeUndefined();
});
