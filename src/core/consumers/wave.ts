import { plural } from '../values/plural.ts';
import type { Progress } from './progress.ts';

/** How many at once, and how many may fail before this was a bad idea. */
export interface WavePolicy {
  readonly reachWaveMax: number;
  readonly reachFailuresMax: number;
}

interface Progressing {
  readonly progress: Progress;
}

interface Named {
  readonly name: string;
}

/**
 * The consumers of which new revisions are made next: none while some are on the way; then one, two, four and so on, as many as have come
 * through before. Once one has failed it is one at a time, and after too many nobody.
 */
export function nextWave<One extends Progressing>(
  all: readonly One[],
  { reachWaveMax, reachFailuresMax }: WavePolicy,
): readonly One[] {
  const of = (kind: Progress['is']) => all.filter(({ progress }) => progress.is === kind);
  if (of('underway').length > 0 || of('failed').length > 0) return [];
  const undone = of('undone').length;
  if (undone > reachFailuresMax) return [];
  const width = undone > 0 ? 1 : Math.min(reachWaveMax, Math.max(1, of('on').length));
  return of('due').slice(0, width);
}

/** How far a move has come to all who are to be brought along. */
export type Reached =
  | { readonly is: 'all' }
  | { readonly is: 'underway'; readonly why: string }
  /** Some do not come up, or cannot be brought along: they keep the old key until somebody has looked. */
  | { readonly is: 'stuck'; readonly why: string }
  /** So many do not come up that the new key may be why. */
  | { readonly is: 'spoilt'; readonly why: string };

/** Sums up how all stand; `left` are those that somebody would have to bring along by hand. */
export function reachedOf(
  all: readonly (Progressing & Named)[],
  left: readonly (Named & { readonly why: string })[],
  { reachFailuresMax }: Pick<WavePolicy, 'reachFailuresMax'>,
): Reached {
  const failed = all.filter(({ progress: { is } }) => is === 'failed' || is === 'undone');
  if (failed.length > reachFailuresMax)
    return {
      is: 'spoilt',
      why: `${plural(failed.length, 'consumer')} did not come up with the new key: ${namesOf(failed)}`,
    };
  const coming = all.filter(({ progress: { is } }) => is === 'due' || is === 'underway' || is === 'failed');
  if (coming.length > 0)
    return {
      is: 'underway',
      why: `${coming.length} of ${plural(all.length, 'consumer')} are yet to be given the new key: ${namesOf(coming)}`,
    };
  const stuck = [
    ...all.flatMap(({ name, progress }) => ('why' in progress ? [{ name, why: progress.why }] : [])),
    ...left,
  ];
  if (stuck.length === 0) return { is: 'all' };
  return { is: 'stuck', why: reasonsText(stuck) };
}

/** Who keeps the old key, or where a move goes back the one that was given up, and why, in a sentence. */
export function reasonsText(kept: readonly (Named & { readonly why: string })[], key = 'the old key'): string {
  const reasons = kept.slice(0, NAMES_MAX).map(({ name, why }) => `${shortName(name)}: ${why}`);
  return `${plural(kept.length, 'consumer')} may keep ${key}: ${reasons.join('; ')}${more(kept)}`;
}

/** Annotations are 16 KiB in all, and a text that names everybody is read by nobody. */
const NAMES_MAX = 3;

/** The first few by their short names, and how many more. */
export function namesOf(consumers: readonly Named[]): string {
  return `${consumers
    .slice(0, NAMES_MAX)
    .map(({ name }) => shortName(name))
    .join(', ')}${more(consumers)}`;
}

function more(list: readonly unknown[]): string {
  return list.length > NAMES_MAX ? `, and ${list.length - NAMES_MAX} more` : '';
}

/** `api in europe-west1` of `projects/p/locations/europe-west1/services/api`. */
function shortName(consumer: string): string {
  const [, , , region = '', , name = consumer] = consumer.split('/');
  return region === '' ? name : `${name} in ${region}`;
}
