import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';

const glossary = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
const rows = glossary
  .split('\n')
  .filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| word '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the glossary has each word once, in the order of the alphabet', () => {
  const words = rows.map(([, word = '']) => word);
  expect(words.length).toBeGreaterThan(35);
  expect(words).toEqual([...new Set(words)].toSorted());
});

test('each word is said in one plain sentence, and where it lives', () => {
  for (const [, word, sentence = '', where] of rows) {
    expect([word, sentence]).toEqual([word, expect.stringMatching(/^[A-Z][^.]+\.$/)]);
    expect([word, where]).not.toEqual([word, '']);
  }
});
