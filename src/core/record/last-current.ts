import { count, isoFields, maybe, moment, oneOf, shaped, type Decoder } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import type { Instant } from '../values/time.ts';
import { jsonForm, readingOf, type Form } from './form.ts';

/** Annotation that says where `current` was left: `{"v":1,"version":3}`. */
const LAST_CURRENT_ANNOTATION = 'key-warden.current';

/** What became of the alias in other hands: put back once, gone for good, moved again and again by a tool, or moved to a key that leaked. */
export const ALIAS_STATES = ['put_back', 'missing', 'contested', 'leaked'] as const;

/** The last `current` that we committed, or that we found somebody had moved it to. */
export interface LastCurrent {
  readonly version: number;
  /** Where others last moved it, and when that was seen. */
  readonly movedTo?: number | undefined;
  readonly movedAt?: Instant | undefined;
  readonly is?: (typeof ALIAS_STATES)[number] | undefined;
}

const LAST_CURRENT: Decoder<LastCurrent> = shaped<LastCurrent>({
  version: count,
  movedTo: maybe(count),
  movedAt: maybe(moment),
  is: maybe(oneOf(ALIAS_STATES)),
});

function read(annotation: string): LastCurrent | undefined {
  const value = parseRecord(annotation);
  return value?.['v'] === 1 ? LAST_CURRENT(value)?.value : undefined;
}

/** The form of it; a secret has none before a release that knows of it has moved the alias. */
export const LAST_CURRENT_FORM: Form<LastCurrent | null> = {
  annotation: LAST_CURRENT_ANNOTATION,
  absent: null,
  ...jsonForm<LastCurrent>({
    read: (annotation) => readingOf(read(annotation)),
    json: ({ version, movedTo, movedAt, is }) => ({ v: 1, version, movedTo, ...isoFields({ movedAt }), is }),
  }),
};
