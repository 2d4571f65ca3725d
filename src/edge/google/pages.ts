import { Fault } from '../../app/ports/fault.ts';

/** One page of a list; an empty `next` ends it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null | undefined;
}

/** A quarter of a million entries: far above any fleet, and an end for a server that always names a next page. */
const PAGES_MAX = 250;

/** Follows page tokens to the end. Rejects with `invalid` when there is none within the bound. */
export async function* boundedPages<T>(fetchPage: (token: string) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  let token = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items, next } = await fetchPage(token);
    yield items;
    if (!next) return;
    token = next;
  }
  throw new Fault('invalid', `A list did not end after ${PAGES_MAX} pages. Narrow its filter.`);
}

/** The same pages, each asked for while the one before it is read: whoever works on a page need not wait for the next. */
export async function* oneAhead<T>(pages: AsyncGenerator<T>): AsyncGenerator<T> {
  let coming = pages.next();
  for (let page = await coming; page.done !== true; page = await coming) {
    coming = pages.next();
    coming.catch(() => undefined); // told when it is awaited, by whoever reads on
    yield page.value;
  }
}
