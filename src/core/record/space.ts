import { utf8Bytes } from '../values/utf8.ts';
import type { SecretRecord } from './secret-record.ts';

/** Secret Manager takes so much in all annotations of a secret, names and values, and so many aliases. */
export const ANNOTATION_BYTES_MAX = 16_384;
const ALIASES_MAX = 50;

const PARTS = [
  'rotation',
  'history',
  'leaks',
  'outbox',
  'health',
  'outage',
  'projectOutage',
  'announcedUnreadable',
  'managedSince',
  'lastCurrent',
  'tombstones',
] as const satisfies readonly (keyof SecretRecord)[];

/**
 * The most that each part takes which a rotation or a check may write, its annotation's name included. A test builds the worst of each
 * from the bounds of its fields, and holds the sum of all that we write against the limit.
 */
export const PART_BYTES = {
  rotation: 4_150,
  history: 3_700,
  leaks: 600,
  outbox: 450,
  health: 850,
  outage: 500,
  projectOutage: 500,
  announcedUnreadable: 150,
  managedSince: 125,
  lastCurrent: 120,
  tombstones: 770,
} as const satisfies Record<(typeof PARTS)[number], number>;

/** The most that the list of old keys takes; it holds some eleven of them, or more where their names are short. */
export const LEDGER_BYTES_MAX = 3_700;
/** What one more old key may take. */
export const LEDGER_ENTRY_BYTES = 450;

/** What a secret still takes of one kind, and what may be asked of it. */
export interface Space {
  readonly of: 'annotations' | 'aliases';
  readonly used: number;
  readonly most: number;
  readonly needed: number;
}

/** A secret as far as its room goes. */
export interface Spacious {
  readonly annotations: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, number>>;
  readonly record: SecretRecord;
}

/** What should be left beyond the need of one rotation. */
interface Spare {
  readonly bytes: number;
  readonly aliases: number;
}

const NOTHING_SPARE: Spare = { bytes: 0, aliases: 0 };
/** With less than this left a person is told. */
export const EARLY: Spare = { bytes: 1_000, aliases: 2 };

/** The bytes that annotations take. */
export function annotationBytes(annotations: Spacious['annotations']): number {
  return Object.entries(annotations).reduce((sum, [name, text]) => sum + utf8Bytes(name) + utf8Bytes(text), 0);
}

/** Where a whole rotation would not find the room that it may need: it would be stuck half way, with a key minted. */
export function spaceMissing(
  { annotations, aliases, record }: Spacious,
  spare: Spare = NOTHING_SPARE,
): Space | undefined {
  const used = annotationBytes(annotations);
  const growth = PARTS.reduce(
    (sum, part) => sum + Math.max(0, PART_BYTES[part] - utf8Bytes(record[part].text ?? '')),
    0,
  );
  const needed = growth + LEDGER_ENTRY_BYTES;
  if (used + needed + spare.bytes > ANNOTATION_BYTES_MAX)
    return { of: 'annotations', used, most: ANNOTATION_BYTES_MAX, needed };
  const count = Object.keys(aliases).length;
  const missing = ['current', 'previous'].filter((alias) => aliases[alias] === undefined).length;
  if (count + missing + spare.aliases <= ALIASES_MAX) return undefined;
  return { of: 'aliases', used: count, most: ALIASES_MAX, needed: missing };
}
