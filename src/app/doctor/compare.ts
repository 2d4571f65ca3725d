import { isRecord, parseRecord } from '../../core/values/json.ts';
import type { Check } from './checklist.ts';

/** What `doctor --json` of one host says about one place. */
interface Place {
  readonly title: string;
  readonly fingerprint: string;
}

/** Compares what `doctor --json` printed on two hosts; `undefined` when a text is none of these. No key is needed for it. */
export function compareHosts(here: string, there: string): readonly Check[] | undefined {
  const [one, other] = [placesIn(here), placesIn(there)];
  if (one === undefined || other === undefined) return undefined;
  const [first, second] = [one[0], other[0]];
  const title = 'both hosts use the same key';
  const word = comparisonIn(here);
  if (word === undefined || word !== comparisonIn(there)) {
    const says = 'both need doctor --json --compare-with WORD, with the same word of your choice on both hosts';
    return [{ state: 'not_looked', title, says }];
  }
  const inUse: Check =
    first === undefined || second === undefined
      ? { state: 'not_looked', title, says: 'one of them holds no key' }
      : {
          state: first.fingerprint === second.fingerprint ? 'yes' : 'no',
          title,
          says: `${first.title} here, ${second.title} there`,
        };
  return [
    inUse,
    ...one.map(({ title: place, fingerprint }): Check => {
      const twins = other.filter((candidate) => candidate.fingerprint === fingerprint).map((twin) => twin.title);
      const says = twins.length > 0 ? `is there in ${twins.join(', ')}` : 'is in no place there';
      return { state: twins.length > 0 ? 'yes' : 'no', title: `the key in ${place}`, says };
    }),
  ];
}

/** Under which word the keys were told apart; absent where none was given. */
function comparisonIn(text: string): string | undefined {
  const comparison = parseRecord(text)?.['comparison'];
  return typeof comparison === 'string' ? comparison : undefined;
}

function placesIn(text: string): readonly Place[] | undefined {
  const places = parseRecord(text)?.['places'];
  if (!Array.isArray(places)) return undefined;
  return places.flatMap((place: unknown): readonly Place[] => {
    if (!isRecord(place)) return [];
    const { title, fingerprint } = place;
    return typeof title === 'string' && typeof fingerprint === 'string' ? [{ title, fingerprint }] : [];
  });
}
