import { isJsonObject, type JsonObject } from '../wire/rest/json-body.ts';
import { maskedOver } from '../wire/rest/masked.ts';
import type { Kind } from './kinds.ts';

/** The wanted fields after a write. A job takes no mask: the whole of it is replaced. */
export function masked(kind: Kind, before: JsonObject, sent: JsonObject, mask: string): JsonObject {
  const own = Object.fromEntries(Object.entries(sent).filter(([field]) => !kind.ownFields.includes(field)));
  return maskedOver(before, own, kind.masked ? mask : '');
}

/** Whether two JSON values say the same, whatever the order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      isJsonObject(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}
