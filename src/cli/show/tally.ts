import { plural } from '../../core/values/plural.ts';

/** How often each word came up: `3 secrets: 2 managed, 1 failed`. */
export function tally(words: readonly string[]): string {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} ${word}`);
  return `${plural(words.length, 'secret')}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
}
