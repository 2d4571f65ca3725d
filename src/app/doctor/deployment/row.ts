import type { Sighted, See } from './sighted.ts';
import type { LookName } from './looks.ts';
import type { Place } from './place.ts';

/** What one resource block of terraform/ makes, how it is seen, and what to do where it is not there. */
export interface MadeRow {
  /** What it is, for whoever reads the list. */
  readonly title: string;
  /** The looks that show it. */
  readonly shownBy: readonly LookName[];
  /** What to do where something of it is wrong: the same whatever it is, or by the names of what is wrong. */
  readonly mend: string | ((wrong: readonly string[], place: Place) => string);
  /** Looks at everything of it that this deployment should have; nothing where it should have none. */
  find(place: Place, see: See): readonly Promise<Sighted>[];
}

/** A block that leaves nothing at Google. */
export interface UnmadeRow {
  readonly leavesNothing: string;
}

/** Rows by the address of their block, such as `google_pubsub_topic.worker`. */
export type Rows = Readonly<Record<string, MadeRow | UnmadeRow>>;

/** What mends most of it. */
export const APPLY = 'apply the module again';
