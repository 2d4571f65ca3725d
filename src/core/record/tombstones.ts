import { text } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { jsonForm, readingOf, removedWhen, type Form } from './form.ts';

/** Annotation that lists retired keys: `{"v":1,"retired":"<16 characters each>","leaked":""}`. */
const TOMBSTONES_ANNOTATION = 'key-warden.tombstones';

/** 96 bits in base64url. */
const TOMBSTONE_CHARACTERS = 16;
/** Further ones take the place of the oldest that did not leak. */
export const TOMBSTONES_MAX = 40;

/** What is left of the keys that this secret has retired, oldest first: they forbid, and do nothing else (I14). */
export interface Tombstones {
  readonly retired: readonly string[];
  /** Of keys that leaked. None of these is ever given up. */
  readonly leaked: readonly string[];
}

export const NO_TOMBSTONES: Tombstones = { retired: [], leaked: [] };

function read(annotation: string): Tombstones | undefined {
  const value = parseRecord(annotation);
  if (value?.['v'] !== 1) return undefined;
  const [retired, leaked] = [apart(value['retired']), apart(value['leaked'])];
  return retired === undefined || leaked === undefined ? undefined : { retired, leaked };
}

function apart(value: unknown): readonly string[] | undefined {
  const joined = text(value)?.value;
  if (joined === undefined || joined.length % TOMBSTONE_CHARACTERS !== 0) return undefined;
  const count = joined.length / TOMBSTONE_CHARACTERS;
  return Array.from({ length: count }, (_, at) =>
    joined.slice(at * TOMBSTONE_CHARACTERS).slice(0, TOMBSTONE_CHARACTERS),
  );
}

/** The form of them: one text each, because fifty bytes of quotes and commas would be as many tombstones less. */
export const TOMBSTONES_FORM: Form<Tombstones> = {
  annotation: TOMBSTONES_ANNOTATION,
  absent: NO_TOMBSTONES,
  ...removedWhen(
    ({ retired, leaked }: Tombstones) => retired.length === 0 && leaked.length === 0,
    jsonForm<Tombstones>({
      read: (annotation) => readingOf(read(annotation)),
      json: ({ retired, leaked }) => ({ v: 1, retired: retired.join(''), leaked: leaked.join('') }),
    }),
  ),
};

/** With one more. A key that leaked once stays leaked. */
export function withTombstone({ retired, leaked }: Tombstones, tombstone: string, isLeaked: boolean): Tombstones {
  const others = retired.filter((one) => one !== tombstone);
  const leaks = isLeaked && !leaked.includes(tombstone) ? [...leaked, tombstone] : leaked;
  const all = leaks.includes(tombstone) ? others : [...others, tombstone];
  const room = Math.max(0, TOMBSTONES_MAX - leaks.length);
  return { retired: all.slice(Math.max(0, all.length - room)), leaked: leaks };
}

/** Without that of a key that consumers read again; a leaked one stays. */
export function withoutTombstone({ retired, leaked }: Tombstones, tombstone: string): Tombstones {
  return { retired: retired.filter((one) => one !== tombstone), leaked };
}

/** Whether there is no place for one more, because all of them leaked. */
export function areTombstonesFull({ leaked }: Tombstones): boolean {
  return leaked.length >= TOMBSTONES_MAX;
}

/** Why a key is no candidate; `undefined` for one that was never retired here. */
export function forbidden({ retired, leaked }: Tombstones, tombstone: string | undefined): string | undefined {
  if (tombstone === undefined) return undefined;
  if (leaked.includes(tombstone)) return 'a key that was retired here because it leaked';
  return retired.includes(tombstone) ? 'a key that was retired here' : undefined;
}
