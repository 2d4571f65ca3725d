import { Buffer } from 'node:buffer';
import { expect, test } from '@jest/globals';
import { keyInBase64 } from '../../../src/core/key/base64-key.ts';
import { lintStoredBytes } from '../../../src/core/key/stored-bytes.ts';

const KEYS = ['AI' + 'za' + 'Sy' + 'k'.repeat(33), 'A' + 'Q.' + 'y-_Z'.repeat(12)];
const encode = (text: string) => Buffer.from(text).toString('base64');
const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each(KEYS)('a key in base64, once or twice, with a newline or broken into lines, is found inside', (key) => {
  expect(keyInBase64(encode(key))).toBe(key);
  expect(keyInBase64(encode(`${key}\n`))).toBe(`${key}\n`);
  expect(keyInBase64(encode(encode(key)))).toBe(key);
  expect(keyInBase64(encode(key).replace(/(.{20})/, '$1\n'))).toBe(key);
});

test.each([1, 2, 3, 4])('a copy that lost its last %d letters is read up to there', (lost) => {
  const [key = ''] = KEYS;
  const encoded = encode(key).replace(/=+$/, '').slice(0, -lost);
  expect(keyInBase64(encoded)).toBe(key.slice(0, Math.floor((encoded.length * 6) / 8)));
});

test.each([...KEYS, encode('some other text, long enough'), encode(encode(encode(KEYS[0] ?? ''))), 'QUl6', ''])(
  'nothing else is taken for base64',
  (text) => {
    expect(keyInBase64(text)).toBeUndefined();
  },
);

test('stored like that it is named, and the key inside is the one that is probed', () => {
  const [key = ''] = KEYS;
  const { findings, key: found } = lintStoredBytes(bytesOf(encode(`${key}\n`)));
  expect(findings.map(({ kind }) => kind)).toEqual(['base64', 'surrounding_whitespace']);
  expect(found?.reveal()).toBe(key);
});
