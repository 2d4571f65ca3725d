import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dissect } from '../../../src/core/classify/find-json.ts';

test('an answer that is one JSON object is read as JSON.parse reads it, however it is laid out', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(dissect(` ${text}\n`)).toEqual({ values: [JSON.parse(text)], prose: '', leads: true, cut: false });
    }),
  );
});

test('whole JSON is not taken for the frames of a stream, whatever its lines start with', () => {
  expect(dissect('{"a"\n: 1}')).toEqual({ values: [{ a: 1 }], prose: '', leads: true, cut: false });
  expect(dissect('[\n{"a"\n: 1}]').values).toEqual([[{ a: 1 }]]);
});

test('a list of anything but objects stays words, as people put brackets around them', () => {
  expect(dissect('[400]')).toEqual({ values: [], prose: '[400]', leads: false, cut: false });
});

test('JSON with something after it is read all the same, and so is JSON that was cut off', () => {
  expect(dissect('{"a":1} and more')).toEqual({ values: [{ a: 1 }], prose: 'and more', leads: true, cut: false });
  expect(dissect('{"a":1')).toMatchObject({ values: [{}], leads: true, cut: true });
});
