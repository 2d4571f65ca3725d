import { Buffer } from 'node:buffer';
import { ApiError } from '../api-error.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import { parseMicros, type Micros } from './micros.ts';

/** What is wrong with a request, and at which field; `field` is empty at the root. */
interface Flaw {
  readonly field: string;
  readonly description: string;
}

/**
 * Reads one value of protobuf's JSON form found at the path `at` (`secret.labels`, empty at the root). What it cannot
 * read it describes in `flaws` and answers `undefined`; so does JSON `null`, which means "not set".
 */
export type Reader<T> = (value: unknown, at: string, flaws: Flaw[]) => T | undefined;

/** What a reader makes of a value. */
export type Of<R> = R extends Reader<infer T> ? T : never;

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { readonly [K in keyof F]?: Exclude<ReturnType<F[K]>, undefined> };

/** Reads the root message or throws INVALID_ARGUMENT listing everything wrong with it, as Google's front end does. */
export function readRoot<T>(reader: Reader<T>, value: unknown): T {
  const flaws: Flaw[] = [];
  const read = reader(value, '', flaws);
  if (flaws.length === 0 && read !== undefined) return read;
  throw badRequest(flaws);
}

/** INVALID_ARGUMENT in Google's words, with the `BadRequest` detail that names each field. */
export function badRequest(flaws: readonly Flaw[]): ApiError {
  const fieldViolations = flaws.map(({ field, description }) => ({ ...(field !== '' && { field }), description }));
  return new ApiError('INVALID_ARGUMENT', flaws.map(({ description }) => description).join('\n'), [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations },
  ]);
}

/**
 * A message whose fields are named in lowerCamelCase and accepted in snake_case too. Of each `oneofs` group only one
 * member may be set. Unknown names are refused. `type` is its full protobuf name, for the refusal of another type.
 */
export function message<F extends Fields>(
  type: string,
  fields: F,
  oneofs?: Readonly<Record<string, readonly (keyof F & string)[]>>,
): Reader<Read<F>>;
export function message(
  type: string,
  fields: Fields,
  oneofs: Readonly<Record<string, readonly string[]>> = {},
): Reader<JsonObject> {
  return (value, at, flaws) => {
    if (value === null) return undefined;
    if (!isJsonObject(value)) return refused(value, at, `type.googleapis.com/${type}`, flaws);
    const read: Record<string, unknown> = {};
    for (const [sent, inner] of Object.entries(value)) {
      const name = camelCase(sent);
      const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (reader === undefined) {
        flaws.push(unknownName(sent, at, 'Cannot find field.'));
        continue;
      }
      const field = reader(inner, `${at === '' ? '' : `${at}.`}${snakeCase(name)}`, flaws);
      if (field === undefined) continue;
      for (const [group, members] of Object.entries(oneofs)) {
        if (!members.includes(name) || !members.some((member) => member in read)) continue;
        const description = `Invalid value at '${at}' (oneof), oneof field '${group}' is already set. Cannot set '${name}'`;
        flaws.push({ field: at, description });
      }
      read[name] = field;
    }
    return read;
  };
}

export const text: Reader<string> = (value, at, flaws) => {
  if (value === null || typeof value === 'string') return value ?? undefined;
  return refused(value, at, 'TYPE_STRING', flaws);
};

/** int64: a JSON number or a decimal string. Beyond 2^53 the nearest number is taken. */
export const integer: Reader<number> = (value, at, flaws) => {
  if (value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return Number(value);
  return refused(value, at, 'TYPE_INT64', flaws);
};

/** int32: page sizes, deadlines, counts. */
export const smallInteger: Reader<number> = (value, at, flaws) => {
  if (value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && Math.abs(number) < 2 ** 31) return number;
  return refused(value, at, 'TYPE_INT32', flaws);
};

/** A query has it as text; gcloud writes `True` and `False`. */
export const flag: Reader<boolean> = (value, at, flaws) => {
  if (value === null || typeof value === 'boolean') return value ?? undefined;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return refused(value, at, 'TYPE_BOOL', flaws);
};

/** Standard or URL-safe base64. The refusal leaves the value out: it may be somebody's key. */
export const bytes: Reader<Buffer> = (value, at, flaws) => {
  if (value === null) return undefined;
  if (typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value) && value.replace(/=+$/, '').length % 4 !== 1)
    return Buffer.from(value, 'base64');
  if (typeof value === 'object') return refused(value, at, 'TYPE_BYTES', flaws);
  flaws.push({ field: at, description: `Invalid value at '${at}' (TYPE_BYTES), Base64 decoding failed` });
  return undefined;
};

export const timestamp: Reader<Micros> = (value, at, flaws) => {
  if (value === null) return undefined;
  const moment = typeof value === 'string' ? parseMicros(value) : undefined;
  return moment ?? refused(value, at, 'type.googleapis.com/google.protobuf.Timestamp', flaws);
};

/** A duration in seconds, written `"86400s"`. */
export const duration: Reader<number> = (value, at, flaws) => {
  if (value === null) return undefined;
  if (typeof value === 'string' && /^-?\d{1,12}(\.\d{1,9})?s$/.test(value)) return Number(value.slice(0, -1));
  return refused(value, at, 'type.googleapis.com/google.protobuf.Duration', flaws);
};

/** A field that is accepted and not looked at: output only, or of no consequence here. */
export const anything: Reader<unknown> = (value) => value ?? undefined;

/** An enum by name or by number, which a query has as text. `type` is its full protobuf name. */
export function oneOf<Name extends string>(type: string, names: Readonly<Record<Name, number>>): Reader<Name> {
  const known = Object.keys(names).filter((name): name is Name => Object.hasOwn(names, name));
  return (value, at, flaws) => {
    if (value === null) return undefined;
    const found = known.find((name) => name === value || names[name] === value || String(names[name]) === value);
    return found ?? refused(value, at, `type.googleapis.com/${type}`, flaws);
  };
}

/** A single value stands for a list of one, as in the Gemini API's own examples (`"parts": {"text": …}`). */
export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, at, flaws) => {
    if (value === null) return undefined;
    if (!Array.isArray(value)) {
      const only = item(value, at, flaws);
      return only === undefined ? [] : [only];
    }
    return value.flatMap((entry: unknown, index): readonly T[] => {
      const read = item(entry, `${at}[${index}]`, flaws);
      return read === undefined ? [] : [read];
    });
  };
}

export function mapOf<T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at, flaws) => {
    if (value === null) return undefined;
    if (!isJsonObject(value)) return refused(value, at, 'map', flaws);
    const entries = Object.entries(value).flatMap(([key, inner], index): [string, T][] => {
      const read = item(inner, `${at}[${index}].value`, flaws);
      return read === undefined ? [] : [[key, read]];
    });
    return Object.fromEntries(entries);
  };
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function refused(value: unknown, at: string, type: string, flaws: Flaw[]): undefined {
  if (typeof value === 'object') flaws.push(misplaced(at, value));
  else flaws.push({ field: at, description: `Invalid value at '${at}' (${type}), ${shown(value)}` });
  return undefined;
}

/** A list or an object where the field takes neither. */
function misplaced(at: string, value: unknown): Flaw {
  const [, where = '', name = ''] = /^(?:(.*)\.)?([^.]*)$/s.exec(at) ?? [];
  if (Array.isArray(value)) return unknownName(name, where, 'Proto field is not repeating, cannot start list.');
  const place = where === '' ? '' : ` at '${where}'`;
  return { field: where, description: `Invalid value${place} (${name}), Starting an object on a scalar field` };
}

function unknownName(name: string, where: string, why: string): Flaw {
  const place = where === '' ? '' : ` at '${where}'`;
  return { field: where, description: `Invalid JSON payload received. Unknown name "${name}"${place}: ${why}` };
}

/** Google repeats the value whole; here it ends after 200 characters. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').slice(0, 200);
}
