import type { Following } from './following.ts';
import { readingsOf, type Reading } from '../../core/consumers/reading.ts';
import { reasonOf } from '../consumers/readers-json.ts';

/** What becomes of one consumer when a rotation moves `current`. */
export interface ForeseenConsumer {
  readonly consumer: string;
  /**
   * `brought`: it is given a new revision; `itself`: it has the new key without one; `left`: it goes on with the old one until it is
   * started or deployed anew; `never`: no deploy reaches it before somebody changes it.
   */
  readonly is: 'brought' | 'itself' | 'left' | 'never';
  readonly why?: string | undefined;
}

/** What would become of all consumers, and what could not be looked at, which is never nobody. */
export interface Foreseen {
  readonly consumers: readonly ForeseenConsumer[];
  readonly notLooked: readonly string[];
}

/** A word for each consumer from what `reach` itself found out of them, before any was touched. */
export function foreseenIn({ followers, hidden, left, unasked, found, notLooked, isMeant }: Following): Foreseen {
  const stays = new Map(
    found
      .flatMap((consumer) => readingsOf(consumer, isMeant))
      .filter(staysForEver)
      .map((reading) => [reading.consumer.name, reading]),
  );
  const said = new Set([...followers, ...left, ...unasked].map(({ name }) => name).concat(hidden));
  const unsaid = [...stays].flatMap(([name, reading]) => (said.has(name) ? [] : [reading]));
  return {
    consumers: [
      ...followers.map(({ name, progress }): ForeseenConsumer =>
        'why' in progress ? { consumer: name, is: 'left', why: progress.why } : { consumer: name, is: 'brought' },
      ),
      ...left.map(({ name, why }): ForeseenConsumer => ({
        consumer: name,
        is: stays.has(name) ? 'never' : 'left',
        why,
      })),
      ...unasked.map(({ name, is, why }): ForeseenConsumer => {
        const reading = stays.get(name);
        return reading === undefined ? { consumer: name, is: is === 'no' ? 'left' : is, why } : neverOf(reading);
      }),
      ...unsaid.map(neverOf),
    ],
    notLooked: [...notLooked, ...hidden.map((name) => `how ${name} fares could not be seen just now`)],
  };
}

function neverOf(reading: Reading): ForeseenConsumer {
  return { consumer: reading.consumer.name, is: 'never', why: `it ${reasonOf(reading)}` };
}

/** What only a tag names gets no requests, unless somebody asks for it by its tag. */
function staysForEver({ sees, share, tag }: Reading): boolean {
  return sees === 'never' && (share !== 0 || tag === undefined);
}
