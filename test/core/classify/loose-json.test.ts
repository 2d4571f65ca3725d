import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLoosely, unescapeOnce } from '../../../src/core/classify/loose-json.ts';

const container = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));

test('JSON is read as JSON.parse reads it, up to its end', () => {
  fc.assert(
    fc.property(container, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(readLoosely(`x${text}, tail`, 1)).toEqual({ value: JSON.parse(text), end: text.length + 1, cut: false });
    }),
  );
});

test('JSON cut off anywhere is read as far as it goes', () => {
  fc.assert(
    fc.property(container, fc.nat(), (value, cut) => {
      const text = JSON.stringify(value);
      const length = 1 + (cut % Math.max(1, text.length - 1));
      expect(readLoosely(text.slice(0, length), 0)).toMatchObject({ end: length, cut: length < text.length });
    }),
  );
});

test.each([
  [
    'Python’s repr',
    "{'a': None, 'b': True, 'c': \"it's\", 'd': False, 'e': 'it's'}",
    { a: null, b: true, c: "it's", d: false, e: "it's" },
  ],
  ['bare names and values', '{a: b, c:1}', { a: 'b', c: 1 }],
  ['typographic quotes', '{“a”: ”b”, ‘c’: ’d’}', { a: 'b', c: 'd' }],
  ['a quote inside a string', '{"a":"say "no" to it","b":1}', { a: 'say "no" to it', b: 1 }],
  ['a line break inside a string', '{"a":"b\nc"}', { a: 'b\nc' }],
  ['a trailing comma and an ellipsis', '{"a":[1,2,],…}', { a: [1, 2] }],
  ['a missing value', '{"a":,"b":1}', { b: 1 }],
  ['a missing colon', '{a b:1}', { b: 1 }],
  ['a value without a name', '{:1,{"a":2},"b":3}', { b: 3 }],
  ['a name that a comma ends', '{"a",:1,"b":2}', { b: 2 }],
  ['a second colon', '{"a":"b":1}', { a: 'b' }],
  ['a comma too many', '{"a":1,,"b":[,2,,3]}', { a: 1, b: [2, 3] }],
  ['no number', '{"a":1.2.3}', { a: '1.2.3' }],
  ['the wrong bracket', '{"a":[1}}', { a: [1] }],
  ['a name that objects have anyway', '{"__proto__":1}', JSON.parse('{"__proto__":1}')],
])('%s is understood', (_, text, value) => {
  expect(readLoosely(text, 0)).toEqual({ value, end: text.length, cut: false });
});

test.each([
  ['a string shows that it was cut', '{"a":"b', { a: 'b…' }],
  ['a string that ends with the text is whole', '{"a":"b"', { a: 'b' }],
  ['a number is dropped, it may go on', '{"a":1,"b":40', { a: 1 }],
  ['a word is dropped too', '{"a":[tr', { a: [] }],
  ['a name alone is nothing', '{"a', {}],
  ['an escape may be the last thing', '{"a":"b\\', { a: 'b\\…' }],
])('of a cut text, %s', (_, text, value) => {
  expect(readLoosely(text, 0)).toEqual({ value, end: text.length, cut: true });
});

test('what nests too deep is not looked into', () => {
  expect(readLoosely('['.repeat(66), 0).cut).toBe(true);
  const deep = `${'['.repeat(66)}1${']'.repeat(66)}`;
  expect(JSON.stringify(readLoosely(deep, 0).value)).toBe(`${'['.repeat(65)}${']'.repeat(65)}`);
});

test('a bare word is bounded', () => {
  expect(readLoosely(`[${'a'.repeat(300)}]`, 0).value).toEqual(['a'.repeat(256), 'a'.repeat(44)]);
});

test('escapes of JSON and Python are undone once', () => {
  expect(unescapeOnce('\\"\\n\\t\\r\\b\\f\\/\\\\n\\u003c\\x3e\\')).toBe('"\n\t\r\b\f/\\n<>\\');
});
