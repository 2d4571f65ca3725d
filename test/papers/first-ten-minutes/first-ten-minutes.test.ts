import { beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { firstTenMinutes } from './first-ten-minutes.ts';
import { typed } from './typed.ts';

const ROOT = new URL('../../../', import.meta.url);
let stories: Readonly<Record<string, string>>;

beforeAll(async () => {
  stories = await firstTenMinutes();
}, 300_000);

test('the transcripts are what the commands print now (npm run papers writes them)', () => {
  const files = readdirSync(new URL('docs/first-ten-minutes/', ROOT)).map((file) => `docs/first-ten-minutes/${file}`);
  expect(files.toSorted()).toEqual(Object.keys(stories).toSorted());
  for (const [path, story] of Object.entries(stories))
    expect([path, readFileSync(new URL(path, ROOT), 'utf8')]).toEqual([path, story]);
});

test('on a telephone no line is wider than it, but those of commands and names', () => {
  const wide = (stories['docs/first-ten-minutes/on-call.md'] ?? '')
    .split('```console')
    .slice(1)
    .flatMap((block) => block.split('```')[0]?.split('\n').slice(2) ?? [])
    .filter((line) => line.length > 60 && !/key-warden|gcloud|curl|projects\/|https:/.test(line));
  expect(wide).toEqual([]);
});

test('a line is taken apart as a shell does', () => {
  expect(typed(`printf %s 'a b' | key-warden find "c d" 2> /dev/null | head -3`)).toEqual({
    words: ['key-warden', 'find', 'c d'],
    input: 'a b',
    outOnly: true,
    pipe: 3,
  });
});
