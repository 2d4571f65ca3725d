import { describe, expect, test } from '@jest/globals';
import { count, flag, isoFields, listOf, maybe, moment, oneOf, shaped, text } from '../../../src/core/values/decode.ts';
import { isoOf } from '../../../src/core/values/time.ts';
import { NOW } from '../../support/journals.ts';

describe('a decoder reads what it should be and nothing else', () => {
  test.each([
    ['text', text, 'a', 1],
    ['a flag', flag, false, 'false'],
    ['a count', count, 0, -1],
    ['a count without a fraction', count, 7, 1.5],
    ['a count that is exact', count, 2 ** 53 - 1, 2 ** 53],
    ['a count that is a number', count, 7, '7'],
    ['one of some words', oneOf(['up', 'down']), 'down', 'sideways'],
    ['something that may be missing', maybe(text), undefined, null],
    ['something that is there all the same', maybe(text), 'a', 1],
    ['a list', listOf(count), [1, 2], [1, 'b']],
    ['a list that is a list', listOf(count), [], {}],
  ] as const)('%s', (_, decoder, good, bad) => {
    expect(decoder(good)).toEqual({ value: good });
    expect(decoder(bad)).toBeUndefined();
  });

  test('a moment', () => {
    expect(moment(isoOf(NOW))).toEqual({ value: NOW });
    expect(moment('yesterday')).toBeUndefined();
    expect(moment(NOW)).toBeUndefined();
  });
});

describe('a shape', () => {
  const pet = shaped<{ name: string; age?: number | undefined }>({ name: text, age: maybe(count) });

  test('keeps the fields it names, leaves absent ones absent, and drops what a newer release added', () => {
    expect(pet({ name: 'Mia', age: 3, colour: 'black' })).toEqual({ value: { name: 'Mia', age: 3 } });
    expect(Object.keys(pet({ name: 'Mia' })?.value ?? {})).toEqual(['name']);
  });

  test.each([[null], [[]], ['Mia'], [{ age: 3 }], [{ name: 'Mia', age: 'three' }]])('does not read %j', (value) => {
    expect(pet(value)).toBeUndefined();
  });
});

test('moments are written in RFC 3339, absent ones not at all', () => {
  expect(isoFields({ at: NOW, end: undefined })).toEqual({ at: '2027-01-15T08:00:00.000Z' });
});
