/** A place that has to know every word of a closed set, and no other one. */
export interface Place {
  readonly name: string;
  /** The words that it lists. */
  readonly lists?: readonly string[];
  /** Whether it understands a word, where nothing lists them. */
  readonly takes?: (word: string) => boolean;
}

/** A closed set and all places that would have to change with it. */
export interface ClosedSet {
  readonly name: string;
  readonly members: readonly string[];
  readonly places: readonly Place[];
}

/** What the places of a set miss, or know too much, one sentence each. */
export function missedIn({ name, members, places }: ClosedSet): readonly string[] {
  return places.flatMap((place) => {
    const knows = (word: string) => place.lists?.includes(word) ?? place.takes?.(word) ?? false;
    const missed = members
      .filter((member) => !knows(member))
      .map((member) => `${place.name} misses ${member} of ${name}`);
    const foreign = (place.lists ?? []).filter((word) => !members.includes(word));
    return [...missed, ...foreign.map((word) => `${place.name} has ${word}, which is not of ${name}`)];
  });
}
