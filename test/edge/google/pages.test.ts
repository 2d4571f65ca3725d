import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../../src/app/ports/fault.ts';
import { boundedPages, oneAhead } from '../../../src/edge/google/pages.ts';

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

describe('one page ahead', () => {
  test('the next page is asked for while one is read, and none beyond', async () => {
    let fetched = 0;
    const pages = oneAhead(
      boundedPages(() => Promise.resolve({ items: [(fetched += 1)], next: fetched < 3 ? 'more' : null })),
    );
    const seen: number[] = [];
    for await (const page of pages) {
      await new Promise(setImmediate);
      seen.push(...page, fetched);
    }
    expect(seen).toEqual([1, 2, 2, 3, 3, 3]);
  });

  test('what fails is told to whoever reads on, after the page before it, and to nobody who does not', async () => {
    const pages = () =>
      oneAhead(
        boundedPages((token) =>
          token === '' ? Promise.resolve({ items: [1], next: 'more' }) : Promise.reject(new Fault('denied', 'no')),
        ),
      );
    const read: number[] = [];
    const all = async () => {
      for await (const page of pages()) read.push(...page);
    };
    await expect(all()).rejects.toMatchObject({ code: 'denied' });
    expect(read).toEqual([1]);
    for await (const page of pages()) {
      expect(page).toEqual([1]);
      break;
    }
    await new Promise(setImmediate);
  });
});
