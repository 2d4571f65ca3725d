import type { Reading, Sees } from '../../core/consumers/reading.ts';
import { plural } from '../../core/values/plural.ts';

const SEEING = ['at once', 'next instance', 'next deploy', 'never'] as const satisfies readonly Sees[];

/** When a new version is seen, as the end of a sentence about it. */
export const SEEN = {
  'at once': 'at once',
  'next instance': 'with the next instance',
  'next deploy': 'with the next deploy',
  never: 'never',
} as const satisfies Record<Sees, string>;

/** Who reads a secret in one line: how many, and when a new version is seen by how many. */
export function readersInWords(readings: readonly Seeing[]): string {
  const names = new Set(readings.map(({ name }) => name)).size;
  if (names === 0) return 'nobody was found that reads it';
  const kinds = SEEING.map((when) => [when, readings.filter(({ sees }) => sees === when).length] as const);
  const counts = kinds.filter(([, count]) => count > 0).map(([when, count]) => `${SEEN[when]} by ${count}`);
  return `${plural(names, 'consumer')}; a new version is seen ${counts.join(', ')}`;
}

/** A way of reading, as far as it is counted. */
interface Seeing extends Pick<Reading, 'sees'> {
  /** Of the consumer, which may read in several ways. */
  readonly name: string;
}
