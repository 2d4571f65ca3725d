import { moment } from '../values/decode.ts';
import { parseRecord } from '../values/json.ts';
import { isoOf, type Instant } from '../values/time.ts';
import { jsonForm, readingOf, type Form } from './form.ts';

/** Annotation that a secret keeps when it loses its label: `{"v":1,"since":"2027-01-15T08:00:00.000Z"}`. */
const MANAGED_SINCE_ANNOTATION = 'key-warden.managed-since';

/** Since when a secret is under care, as far as we put it there. */
export interface ManagedSince {
  readonly since: Instant;
}

function read(text: string): ManagedSince | undefined {
  const value = parseRecord(text);
  const since = value?.['v'] === 1 ? moment(value['since']) : undefined;
  return since && { since: since.value };
}

/** The form of it; a secret that somebody else labelled has none before its first rotation, which leaves a history. */
export const MANAGED_SINCE_FORM: Form<ManagedSince | null> = {
  annotation: MANAGED_SINCE_ANNOTATION,
  absent: null,
  ...jsonForm<ManagedSince>({
    read: (text) => readingOf(read(text)),
    json: ({ since }) => ({ v: 1, since: isoOf(since) }),
  }),
};
