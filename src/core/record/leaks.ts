import { count, isoFields, maybe, moment, shaped, text, type Decoder } from '../values/decode.ts';
import type { JsonRecord } from '../values/json.ts';
import { utf8Bytes } from '../values/utf8.ts';
import type { Instant } from '../values/time.ts';
import type { Form } from './form.ts';
import { listForm } from './list-form.ts';

/** Annotation that lists leaked keys which are not proven dead (I18). */
export const LEAKS_ANNOTATION = 'key-warden.leaks';

/** A leaked key until it is proven dead. */
export interface Leak {
  /** The version that holds it. */
  readonly version: number;
  /** Its name at its issuer, where the record does not say it of the version elsewhere; absent while nobody knows where it was made. */
  readonly key?: string | undefined;
  /** When somebody said that it leaked. */
  readonly at: Instant;
  /** Since when every look found it deleted and refused. */
  readonly refusedSince?: Instant | undefined;
  /** When people were last told that it is alive, and how often before. */
  readonly toldAt?: Instant | undefined;
  readonly told: number;
}

/** Four in their longest form, or two whose keys nothing else on record names. A further one waits in its journal, held before it ends. */
const LEAKS_BYTES_MAX = 600;
/** What is told every week is told so often in two centuries. */
const TOLD_MAX = 9_999;

const LEAK: Decoder<Leak> = shaped<Leak>({
  version: count,
  key: maybe(text),
  at: moment,
  refusedSince: maybe(moment),
  toldAt: maybe(moment),
  told: count,
});

function leakJson({ version, key, at, refusedSince, toldAt, told }: Leak): JsonRecord {
  return { version, key, ...isoFields({ at, refusedSince, toldAt }), told: Math.min(told, TOLD_MAX) };
}

/** Whether one more has room, also once all of them say all that they may come to say. */
export function canHoldLeak(leak: Leak, leaks: readonly Leak[]): boolean {
  const all = [...leaks, leak].map((one) => ({ ...one, refusedSince: one.at, toldAt: one.at, told: TOLD_MAX }));
  return utf8Bytes(`${LEAKS_ANNOTATION}${String(LEAKS_FORM.write(all))}`) <= LEAKS_BYTES_MAX;
}

/** The form of the list; without a leak there is no annotation. None is ever left out, whoever wrote it. */
export const LEAKS_FORM: Form<readonly Leak[]> = {
  annotation: LEAKS_ANNOTATION,
  ...listForm(LEAK, leakJson, Number.POSITIVE_INFINITY),
};
