import { bytesInBase64 } from '../values/base64.ts';
import { envValuesIn, jsonValuesIn, type FieldValue } from './field-values.ts';
import type { LintKind } from './lint-finding.ts';
import { keyRunsIn, type KeyRun } from './key-runs.ts';
import { KeyText } from './key-text.ts';
import { lintStoredBytes, type StoredText } from './stored-bytes.ts';
import { DOCUMENTS } from './unwrap.ts';

/**
 * What stands around the key in a stored value. A rotation keeps it and its journal names it: names of fields, and never
 * a byte of a value. Example: `{ is: 'json', fields: ['/gemini/apiKey'] }`.
 */
export interface KeptForm {
  readonly is: FormKind;
  /** Where the key stands: JSON pointers (RFC 6901) or names of variables; none for a bare key. */
  readonly fields: readonly string[];
  /** How often all of it was encoded in base64; absent for never. */
  readonly base64?: number | undefined;
}

/** A form in words: `a key alone`, `JSON with the key in /gemini/apiKey`, `an env file with the key in KEY, in base64`. */
export function formText({ is, fields, base64 }: KeptForm): string {
  const encoded = base64 === undefined ? '' : `, in base64${base64 > 1 ? ` ${base64} times` : ''}`;
  return `${is === 'bare' ? 'a key alone' : `${FORM_WORDS[is]} with the key in ${fields.join(' and ')}`}${encoded}`;
}

const FORM_WORDS = { json: 'JSON', env: 'an env file' } as const;

export const FORM_KINDS = ['bare', 'json', 'env'] as const;
export type FormKind = (typeof FORM_KINDS)[number];

/** Why a value is not for rotation. */
export type NotKept = 'no_key' | 'several_keys' | 'no_such_field' | 'other_text';

/** A stored value as a rotation sees it: the key and how another is put in its place, or why that cannot be done. */
export type StoredForm =
  | {
      readonly is: 'kept';
      readonly form: KeptForm;
      readonly key: KeyText;
      /** The key is all of each value that holds it: quotes and comments that the form itself has aside, nothing is stored with it. */
      readonly isExact: boolean;
      /** The same value with another key: it differs in the key’s characters alone (I11). */
      readonly holding: (key: KeyText) => Uint8Array;
    }
  | {
      readonly is: 'not_kept';
      readonly why: NotKept;
      /** A sentence without its subject, and no byte of the value in it (I9). */
      readonly says: string;
      /** Fields that hold a key: a policy can name one of them. */
      readonly fields: readonly string[];
    };

/** Encoded by hand, and once more by a tool; what is deeper is left alone. */
const BASE64_MAX = 2;

/**
 * Reads a stored value for a rotation (I12): exactly one key, in a form that can be kept. That is a key alone, as a text
 * of JSON at any depth, or as the value of a variable in an env file; quotes and white space may stand around it, and all
 * of it may be in base64. `field` is the one that a policy names; then other keys may stand beside it. Linear in the value.
 */
export function storedFormOf(bytes: Uint8Array, field?: string): StoredForm {
  return formOf(textOf(bytes), field, BASE64_MAX);
}

/** Byte for byte, so that whatever is not looked at comes back as it was, whatever its encoding. */
function textOf(bytes: Uint8Array): string {
  return bytes.reduce((text, byte) => text + String.fromCharCode(byte), '');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/**
 * What to probe of a value: the key in the field that a policy names, and otherwise whatever may be one. Where a document
 * holds the key as documents do, its quotes and comments are no fault: consumers parse it.
 */
export function storedTextOf(bytes: Uint8Array, field?: string): StoredText {
  const linted = lintStoredBytes(bytes);
  const isDocument = linted.findings.some(({ kind }) => DOCUMENTS.includes(kind)) && linted.candidates.length > 0;
  // Most values are a key alone, and are looked at once.
  if (field === undefined && !isDocument) return linted;
  const stored = storedFormOf(bytes, field);
  if (stored.is !== 'kept' || stored.form.is === 'bare' || (field === undefined && !stored.isExact)) return linted;
  const settled = field === undefined ? SYNTAX : [...SYNTAX, 'several_keys'];
  const findings = linted.findings.filter(({ kind }) => !settled.includes(kind));
  return { findings, candidates: [{ key: stored.key, certainty: 'whole' }], key: stored.key };
}

/** What a document has around a value without storing it. */
const SYNTAX: readonly LintKind[] = ['quoted', 'comment', 'stray_punctuation', 'surrounding_whitespace'];

/** The one key that a value holds, as far as anybody can tell: in a form that can be kept, or else what would be probed. */
export function heldKeyIn(bytes: Uint8Array, field?: string): KeyText | undefined {
  const stored = storedFormOf(bytes, field);
  return stored.is === 'kept' ? stored.key : lintStoredBytes(bytes).key;
}

/** Whether a key stands anywhere in a value, in base64 too: for whatever must not be taken away while it does. */
export function holdsKey(bytes: Uint8Array, key: KeyText): boolean {
  return holdingOf(bytes)(key);
}

/** The same question for many keys about one value, which is decoded once. */
export function holdingOf(bytes: Uint8Array): (key: KeyText) => boolean {
  const layers = layersOf(textOf(bytes), BASE64_MAX);
  return (key) => layers.some((text) => text.includes(key.reveal()));
}

/** A text, and what stands in it as base64, one inside the other. */
function layersOf(text: string, timesLeft: number): readonly string[] {
  const inside = timesLeft === 0 ? undefined : bytesInBase64(standardOf(text.trim()));
  return [text, ...(inside === undefined ? [] : layersOf(inside, timesLeft - 1))];
}

function formOf(text: string, field: string | undefined, timesLeft: number): StoredForm {
  const runs = keyRunsIn(text);
  if (runs.length === 0) return encodedFormOf(text, field, timesLeft);
  const { is, values } = valuesIn(text, runs);
  const places = runs.map((run) => ({ run, field: fieldOf(run, values, text) }));
  const fields = namesIn(places);
  const meant = field === undefined || is === 'bare' ? places : places.filter((place) => place.field === field);
  const [first] = meant;
  if (first === undefined) return notKept('no_such_field', `holds no key in the field ${field}`, fields);
  const keys = new Set(meant.map(({ run }) => run.characters)).size;
  if (keys > 1) return notKept('several_keys', `holds ${keys} keys`, fields);
  if (meant.some((place) => place.field === undefined || place.run.certainty === 'altered'))
    return notKept('other_text', 'holds a key among other text, in no form that can be kept', fields);
  return {
    is: 'kept',
    form: { is, fields: namesIn(meant) },
    key: new KeyText(first.run.characters),
    isExact: meant.every(({ run }) => values.some(({ start, end }) => start === run.start && end === run.end)),
    holding: (key) => bytesOf(spliced(text, meant, key.reveal())),
  };
}

function notKept(why: NotKept, says: string, fields: readonly string[]): StoredForm {
  return { is: 'not_kept', why, says, fields };
}

/** Only what comes out of encoding again as it was can be put back. Padding is kept; where the old value needed none, it is added. */
function encodedFormOf(text: string, field: string | undefined, timesLeft: number): StoredForm {
  const none = notKept('no_key', 'holds nothing that looks like a Gemini key', []);
  const [, before = '', encoded = '', after = ''] = /^(\s*)(\S*)(\s*)$/.exec(text) ?? [];
  const isUrlSafe = /[-_]/.test(encoded);
  const inside = encoded === '' || timesLeft === 0 ? undefined : bytesInBase64(standardOf(encoded));
  if (inside === undefined) return none;
  const encode = (bytes: string): string => {
    const padded = isUrlSafe ? btoa(bytes).replaceAll('+', '-').replaceAll('/', '_') : btoa(bytes);
    return encoded.endsWith('=') || encoded.length % 4 === 0 ? padded : padded.replace(/=+$/, '');
  };
  if (encode(inside) !== encoded) return none;
  const form = formOf(inside, field, timesLeft - 1);
  if (form.is === 'not_kept') return form;
  return {
    ...form,
    form: { ...form.form, base64: (form.form.base64 ?? 0) + 1 },
    holding: (key) => bytesOf(before + encode(textOf(form.holding(key))) + after),
  };
}

function standardOf(encoded: string): string {
  return encoded.replaceAll('-', '+').replaceAll('_', '/');
}

interface Place {
  readonly run: KeyRun;
  /** Absent where the run is not all of a value; empty for a bare key. */
  readonly field: string | undefined;
}

function namesIn(places: readonly Place[]): readonly string[] {
  return [...new Set(places.flatMap(({ field }) => field ?? []))].filter((name) => name !== '');
}

/** The values of the form that a text has; a text of no form that is known has none. */
function valuesIn(
  text: string,
  runs: readonly KeyRun[],
): { readonly is: FormKind; readonly values: readonly FieldValue[] } {
  const json = jsonValuesIn(text);
  if (json !== undefined) return { is: 'json', values: json };
  const env = envValuesIn(text);
  if (env !== undefined) return { is: 'env', values: env };
  return { is: 'bare', values: runs.length === 1 ? [{ field: '', start: 0, end: text.length }] : [] };
}

function fieldOf(run: KeyRun, values: readonly FieldValue[], text: string): string | undefined {
  const value = values.find(({ start, end }) => start <= run.start && run.end <= end);
  return value !== undefined && isAlone(text, value, run) ? value.field : undefined;
}

/** A byte order mark in UTF-8, read byte by byte. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const EDGE = /^\s*(["'`]?)\s*$/;

/** Nothing but white space, a byte order mark and a pair of quotes stands around the key. */
function isAlone(text: string, value: FieldValue, run: KeyRun): boolean {
  const before = EDGE.exec(text.slice(value.start, run.start).replace(BYTE_ORDER_MARK, ''));
  const after = EDGE.exec(text.slice(run.end, value.end));
  return before !== null && after !== null && before[1] === after[1];
}

function spliced(text: string, places: readonly Place[], key: string): string {
  let [result, from] = ['', 0];
  for (const { run } of places) {
    result += text.slice(from, run.start) + key;
    from = run.end;
  }
  return result + text.slice(from);
}
