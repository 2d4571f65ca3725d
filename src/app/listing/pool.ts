/**
 * Runs `work` over `items` with at most `width` at a time, in order of arrival, and stops taking new ones once
 * `mayStart` says no. The results keep the order of the items; an item that was not started has none.
 */
export async function inPool<Item, Result>(
  items: readonly Item[],
  width: number,
  mayStart: () => boolean,
  work: (item: Item) => Promise<Result>,
): Promise<readonly (Result | undefined)[]> {
  const results: (Result | undefined)[] = items.map(() => undefined);
  const waiting = items.entries();
  const worker = async () => {
    for (const [at, item] of waiting) {
      if (!mayStart()) return;
      results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** For a pool without a time limit. */
export const ALWAYS = (): boolean => true;

/**
 * The same over items that are only had while they come, none of whose results is kept: the next is asked for when there is somebody
 * to take it.
 */
export async function eachInPool<Item>(
  items: AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<void> | void,
): Promise<void> {
  const coming = items[Symbol.asyncIterator]();
  const worker = async () => {
    for (let next = await coming.next(); next.done !== true; next = await coming.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** All items of the sources in their order, where the first of the next `ahead` sources is asked for meanwhile. */
export async function* oneAfterAnother<Item>(
  sources: readonly AsyncGenerator<Item>[],
  ahead: number,
): AsyncGenerator<Item> {
  const firsts = new Map<AsyncGenerator<Item>, Promise<IteratorResult<Item>>>();
  for (const [at, source] of sources.entries()) {
    for (const soon of sources.slice(at, at + ahead)) if (!firsts.has(soon)) firsts.set(soon, begun(soon));
    for (let next = await (firsts.get(source) ?? source.next()); next.done !== true; next = await source.next())
      yield next.value;
  }
}

function begun<Item>(source: AsyncGenerator<Item>): Promise<IteratorResult<Item>> {
  const first = source.next();
  first.catch(() => undefined); // told when it is its turn
  return first;
}
