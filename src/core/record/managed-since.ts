import { count, maybe, moment, shaped, type Decoder } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { isoOf, type Instant } from '../values/time.ts';
import { jsonForm, readingOf, type Form } from './form.ts';

/** Annotation that a secret keeps when it loses its label: `{"v":1,"since":"2027-01-15T08:00:00.000Z"}`. */
const MANAGED_SINCE_ANNOTATION = 'key-warden.managed-since';

/** Since when a secret is under care, as far as we put it there. */
export interface ManagedSince {
  readonly since: Instant;
  /** The version that consumers read then, and when its issuer made the key in it, which may be years before. */
  readonly key?: { readonly version: number; readonly madeAt: Instant } | undefined;
}

interface Written {
  readonly since: Instant;
  readonly version?: number | undefined;
  readonly madeAt?: Instant | undefined;
}

const WRITTEN: Decoder<Written> = shaped<Written>({ since: moment, version: maybe(count), madeAt: maybe(moment) });

function read(text: string): ManagedSince | undefined {
  const value = parseRecord(text);
  const written = value?.['v'] === 1 ? WRITTEN(value)?.value : undefined;
  if (written === undefined) return undefined;
  const { since, version, madeAt } = written;
  return version === undefined || madeAt === undefined ? { since } : { since, key: { version, madeAt } };
}

/** The form of it; a secret that somebody else labelled has none before its first rotation, which leaves a history. */
export const MANAGED_SINCE_FORM: Form<ManagedSince | null> = {
  annotation: MANAGED_SINCE_ANNOTATION,
  absent: null,
  ...jsonForm<ManagedSince>({
    read: (text) => readingOf(read(text)),
    json: ({ since, key }) => ({
      v: 1,
      since: isoOf(since),
      ...(key === undefined ? {} : { version: key.version, madeAt: isoOf(key.madeAt) }),
    }),
  }),
};
