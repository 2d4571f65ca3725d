import { jsonForm, readingOf, type Form } from './form.ts';
import { moment, text } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { isoOf, type Instant } from '../values/time.ts';

/** What people were told of one key, or of one project: which it is, as a few characters of a hash, and what, as bits. */
export interface Marked {
  readonly mark: string;
  readonly bits: number;
}

/** What scheduled inventories have told, so that each says what is new. `null` before the first. */
export interface InventoryTold {
  /** When it was written last: events of one time after it have ids of their own. */
  readonly at: Instant;
  readonly told: readonly Marked[];
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 36 bits in base64url tell a key from two thousand others. */
export const MARK_CHARACTERS = 6;
const ENTRY_CHARACTERS = MARK_CHARACTERS + 2;

/** So many find room among the 16 KiB that all annotations of a secret may have. */
export const MARKED_MAX = 1800;

/** Annotation that remembers it: `{"v":1,"at":"…","told":"<6 characters of a mark and 2 of bits each>"}`. */
export const INVENTORY_TOLD_FORM: Form<InventoryTold | null> = {
  annotation: 'key-warden.inventory',
  absent: null,
  ...jsonForm<InventoryTold>({
    read: (annotation) => readingOf(read(annotation)),
    json: ({ at, told }) => ({ v: 1, at: isoOf(at), told: told.map(entryOf).join('') }),
  }),
};

function read(annotation: string): InventoryTold | undefined {
  const value = parseRecord(annotation);
  if (value?.['v'] !== 1) return undefined;
  const [at, told] = [moment(value['at'])?.value, text(value['told'])?.value];
  if (at === undefined || told === undefined) return undefined;
  if (!/^[\w-]*$/.test(told) || told.length % ENTRY_CHARACTERS !== 0) return undefined;
  return { at, told: Array.from({ length: told.length / ENTRY_CHARACTERS }, (_, index) => markedIn(told, index)) };
}

function markedIn(told: string, index: number): Marked {
  const entry = told.slice(index * ENTRY_CHARACTERS).slice(0, ENTRY_CHARACTERS);
  const digit = (at: number): number => DIGITS.indexOf(entry.charAt(MARK_CHARACTERS + at));
  return { mark: entry.slice(0, MARK_CHARACTERS), bits: digit(0) * DIGITS.length + digit(1) };
}

function entryOf({ mark, bits }: Marked): string {
  return `${mark}${DIGITS.charAt(Math.floor(bits / DIGITS.length))}${DIGITS.charAt(bits % DIGITS.length)}`;
}
