import { expect, test } from '@jest/globals';
import { oneAfterAnother } from '../../../src/app/listing/pool.ts';

/** Sources of two items each that write down when they are asked for the first, the last of which may fail. */
function sources(asked: string[], names: readonly string[], failing?: string) {
  return names.map(async function* (name) {
    asked.push(name);
    await Promise.resolve();
    if (name === failing) throw new Error(`${name} fails`);
    yield `${name}1`;
    yield `${name}2`;
  });
}

test('sources are read one after another, and the next few are asked meanwhile', async () => {
  const asked: string[] = [];
  const seen: string[] = [];
  for await (const item of oneAfterAnother(sources(asked, ['a', 'b', 'c', 'd']), 2))
    seen.push(`${item}:${asked.join('')}`);
  expect(seen).toEqual(['a1:ab', 'a2:ab', 'b1:abc', 'b2:abc', 'c1:abcd', 'c2:abcd', 'd1:abcd', 'd2:abcd']);
});

test('none is asked before its turn where none may be', async () => {
  const asked: string[] = [];
  const seen: string[] = [];
  for await (const item of oneAfterAnother(sources(asked, ['a', 'b']), 0)) seen.push(`${item}:${asked.join('')}`);
  expect(seen).toEqual(['a1:a', 'a2:a', 'b1:ab', 'b2:ab']);
});

test('what fails ahead of its turn is told in its turn, and to nobody who stops before', async () => {
  const seen: string[] = [];
  const all = async () => {
    for await (const item of oneAfterAnother(sources([], ['a', 'b'], 'b'), 5)) seen.push(item);
  };
  await expect(all()).rejects.toThrow('b fails');
  expect(seen).toEqual(['a1', 'a2']);
  for await (const item of oneAfterAnother(sources([], ['a', 'b'], 'b'), 5)) {
    expect(item).toBe('a1');
    break;
  }
  await new Promise(setImmediate);
});
