import type { SecretChange, SecretSighting } from '../../app/ports/ports.ts';
import { merged } from '../../core/values/merged.ts';

type Entries<T> = Readonly<Record<string, T>>;

/** The maps of a secret as they are to be written: only those that change, each of them whole. */
export interface SecretMaps {
  readonly labels?: Entries<string>;
  readonly annotations?: Entries<string>;
  readonly aliases?: Entries<number>;
}

/** The API's names of the fields that `SecretMaps` holds. */
export interface ChangedMaps {
  readonly maps: SecretMaps;
  readonly mask: readonly string[];
}

/** A change without entries changes nothing: then the audit log shall not say that the map was written. */
function some<T>(change: Entries<T> | undefined): Entries<T> | undefined {
  return change === undefined || Object.keys(change).length === 0 ? undefined : change;
}

/**
 * What was read plus the change (I10): the API replaces a map whole, so an entry that is not written again is lost, and a
 * map that is not in the mask is left alone.
 */
export function changedMaps(read: SecretSighting, change: SecretChange): ChangedMaps {
  const [labels, annotations, aliases] = [some(change.labels), some(change.annotations), some(change.aliases)];
  return {
    maps: {
      ...(labels && { labels: merged(read.labels, labels) }),
      ...(annotations && { annotations: merged(read.annotations, annotations) }),
      ...(aliases && { aliases: merged(read.aliases, aliases) }),
    },
    mask: [
      ...(labels ? ['labels'] : []),
      ...(annotations ? ['annotations'] : []),
      ...(aliases ? ['version_aliases'] : []),
    ],
  };
}

/** Whether a secret already holds these maps, entry for entry. */
export function hasMaps(found: SecretSighting, maps: SecretMaps): boolean {
  return (
    same(found.labels, maps.labels) && same(found.annotations, maps.annotations) && same(found.aliases, maps.aliases)
  );
}

function same<T>(found: Entries<T>, wanted: Entries<T> | undefined): boolean {
  if (wanted === undefined) return true;
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(found).length && keys.every((key) => found[key] === wanted[key]);
}
