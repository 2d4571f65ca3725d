import type { KeyNotice } from './notices/key-notices.ts';
import { compareSeverity } from '../causes/causes.ts';

/** One message names so many: Pub/Sub takes far more, readers do not. */
const TOGETHER_MAX = 25;

/** What begins, what goes on and what is over are told apart. */
const KIND = {
  'key.unhealthy': 'begins',
  'key.unclear': 'begins',
  'key.reminder': 'goes on',
  'key.recovered': 'is over',
} as const satisfies Record<KeyNotice['type'], string>;

/**
 * What one run tells of single keys, parted into what is told together, the worst first and what has one cause side by side. What
 * channels are quiet about stands alone: nobody must be told of others by it.
 */
export function groupsOf<Item extends { readonly notice: KeyNotice; readonly isQuiet: boolean }>(
  items: readonly Item[],
): readonly (readonly Item[])[] {
  const alone = items.filter(({ isQuiet }) => isQuiet).map((item) => [item]);
  const kinds = Map.groupBy(
    items.filter(({ isQuiet }) => !isQuiet),
    ({ notice }) => KIND[notice.type],
  );
  const groups = [...kinds.values()].flatMap((some) => chunks(some.toSorted((a, b) => worstFirst(a.notice, b.notice))));
  return [...groups, ...alone];
}

function worstFirst(one: KeyNotice, other: KeyNotice): number {
  const graver = compareSeverity(other.episode.severity, one.episode.severity);
  if (graver !== 0) return graver;
  return placeOf(one) < placeOf(other) ? -1 : 1;
}

/** A leak goes before what is as grave: strangers have the key. */
function placeOf({ episode: { cause }, finding: { secret } }: KeyNotice): string {
  return `${cause === 'key_leaked' ? '' : cause} ${secret}`;
}

/** What a list becomes where one message is not to name all of it. */
export function chunks<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return items.flatMap((_, at) => (at % TOGETHER_MAX === 0 ? [items.slice(at, at + TOGETHER_MAX)] : []));
}
