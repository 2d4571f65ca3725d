import { expect, test } from '@jest/globals';
import { aliasesText, foreignAliasesOn } from '../../../src/core/rotation/foreign-alias.ts';

test('aliases of other people on a version are found, and ours are none', () => {
  const aliases = { current: 1, previous: 1, stable: 1, blue: 1, nightly: 2 };
  expect(foreignAliasesOn(aliases, [1])).toEqual(['blue', 'stable']);
  expect(foreignAliasesOn(aliases, [undefined, 2])).toEqual(['nightly']);
  expect(foreignAliasesOn(aliases, [3])).toEqual([]);
});

test('they are named, and of many the first five', () => {
  expect(aliasesText(['stable'], 1)).toBe('the alias stable names version 1');
  expect(aliasesText(['a', 'b'], 1)).toBe('the aliases a, b name version 1');
  expect(aliasesText(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 4)).toBe(
    'the aliases a, b, c, d, e, and 2 more name version 4',
  );
});
