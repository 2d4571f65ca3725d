import { isRecord } from './json.ts';
import { isoOf, parseInstant, type Instant } from './time.ts';

/** What was read, boxed so that an absent optional value differs from one that is not understood. */
interface Read<T> {
  readonly value: T;
}

/** Reads one foreign value, or answers `undefined` when it is not what it should be. */
export type Decoder<T> = (value: unknown) => Read<T> | undefined;

export const text: Decoder<string> = (value) => (typeof value === 'string' ? { value } : undefined);

export const flag: Decoder<boolean> = (value) => (typeof value === 'boolean' ? { value } : undefined);

/** A whole number from 0 on, such as a version or a number of tries. */
export const count: Decoder<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? { value } : undefined;

export const moment: Decoder<Instant> = (value) => {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  return instant === undefined ? undefined : { value: instant };
};

/** A word of a closed set. */
export function oneOf<const T extends string>(set: readonly T[]): Decoder<T> {
  return (value) => {
    const found = set.find((word) => word === value);
    return found === undefined ? undefined : { value: found };
  };
}

/** A field that may be missing; one that is there must still be right. */
export function maybe<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value) => (value === undefined ? { value } : decoder(value));
}

export function listOf<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items = value.map(decoder).filter((item) => item !== undefined);
    return items.length === value.length ? { value: items.map((item) => item.value) } : undefined;
  };
}

/** An object with fields of any names, each of the same kind. */
export function fieldsOf<T>(decoder: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isRecord(value)) return undefined;
    const fields = Object.entries(value).flatMap(([name, field]) => {
      const read = decoder(field);
      return read === undefined ? [] : [[name, read.value] as const];
    });
    return fields.length === Object.keys(value).length ? { value: Object.fromEntries(fields) } : undefined;
  };
}

type Shape<T> = { readonly [Field in keyof T]-?: Decoder<T[Field]> };

/** An object with these fields; fields that are not named are dropped, so that a newer release may add some. */
export function shaped<T extends object>(shape: Shape<T>): Decoder<T> {
  return (value) => {
    if (!isRecord(value)) return undefined;
    const fields: [string, unknown][] = [];
    for (const [name, decoder] of Object.entries<Decoder<unknown>>(shape)) {
      const read = decoder(value[name]);
      if (read === undefined) return undefined;
      if (read.value !== undefined) fields.push([name, read.value]);
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was read by the decoder its type names
    return { value: Object.fromEntries(fields) as T };
  };
}

/** Moments as annotations hold them; absent ones are left out. */
export function isoFields(moments: Readonly<Record<string, Instant | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(moments).flatMap(([name, at]) => (at === undefined ? [] : [[name, isoOf(at)]])),
  );
}
