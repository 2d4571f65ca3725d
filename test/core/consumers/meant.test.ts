import { expect, test } from '@jest/globals';
import { meantBy } from '../../../src/core/consumers/meant.ts';
import { readBy } from '../../support/reach-stage.ts';

const isMeant = meantBy('projects/123456789012/secrets/gemini', ['search-prod']);

test.each([
  ['123456789012', 'gemini', true],
  ['search-prod', 'gemini', true],
  ['ads-prod', 'gemini', false],
  ['search-prod', 'other', false],
])('a reference to %s, %s', (project, secret, expected) => {
  expect(isMeant(readBy({ project, secret }))).toBe(expected);
});

test('a regional secret of the same id is another one, and what is no name means none', () => {
  const read = readBy({ project: 'search-prod', location: 'europe-west1' });
  expect(isMeant(read)).toBe(false);
  expect(meantBy('gemini', ['search-prod'])(read)).toBe(false);
});
