import { Buffer } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clipBytes, utf8Bytes } from '../../../src/core/values/utf8.ts';

const TEXT = fc.string({ unit: 'grapheme' });

test('bytes are counted as UTF-8 has them', () => {
  for (const one of ['', 'a', 'é', '€', '😀', 'a😀é']) expect(utf8Bytes(one)).toBe(Buffer.byteLength(one));
  fc.assert(fc.property(TEXT, (text) => utf8Bytes(text) === Buffer.byteLength(text)));
});

describe('a text is cut', () => {
  const bytesInJson = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

  test('where it would take more inside JSON, at a whole character', () => {
    expect(clipBytes('aaaa', 4)).toBe('aaaa');
    expect(clipBytes('aaaaa', 4)).toBe('a…');
    expect(clipBytes('"\n"', 6)).toBe('"\n"');
    expect(clipBytes('"\n"\n', 7)).toBe('"\n…');
    expect(clipBytes('😀😀😀', 11)).toBe('😀😀…');
    expect(clipBytes('😀😀😀', 10)).toBe('😀…');
  });

  test('and takes no more than it may, whatever it holds', () => {
    fc.assert(
      fc.property(TEXT, fc.integer({ min: 3, max: 40 }), (text, most) => bytesInJson(clipBytes(text, most)) <= most),
    );
  });
});
