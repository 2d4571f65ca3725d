type Entries<T> = Readonly<Record<string, T>>;

/** Entries with a change laid over them: `null` removes one, and whatever is not named stays as it was read (I10). */
export function merged<T>(read: Entries<T>, change: Entries<T | null>): Entries<T> {
  const kept = Object.entries<T | null>({ ...read, ...change });
  return Object.fromEntries(kept.filter((entry): entry is [string, T] => entry[1] !== null));
}
