import { expect, test } from '@jest/globals';
import { nearest } from '../../../src/core/values/nearest.ts';

const KNOWN = ['KEY_WARDEN_PROJECTS', 'KEY_WARDEN_CALLERS', 'KEY_WARDEN_CHANNELS'];

test.each([
  ['KEY_WARDEN_PROJECT', 'KEY_WARDEN_PROJECTS'],
  ['KEY_WARDEN_PORJECTS', 'KEY_WARDEN_PROJECTS'],
  ['KEY_WARDEN_CHANELS', 'KEY_WARDEN_CHANNELS'],
  ['KEY_WARDEN_CALERS', 'KEY_WARDEN_CALLERS'],
  ['KEY_WARDEN_PROJECTS', 'KEY_WARDEN_PROJECTS'],
  ['KEY_WARDEN_COLOUR', undefined],
  ['', undefined],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});

test('of two that are near it is the nearer', () => {
  expect(nearest('status', ['stats', 'state'])).toBe('stats');
  expect(nearest('statu', ['stats', 'statue'])).toBe('stats');
});

test('among no words there is none', () => {
  expect(nearest('x', [])).toBeUndefined();
});
