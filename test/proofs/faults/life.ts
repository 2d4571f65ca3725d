import type { Clock } from '../../../src/app/ports/ports.ts';

/** A worker's time on earth. Once it is over nothing that the worker waits for ever comes, as after `kill -9`. */
export interface Life {
  /** Resolves when the worker first runs into its end. */
  readonly death: Promise<'died'>;
  /** The same port, or whatever else has asynchronous methods, for as long as the life lasts. */
  mortal<Port extends object>(port: Port): Port;
}

/** `isOver` is asked before and after every call; what it is asked for must not depend on the worker's own doing. */
export function lifeUntil(isOver: () => boolean): Life {
  const end = Promise.withResolvers<'died'>();
  let over = false;
  // Who is dead stays dead, also to the answers of calls that were under way beside the last one.
  const isDead = (): boolean => (over ||= isOver());
  const gate = async (): Promise<void> => {
    if (!isDead()) return;
    end.resolve('died');
    await FOR_EVER;
  };
  const settled = async (result: unknown): Promise<unknown> => {
    try {
      return await result;
    } finally {
      await gate();
    }
  };
  async function* items(source: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const iterator = source[Symbol.asyncIterator]();
    for (;;) {
      const next = (await settled(iterator.next())) as IteratorResult<unknown>;
      if (next.done === true) return;
      yield next.value;
    }
  }
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]) => {
          if (isDead()) return gate();
          const result: unknown = Reflect.apply(member, target, args);
          if (result instanceof Promise) return settled(result);
          return isAsyncIterable(result) ? items(result) : result;
        };
      },
    });
  return { death: end.promise, mortal };
}

/** The hands of a clock go on without the dead; only their sleep never ends. */
export function mortalClock(clock: Clock, life: Life): Clock {
  return { now: clock.now, sleep: life.mortal(clock).sleep };
}

const FOR_EVER = new Promise<never>(() => undefined);

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
