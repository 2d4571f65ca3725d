import { expect, test } from '@jest/globals';
import { isRecord, parseJson, parseRecord } from '../../../src/core/values/json.ts';

test('text that is not JSON is nothing, not an error', () => {
  expect(parseJson('{"a":')).toBeUndefined();
  expect(parseJson('[1]')).toEqual([1]);
});

test.each([[null], [[1]], ['a'], [1], [undefined]])('%j is no record', (value) => {
  expect(isRecord(value)).toBe(false);
});

test('a record is read from text that holds one', () => {
  expect(parseRecord('{"a":1}')).toEqual({ a: 1 });
  expect(parseRecord('[{"a":1}]')).toBeUndefined();
});
