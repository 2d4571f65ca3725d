import { expect, test } from '@jest/globals';
import { boundedPages } from '../../../src/edge/google/pages.ts';

test('the first page is asked for without a token, each further one with the token of the one before', async () => {
  const asked: string[] = [];
  const nexts = ['b', 'c', null];
  const pages = boundedPages((token) => Promise.resolve({ items: [asked.push(token)], next: nexts[asked.length - 1] }));
  expect(await Array.fromAsync(pages)).toEqual([[1], [2], [3]]);
  expect(asked).toEqual(['', 'b', 'c']);
});

test('a page is fetched only when it is wanted', async () => {
  let fetched = 0;
  const pages = boundedPages(() => Promise.resolve({ items: [(fetched += 1)], next: 'more' }));
  for await (const page of pages) {
    if (page.includes(2)) break;
  }
  expect(fetched).toBe(2);
});

test('a list that never ends is given up', async () => {
  let fetched = 0;
  const endless = Array.fromAsync(boundedPages(() => Promise.resolve({ items: [(fetched += 1)], next: 'more' })));
  await expect(endless).rejects.toMatchObject({ code: 'invalid' });
  expect(fetched).toBe(250);
});
