/** A 32-bit number from a name (FNV-1a): spreads secrets over time, and tells rotations of different secrets apart. */
export function stableHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Items in an order that every moment draws anew, the same for everybody: what comes first today need not come first tomorrow. */
export function stableShuffle<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  moment: number,
): readonly Item[] {
  const drawn = items.map((item) => ({ item, rank: stableHash(`${moment} ${nameOf(item)}`) }));
  return drawn.toSorted((a, b) => a.rank - b.rank).map(({ item }) => item);
}
